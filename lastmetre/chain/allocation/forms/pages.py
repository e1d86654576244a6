"""What a liaison types to change a share."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _


class OverrideForm(forms.Form):
    """How much a household gets, and why."""

    quantity = forms.DecimalField(
        label=_("Gets"),
        min_value=Decimal(0),
        max_value=Decimal(10_000),
        decimal_places=3,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("One sentence, without names: everybody who checks the list reads it."),
    )
