"""How allauth behaves in Patron: people are invited by an administrator, nobody signs up from outside."""

from __future__ import annotations

import logging
import time
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

log = logging.getLogger(__name__)

#: Mails that are never sent: one to an address without an account would let anybody send mail through us to anybody.
SILENT = frozenset({"account/email/unknown_account", "account/email/account_already_exists"})
#: What a person is told by mail about their own sign-in, by allauth's template name.
NOTICES: dict[str, Any] = {
    "account/email/password_changed": _("Your password was changed"),
    "account/email/password_reset": _("Your password was reset"),
    "account/email/password_set": _("A password was set for your sign-in"),
    "mfa/email/totp_activated": _("An authenticator app was added to your sign-in"),
    "mfa/email/totp_deactivated": _("The authenticator app was removed from your sign-in"),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your sign-in"),
    "mfa/email/webauthn_added": _("A passkey was added to your sign-in"),
    "mfa/email/webauthn_removed": _("A passkey was removed from your sign-in"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Plain words, waiting times that are said, and e-mail addresses that are known to be real because an invitation arrived there."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This sign-in is switched off. Ask an administrator of your workspace."),
        "email_password_mismatch": _("The e-mail address or password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right. Codes change every 30 seconds: enter the one that shows now."),
        "incorrect_password": _("The password is not right."),
        "invalid_password_reset": _("This link was used already, or is too old. Ask for a new one."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """A workspace is joined by invitation."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names: people sign in by e-mail."""

    # --- Failed tries ---------------------------------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse after too many failures, and say for how long."""
        self._key = self._get_login_attempts_cache_key(request, **credentials)
        super().pre_authenticate(request, **credentials)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The message for a code; a wrong password says how many tries are left, a lock-out how long it lasts."""
        key = getattr(self, "_key", None)
        if key and code in ("email_password_mismatch", "incorrect_password", "too_many_login_attempts"):
            left, minutes = _tries(self.request, key)
            if not left:
                return ValidationError(locked(minutes), code="too_many_login_attempts")
            if code == "email_password_mismatch":
                tries = ngettext("You have %(num)d try left.", "You have %(num)d tries left.", left) % {"num": left}
                return ValidationError(f"{self.error_messages[code]} {tries}", code=code)
        return super().validation_error(code, *args)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether it is the user's password; counted like a sign-in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    # --- Signing in -----------------------------------------------------------------------------------------------------

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """allauth wants to know the address as verified before it lets a person add a second factor."""
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if response is None:
            know_address(user)
        return response

    # --- Words ----------------------------------------------------------------------------------------------------------

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, message: str | None = None, **kwargs: Any) -> None:
        """Only what went wrong is carried to the next page; what worked is to be seen there anyway."""
        if level >= messages.ERROR and message:
            messages.add_message(request, level, message)

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, or write to the log why not: an answer that differs would tell strangers whose address has an account."""
        if template_prefix in SILENT:
            return
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            log.exception("mail %s could not be sent", template_prefix)

    def send_notification_mail(self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None) -> None:
        """Tell the person what happened to their own sign-in; a mail that cannot be sent does not undo it."""
        what = NOTICES.get(template_prefix)
        if what is None:
            return
        details = {"what": what, "user": user, "address": self.get_client_ip(self.request), "browser": self.get_http_user_agent(self.request)[:200]}
        self.render_mail("account/email/notice", email or user.email, {**details, "request": self.request}).send(fail_silently=True)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor in plain words."""

    error_messages: ClassVar[dict[str, Any]] = {**DefaultMFAAdapter.error_messages, "incorrect_code": AccountAdapter.error_messages["incorrect_code"]}

    def _get_site_name(self) -> str:
        return "Patron"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a new passkey is called until its owner says otherwise: where it was made."""
        return _now("Passkey on %(system)s") % {"system": system_of(self_agent())}


def know_address(user: Any) -> None:
    """Keep allauth's table of addresses in step: the user's own, verified since an administrator's invitation or command named it."""
    wanted = {"email": user.email.lower(), "verified": True, "primary": True}
    known = EmailAddress.objects.filter(user_id=user.pk).values("email", "verified", "primary")
    if list(known) == [wanted]:
        return
    EmailAddress.objects.filter(user_id=user.pk).exclude(email=wanted["email"]).delete()
    EmailAddress.objects.update_or_create(user=user, email=wanted["email"], defaults={"verified": True, "primary": True})


def locked(minutes: int) -> str:
    """What a person reads who has to wait."""
    return ngettext("Too many tries. Wait %(num)d minute, then try again, or set a new password.", "Too many tries. Wait %(num)d minutes, then try again, or set a new password.", minutes) % {"num": minutes}


def _tries(request: HttpRequest, key: str) -> tuple[int, int]:
    """How many tries are left for the key and the client, and the minutes until there is one again."""
    left, seconds, now = 1_000, 0.0, time.time()
    for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
        history = cache.get(ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key), [])
        recent = sorted(at for at in history if at > now - rate.duration)
        left = min(left, max(0, rate.amount - len(recent)))
        if len(recent) >= rate.amount:
            seconds = max(seconds, recent[len(recent) - rate.amount] + rate.duration - now)
    return left, max(1, -int(-seconds // 60))


def self_agent() -> str:
    """The browser of the running request."""
    return str(context.request.META.get("HTTP_USER_AGENT", ""))


_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS", "Mac"), ("Linux", "Linux"))
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


def system_of(agent: str) -> str:
    """The system that a browser runs on, in a word."""
    return next((name for mark, name in _SYSTEMS if mark in agent), _now("this device"))


def browser_of(agent: str) -> str:
    """A browser's user agent as a person would say it: "Chrome on Linux"."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser and system:
        return _now("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _now("Unknown browser")
