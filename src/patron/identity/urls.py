"""The addresses of signing in: those of allauth's that Patron uses, and no others (people do not sign up, and an address is changed by an administrator)."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from patron.identity.entrance import page

urlpatterns = [
    path("login/", page(account.login), name="account_login"),
    path("logout/", page(account.logout), name="account_logout"),
    path("inactive/", page(account.account_inactive), name="account_inactive"),
    path("signup/", page(account.signup), name="account_signup"),
    path("reauthenticate/", page(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", page(account.password_change), name="account_change_password"),
    path("password/set/", page(account.password_set), name="account_set_password"),
    path("password/reset/", page(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", page(account.password_reset_done), name="account_reset_password_done"),
    path("password/reset/key/done/", page(account.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", page(account.password_reset_from_key), name="account_reset_password_from_key"
    ),
    path("security/", page(mfa.index), name="mfa_index"),
    path("2fa/", page(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("app/add/", page(totp.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", page(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", page(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", page(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("passkeys/", page(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", page(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/login/", page(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/reauthenticate/", page(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/edit/", page(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", page(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("sessions/", page(sessions.list_usersessions), name="usersessions_list"),
]
