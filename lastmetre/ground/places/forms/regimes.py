"""Forms about regimes and responses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lastmetre.ground.places.forms.choices import RowField, choices
from lastmetre.ground.places.models import Regime
from lastmetre.ground.places.rules import MODE_NAMES, NAME_LENGTH, RISK_NAMES, HandOver

_MOMENT = {"type": "datetime-local"}
_FORMAT = "%Y-%m-%dT%H:%M"


def regime_name(regime: Regime) -> str:
    """Return a regime's name in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return regime.name_en if is_english and regime.name_en else regime.name


class ChangeForm(forms.Form):
    """Putting a place under a regime."""

    regime = RowField(Regime.objects.none(), label=_("Regime"), empty_label=None)
    risk = forms.ChoiceField(label=_("Risk"), choices=choices(RISK_NAMES))
    starts_at = forms.DateTimeField(
        label=_("From"),
        required=False,
        widget=forms.DateTimeInput(attrs=_MOMENT, format=_FORMAT),
        help_text=_("Empty: from now on."),
    )
    ends_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs=_MOMENT, format=_FORMAT),
        help_text=_("Empty: until something else is decided."),
    )
    notice = forms.CharField(
        label=_("Notice"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What residents read: why, from when, what they can do."),
    )
    also_below = forms.BooleanField(label=_("Also end what places within have of their own"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regime"].queryset = Regime.objects.all()
        self.fields["regime"].label_from_instance = regime_name


class LiftForm(forms.Form):
    """Why a place's own regime ends."""

    why = forms.CharField(label=_("Reason"), max_length=200)


class RegimeForm(forms.Form):
    """The rules of a regime of one's own."""

    code = forms.SlugField(label=_("Code word"), max_length=20, help_text=_("Letters, digits, underscores."))
    name = forms.CharField(label=_("Called"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=40, required=False)
    strictness = forms.IntegerField(
        label=_("Strictness"), min_value=0, max_value=9, help_text=_("0 open, 3 sealed.")
    )
    supply_modes = forms.MultipleChoiceField(
        label=_("How goods reach people"), choices=choices(MODE_NAMES), widget=forms.CheckboxSelectMultiple
    )
    request_every_days = forms.IntegerField(
        label=_("A household may order once in so many days"), required=False, min_value=1, max_value=30
    )
    outing_every_days = forms.IntegerField(
        label=_("A household may go out once in so many days"), required=False, min_value=1, max_value=30
    )
    outing_persons = forms.IntegerField(
        label=_("Persons who may go out"),
        required=False,
        min_value=0,
        max_value=20,
        help_text=_("0: nobody. Empty: no limit."),
    )
    hand_over = forms.ChoiceField(
        label=_("How bags are handed over"),
        choices=[
            (str(HandOver.DOOR), _("Carried to the door")),
            (str(HandOver.PICKUP), _("Fetched at the delivery point")),
        ],
    )
    shop_capped = forms.BooleanField(label=_("Shops let in a limited number"), required=False)


class ResponseForm(forms.Form):
    """Opening a response."""

    name = forms.CharField(
        label=_("Called"), max_length=NAME_LENGTH, help_text=_("For example “Spring 2026, Erqi District”.")
    )


class EraseForm(forms.Form):
    """The second confirmation of an erasure: its name, typed."""

    typed_name = forms.CharField(label=_("Type the name of the response"), max_length=100)
    is_understood = forms.BooleanField(
        label=_("I understand that nobody can ever read these names, phones and notes again.")
    )
