"""What is said of a door where no script runs."""

from __future__ import annotations

from uuid import UUID

from django import forms

from lastmetre.chain.doorstep.rules import Outcome
from lastmetre.ground.protection.ids import new_id


class TellForm(forms.Form):
    """One event of a door, with the id that the page made for it: sent twice, it counts once."""

    id = forms.UUIDField(required=False)
    code = forms.CharField(max_length=80)
    outcome = forms.ChoiceField(choices=[(one.value, one.value) for one in Outcome], required=False)
    undoes = forms.UUIDField(required=False)
    words = forms.CharField(max_length=500, required=False)
    photo = forms.FileField(required=False)

    def key(self) -> UUID:
        """Return the id of the event; of a page that made none: a new one."""
        found: UUID | None = self.cleaned_data["id"]
        return found or new_id()
