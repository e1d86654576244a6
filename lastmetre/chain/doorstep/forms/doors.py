"""What is said of a door where no script runs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from lastmetre.chain.doorstep.rules import Outcome
from lastmetre.ground.protection.ids import new_id

TOLD = ("outcome", "code", "id", "undoes")


def told_by(outcome: Outcome, household: UUID, undoes: UUID | None = None) -> str:
    """Return the value of a button that says all of an event: with hundreds of doors a form each is too heavy."""
    return " ".join(str(one) for one in (outcome, household, new_id(), undoes) if one)


class TellForm(forms.Form):
    """One event of a door, with the id that the page made for it: sent twice, it counts once."""

    id = forms.UUIDField(required=False)
    code = forms.CharField(max_length=80, required=False)
    outcome = forms.ChoiceField(choices=[(one.value, one.value) for one in Outcome], required=False)
    undoes = forms.UUIDField(required=False)
    words = forms.CharField(max_length=500, required=False)
    photo = forms.FileField(required=False)
    told = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Take apart what a door's one button says (see `told_by`); the fields it names must hold all the same."""
        typed: dict[str, Any] = super().clean() or {}
        said = dict(zip(TOLD, typed.get("told", "").split(), strict=False))
        for name, value in said.items():
            try:
                typed[name] = self.fields[name].clean(value)
            except forms.ValidationError as error:
                self.add_error(name, error)
        if not typed.get("code") and "code" not in self.errors:
            self.add_error("code", self.fields["code"].error_messages["required"])
        return typed

    def key(self) -> UUID:
        """Return the id of the event; of a page that made none: a new one."""
        found: UUID | None = self.cleaned_data["id"]
        return found or new_id()
