"""Forms about households and their rosters."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lastmetre.ground.places.forms.choices import choices
from lastmetre.ground.places.import_rules import KEEP, TAKE_FILE
from lastmetre.ground.places.queries.imports import WholeReview
from lastmetre.ground.places.rules import NAME_LENGTH, NEED_NAMES, NOTE_LENGTH, PERSON_LENGTH
from lastmetre.reading.cell_values import phone as phone_in
from lastmetre.reading.folding import fold

LEAVE = _("Leave empty to keep what is there.")


class PhoneField(forms.CharField):
    """A telephone number as people write it, cleaned to its digits; anything else is refused."""

    def clean(self, value: Any) -> str:
        """Return the digits of a number that can be dialled, '' for none."""
        typed = str(super().clean(value)).strip()
        found, digits = phone_in(typed), re.sub(r"\D", "", fold(typed))
        if typed and not found:
            raise forms.ValidationError(_("This is no telephone number."))
        if digits not in (found, f"86{found}"):
            raise forms.ValidationError(_("Write one number only, without an extension."))
        return found


class HouseholdForm(forms.Form):
    """What is known of a household. Personal values that are there are not shown: empty keeps them."""

    room = forms.CharField(label=_("Room"), max_length=NAME_LENGTH)
    name = forms.CharField(label=_("Name"), required=False, max_length=PERSON_LENGTH)
    phone = PhoneField(label=_("Phone"), required=False, max_length=30)
    head_count = forms.IntegerField(label=_("People"), required=False, min_value=0, max_value=99)
    floor = forms.IntegerField(label=_("Floor"), required=False, min_value=-9, max_value=200)
    change_needs = forms.BooleanField(label=_("Write the needs anew"), required=False)
    needs = forms.MultipleChoiceField(
        label=_("Needs"),
        required=False,
        choices=choices(NEED_NAMES),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Illnesses are never written down."),
    )
    note = forms.CharField(
        label=_("Note for helpers"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, is_new: bool = False, is_own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["room"], self.fields["floor"]
        if is_new:
            del self.fields["change_needs"]
        else:
            for name in ("name", "phone", "note"):
                self.fields[name].help_text = LEAVE


class UploadForm(forms.Form):
    """A roster workbook or CSV."""

    file = forms.FileField(
        label=_("Roster"),
        help_text=_("A workbook or CSV with 楼栋, 单元, 房号, 姓名, 电话, 人数 in any order."),
    )
    beside = forms.FileField(
        label=_("Roster beside a compound file"),
        required=False,
        help_text=_("Only if the file above is the compound.yaml of the steward's tool."),
    )


class ReasonForm(forms.Form):
    """Why names and phones leave the product."""

    why = forms.CharField(label=_("Reason"), max_length=200)


class ReviewForm(forms.Form):
    """What a person says of each value that differs, bound to what they saw."""

    digest = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, review: WholeReview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [change.key for change in review.roster.conflicts]
        self.fields["digest"].initial = review.digest

    def choices(self) -> dict[str, str]:
        """Return what was chosen; a choice for all stands in where none was made."""
        for_all = self.data.get("all", "")
        return {
            key: chosen
            for key in self.keys
            if (chosen := self.data.get(f"choose:{key}", for_all)) in (TAKE_FILE, KEEP)
        }
