"""Forms of what comes in: pasted texts, files, letters and numbers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastmetre.chain.orders.rules import CONTACT_WORDS, ContactOutcome
from lastmetre.terms import InputError


class Form(forms.Form):
    """A form in which an action's refusal can be said."""

    def refuse(self, error: InputError) -> None:
        """Say above the fields what an action refused."""
        self.add_error(None, error.text(gettext))


class PasteForm(Form):
    """A chat chain as it was copied, or the workbook of a group-buying program."""

    text = forms.CharField(
        label=_("The chain, as you copied it"),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        required=False,
        strip=False,
        max_length=2_000_000,
    )
    file = forms.FileField(label=_("Or a workbook (快团团, 群接龙, any other)"), required=False)


class KeyedForm(Form):
    """An order by letters and numbers, for somebody on the telephone or at the door."""

    keyed = forms.CharField(
        label=_("What they want: letters and numbers, such as A2 C1 D"),
        max_length=300,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    note = forms.CharField(label=_("Note for the packer"), max_length=200, required=False)
    is_proxy = forms.BooleanField(label=_("Somebody else orders for this household"), required=False)
    exception = forms.CharField(
        label=_("Why it may ask again already (only where it is not its turn)"),
        max_length=200,
        required=False,
    )


class ContactForm(Form):
    """What came of a call or knock."""

    outcome = forms.ChoiceField(choices=[(one.value, one.value) for one in CONTACT_WORDS])
    id = forms.UUIDField(required=False)
    words = forms.CharField(max_length=300, required=False)

    @property
    def what(self) -> ContactOutcome:
        """The outcome that was chosen."""
        return ContactOutcome(self.cleaned_data["outcome"])
