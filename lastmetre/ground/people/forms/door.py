"""Forms before the door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lastmetre.ground.places.forms.households import PhoneField

PLAIN = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class PasswordForm(forms.Form):
    """The first step of signing in."""

    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "username", "autofocus": True, **PLAIN}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """The second step: a code of the authenticator, or a recovery code."""

    code = forms.CharField(
        label=_("Six-digit code"),
        max_length=20,
        help_text=_("Six digits from your authenticator app, or one of your recovery codes."),
        widget=forms.TextInput({"autocomplete": "one-time-code", "autofocus": True, **PLAIN}),
    )
    step = forms.CharField(widget=forms.HiddenInput)


class CardCodeForm(forms.Form):
    """The code on a household's card."""

    code = forms.CharField(
        label=_("Code on the card"),
        max_length=30,
        help_text=_("Twelve letters and digits in three groups, such as 23CF-9KXW-7HMR."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "autofocus": True}),
    )


class InvitationForm(forms.Form):
    """What somebody tells who follows an invitation to an account."""

    name = forms.CharField(
        label=_("Your name"), max_length=60, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = PhoneField(
        label=_("Your phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        help_text=_("3 to 40 small letters and digits, to sign in with."),
        widget=forms.TextInput({"autocomplete": "username", **PLAIN}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        help_text=_("At least 12 characters. Three or four words that nobody expects do well."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, is_known: bool = False, has_account: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["name"], self.fields["phone"]
        if has_account:
            del self.fields["username"]


class ShiftForm(forms.Form):
    """What a volunteer says before a shift: a name, and that they are fit (FC8)."""

    name = forms.CharField(
        label=_("Your name"), max_length=60, widget=forms.TextInput({"autocomplete": "name"})
    )
    is_fit = forms.TypedChoiceField(
        label=_("Do you feel well today: no fever, no cough?"),
        choices=[("yes", _("Yes, I feel well")), ("no", _("No, unwell"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    is_briefed = forms.BooleanField(label=_("I was shown how to protect myself and others"), required=False)
    tested_hours = forms.TypedChoiceField(
        label=_("When was your last negative test?"),
        choices=[
            ("12", _("In the last 12 hours")),
            ("24", _("In the last 24 hours")),
            ("48", _("In the last 48 hours")),
            ("0", _("Longer ago, or never")),
        ],
        coerce=int,
    )
