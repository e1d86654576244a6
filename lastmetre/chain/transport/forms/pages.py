"""What people type about a vehicle, and when it comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastmetre.chain.transport.queries.drivers import Driver
from lastmetre.chain.transport.rules import UnusualPlate, Vehicle
from lastmetre.ground.goods.forms.pages import Form
from lastmetre.ground.places.forms.households import PhoneField


def _when(**kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        **kwargs,
    )


class PlateForm(Form):
    """What stands on the vehicle; asked about once where it is unusual."""

    data: Any
    plate = forms.CharField(
        label=_("Number plate"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("As on the vehicle, such as 豫A12345: the gate looks for it."),
    )
    sure_of = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def ask(self, error: UnusualPlate) -> None:
        """Show the question beside the plate; sent once more, it is the answer."""
        self.data = self.data.copy()
        self.data["sure_of"] = error.plate
        self.add_error("plate", f"{error.what.text(gettext)} {error.remedy.text(gettext)}")


class AnnounceForm(PlateForm):
    """Which vehicle brings the goods, who drives it, when it is at the gate."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    driver = forms.ChoiceField(
        label=_("Driver"),
        required=False,
        help_text=_("Whoever is chosen here sees the trip on their telephone."),
    )
    driver_name = forms.CharField(label=_("Or another driver's name"), max_length=60, required=False)
    driver_phone = PhoneField(
        label=_("And their telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    expected_at = _when(label=_("Expected at the gate"))
    is_own = forms.BooleanField(label=_("The community's own vehicle fetches the goods"), required=False)

    def __init__(self, drivers: Iterable[Driver], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms: dict[str, list[tuple[str, str]]] = {}
        for one in drivers:
            firms.setdefault(one.where, []).append((one.key, one.name))
        self.fields["driver"].choices = [("", gettext("nobody of these")), *firms.items()]

    def vehicle(self) -> Vehicle:
        """Return what was typed; the name of a chosen driver is filled in by whoever announces."""
        names = ("plate", "sure_of", "driver_name", "driver_phone", "driver", "is_own")
        return Vehicle(**{name: self.cleaned_data[name] for name in names})


class ExpectForm(Form):
    """It comes at another time."""

    expected_at = _when(label=_("Expected at the gate"))
