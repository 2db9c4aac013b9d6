"""Forms at the door that allauth does not have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from patron.identity.models import User


class JoinForm(forms.Form):
    """Somebody who was invited and has no sign-in yet: how they are called, and a password."""

    name = forms.CharField(max_length=150, error_messages={"required": _("Enter your name.")})
    password = forms.CharField(strip=False, widget=forms.PasswordInput, error_messages={"required": _("Choose a password.")})

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data:
            try:
                validate_password(data["password"], User(email=self.email, name=data.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data
