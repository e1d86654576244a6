"""A form with one field of every kind."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """Every kind of field that the product uses."""

    room = forms.CharField(label=_("Room"), help_text=_("As on the door: 3-501 or 3-2-501."), max_length=20)
    phone = forms.CharField(
        label=_("Phone"), widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    )
    people = forms.IntegerField(label=_("People at home"), min_value=1, max_value=20)
    building = forms.ChoiceField(label=_("Building"), choices=[("1", "1号楼"), ("2", "2号楼")])
    when = forms.ChoiceField(
        label=_("When"), choices=[("a", _("Morning")), ("b", _("Afternoon"))], widget=forms.RadioSelect
    )
    need = forms.MultipleChoiceField(
        label=_("Needs"),
        choices=[("milk", _("Baby milk")), ("pills", _("Daily medicine"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    chain = forms.CharField(label=_("Pasted chain"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    roster = forms.FileField(label=_("Roster"), help_text=_("A workbook, at most 10 MB."), required=False)
    alone = forms.BooleanField(label=_("Lives alone"), required=False)
