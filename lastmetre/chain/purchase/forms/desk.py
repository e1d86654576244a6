"""What suppliers and liaisons type about an order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastmetre.chain.orders.models import RoundItem
from lastmetre.chain.purchase.rules import SHORT_WORDS, ShortCause
from lastmetre.ground.goods.forms.pages import Form, YuanField

_DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


class ShortForm(Form):
    """There is less than was asked for."""

    available = forms.DecimalField(
        label=_("How much there is"),
        min_value=0,
        max_digits=9,
        decimal_places=3,
        widget=forms.TextInput(attrs=_DECIMAL),
        help_text=_("Not what is missing: what you have. 0 where there is none."),
    )
    cause = forms.ChoiceField(label=_("Why"))
    why = forms.CharField(label=_("More about it"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = [
            (one.value, words.text(gettext)) for one, words in SHORT_WORDS.items()
        ]

    def given(self) -> dict[str, Any]:
        """Return what `mark_short` takes."""
        return self.cleaned_data | {"cause": ShortCause(self.cleaned_data["cause"])}


class PriceForm(Form):
    """Another price, within the pledge."""

    price_fen = YuanField(label=_("New price (yuan)"))


class ProposeForm(Form):
    """Another good of the round in place of one that is short."""

    substitute = forms.ChoiceField(label=_("What instead"))
    quantity = forms.DecimalField(
        label=_("How much of it"),
        min_value=0,
        max_digits=9,
        decimal_places=3,
        widget=forms.TextInput(attrs=_DECIMAL),
        help_text=_("One in place of one; as many as are short, or fewer."),
    )

    def __init__(self, items: Iterable[RoundItem], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitute"].choices = [(str(one.pk), f"{one.code} {one.product.name}") for one in items]

    def given(self) -> dict[str, Any]:
        """Return what `propose_substitute` takes."""
        return self.cleaned_data | {"substitute": UUID(self.cleaned_data["substitute"])}


class PackForm(Form):
    """One bag is packed; with a picture where somebody takes one."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    photo = forms.FileField(
        label=_("Picture of the goods"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=_("The household sees it beside what it has to pay."),
    )


class BoxesForm(Form):
    """All bags are packed; in boxes where the round goes in boxes."""

    bags_a_box = forms.IntegerField(
        label=_("Bags a box"),
        min_value=1,
        max_value=200,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
