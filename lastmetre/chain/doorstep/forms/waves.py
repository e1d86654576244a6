"""What people type about waves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from lastmetre.chain.doorstep.rules import WAVE_LASTS

_FORMAT = "%Y-%m-%dT%H:%M"


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_FORMAT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[_FORMAT, "%Y-%m-%d %H:%M"])


class WaveForm(forms.Form):
    """When the carts go, and whether a picture is wanted at each door."""

    starts_at = _moment(_("The carts go at"))
    ends_at = _moment(_("Addresses are shown until"))
    needs_photo = forms.BooleanField(label=_("A picture of the bag at each door"), required=False)


def usual_times(now: datetime) -> dict[str, datetime]:
    """Return what a wave begins with: now, for three hours."""
    return {"starts_at": localtime(now), "ends_at": localtime(now + WAVE_LASTS)}


class PickupForm(forms.Form):
    """Until when residents may come down."""

    until = _moment(_("To be fetched until"))
