"""What people type at a gate, made into what actions take."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import milli
from lastmetre.ground.goods.forms.pages import Form


class DamageForm(Form):
    """How much of a bag is damaged: one field a good."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    is_all = forms.BooleanField(label=_("All of the bag is damaged"), required=False)
    words = forms.CharField(label=_("What happened"), max_length=200, required=False)
    photo = forms.FileField(
        label=_("Picture of the damage"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def __init__(self, bag: Parcel, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goods = {f"q-{one.product_id}": one for one in bag.items.all() if one.amount}
        for name, one in self.goods.items():
            self.fields[name] = forms.DecimalField(
                label=f"{one.product.name}（{one.product.unit}）",
                required=False,
                min_value=0,
                max_digits=9,
                decimal_places=3,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "min": "0"}),
            )
        self.order_fields([*self.goods, "is_all", "words", "photo"])

    def contents(self) -> dict[UUID, int] | None:
        """Return the damaged amounts in thousandths of a unit; None: all of the bag."""
        given = self.cleaned_data
        if given["is_all"]:
            return None
        return {one.product_id: milli(given[name]) for name, one in self.goods.items() if given.get(name)}

    def picture(self) -> bytes:
        """Return the picture's bytes; b"" where none was taken."""
        file = self.cleaned_data["photo"]
        return bytes(file.read()) if file else b""
