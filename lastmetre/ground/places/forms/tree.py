"""Forms about places of the tree and what compounds have."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lastmetre.ground.places.forms.choices import RowField, choices, lines, said_parts
from lastmetre.ground.places.models import Compound, Place
from lastmetre.ground.places.rules import (
    ADDRESS_PARTS,
    COMPOUND_KINDS,
    KIND_NAMES,
    NAME_LENGTH,
    NEED_NAMES,
    POINT_NAMES,
    Need,
    PlaceKind,
    kinds_within,
)

_MOST_AT_ONCE = 500
_RANGE = re.compile(r"(\d{1,5})\s*[-~至到]\s*(\d{1,5})(\D{0,10})")
_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class Position(forms.Form):
    """Where something is, in degrees; both or neither."""

    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)

    def clean(self) -> dict[str, Any]:
        """Refuse half a position."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if (values.get("longitude") is None) != (values.get("latitude") is None):
            self.add_error("latitude", _("Give both longitude and latitude, or neither."))
        return values


class PlaceForm(Position):
    """Name, aliases, position; for a building or unit also its stairs."""

    name = forms.CharField(label=_("Called"), max_length=NAME_LENGTH)
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What people also call it, one a line: they are understood in orders."),
    )
    lane = forms.CharField(label=_("Lane (弄)"), required=False, max_length=20)
    floors = forms.IntegerField(label=_("Floors"), required=False, min_value=1, max_value=200)
    has_lift = forms.BooleanField(label=_("There is a lift"), required=False)
    field_order = ("name", "aliases", "lane", "floors", "has_lift", "longitude", "latitude")

    def __init__(self, *args: Any, kind: PlaceKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind is not PlaceKind.BUILDING:
            del self.fields["lane"]
        if kind not in (PlaceKind.BUILDING, PlaceKind.UNIT):
            del self.fields["floors"], self.fields["has_lift"]

    def place_values(self) -> dict[str, Any]:
        """Return what `edit_place` takes."""
        values = self.cleaned_data
        return {
            "name": values["name"],
            "aliases": lines(values["aliases"]),
            "longitude": values["longitude"],
            "latitude": values["latitude"],
        }


class AddForm(forms.Form):
    """Places of one kind within another, several at once."""

    kind = forms.ChoiceField(label=_("What"))
    names = forms.CharField(
        label=_("Names"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line. “1-8” makes eight, “1-8号楼” too."),
    )

    def __init__(self, *args: Any, parent: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in kinds_within(PlaceKind(parent.kind)) if kind is not PlaceKind.HOUSEHOLD]
        self.fields["kind"].choices = choices(KIND_NAMES, kinds)
        if PlaceKind(parent.kind) in COMPOUND_KINDS:
            self.fields["kind"].initial = PlaceKind.BUILDING

    def clean_names(self) -> list[str]:
        """Spell out ranges."""
        names: list[str] = []
        for line in lines(self.cleaned_data["names"]):
            found = _RANGE.fullmatch(line)
            first, last = (int(found[1]), int(found[2])) if found else (0, -1)
            names += [f"{number}{found[3]}" for number in range(first, last + 1)] if found else [line]
            if len(names) > _MOST_AT_ONCE or last - first > _MOST_AT_ONCE:
                raise forms.ValidationError(_("Add 500 places at once at most."))
        return names


class MoveForm(forms.Form):
    """Where a place goes."""

    to = RowField(Place.objects.none(), label=_("Into"), help_text=_("Everything in it goes along."))

    def __init__(self, *args: Any, targets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = targets


class EndForm(forms.Form):
    """Why a place is no longer in use."""

    why = forms.CharField(label=_("Reason"), max_length=200)


class CompoundForm(forms.ModelForm):
    """How addresses are written in a compound, and what its people can carry."""

    lanes = forms.CharField(
        label=_("Lanes (弄)"), required=False, help_text=_("Lane numbers of the compound, with commas.")
    )
    two_parts = forms.ChoiceField(label=_("What 3-501 means"))
    three_parts = forms.ChoiceField(label=_("What 7-2-903 means"))

    class Meta:
        model = Compound
        fields = ("lanes", "two_parts", "three_parts", "hands_per_wave", "waves_per_day", "doors_per_hour")
        labels = {
            "hands_per_wave": _("People who carry in a wave"),
            "waves_per_day": _("Waves a day"),
            "doors_per_hour": _("Doors an hour and person"),
        }
        help_texts = {
            "doors_per_hour": _("30 when each household is phoned, more when bags are only set down."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["lanes"] = "、".join(self.instance.lanes)
        for name, count in (("two_parts", 2), ("three_parts", 3)):
            orders = dict.fromkeys(["-".join(parts) for parts in permutations(ADDRESS_PARTS, count)])
            # The usual ones first: the room stands last.
            usual = sorted(orders, key=lambda order: (not order.endswith("room"), order))
            self.fields[name].choices = [(order, said_parts(order)) for order in usual]

    def clean_lanes(self) -> list[str]:
        """Split the lanes."""
        return lines(self.cleaned_data["lanes"])

    def _post_clean(self) -> None:
        """Write nothing here: the action does, with its line."""


class GateForm(Position):
    """A gate."""

    name = forms.CharField(label=_("Called"), max_length=NAME_LENGTH)
    opens_at = forms.TimeField(label=_("Opens"), required=False, widget=_TIME)
    closes_at = forms.TimeField(label=_("Closes"), required=False, widget=_TIME)
    takes_vehicles = forms.BooleanField(label=_("Vehicles may enter"), required=False)
    is_closed = forms.BooleanField(label=_("Closed for now"), required=False)
    field_order = ("name", "opens_at", "closes_at", "takes_vehicles", "is_closed", "longitude", "latitude")


class UnloadingPointForm(Position):
    """A point inside where vehicles unload."""

    number = forms.IntegerField(label=_("Number"), required=False, min_value=1, max_value=999)
    name = forms.CharField(label=_("Called"), max_length=NAME_LENGTH)
    gate = forms.ChoiceField(label=_("Gate"), required=False)
    route = forms.CharField(
        label=_("The way from the gate"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("number", "name", "gate", "route", "longitude", "latitude")


class PointForm(Position):
    """A point of service."""

    kind = forms.ChoiceField(label=_("What"), choices=choices(POINT_NAMES))
    name = forms.CharField(label=_("Called"), max_length=NAME_LENGTH)
    capacity = forms.IntegerField(label=_("Households it can serve in a day"), required=False, min_value=0)
    opens_at = forms.TimeField(label=_("Opens"), required=False, widget=_TIME)
    closes_at = forms.TimeField(label=_("Closes"), required=False, widget=_TIME)
    field_order = ("kind", "name", "capacity", "opens_at", "closes_at", "longitude", "latitude")


class CartForm(forms.Form):
    """A numbered cart and the stairs that it serves."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=9999)
    unit = forms.ChoiceField(label=_("Serves"), required=False)


class GridForm(forms.Form):
    """A grid area and its members."""

    name = forms.CharField(label=_("Called"), max_length=NAME_LENGTH)
    members = forms.MultipleChoiceField(
        label=_("Buildings"), required=False, widget=forms.CheckboxSelectMultiple
    )


class SurveyForm(forms.Form):
    """What a place reported of its residents (YX17)."""

    households = forms.IntegerField(label=_("Households"), required=False, min_value=0, max_value=10**7)
    people = forms.IntegerField(label=_("People"), required=False, min_value=0, max_value=10**8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for need, label in choices(NEED_NAMES):
            self.fields[f"need_{need}"] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=10**7
            )

    def needs(self) -> dict[str, int]:
        """Return the counts of needs that were filled in."""
        return {
            str(need): self.cleaned_data[f"need_{need}"]
            for need in Need
            if self.cleaned_data.get(f"need_{need}") is not None
        }
