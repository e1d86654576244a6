"""What suppliers and liaisons type about an order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastmetre.chain.orders.models import Round, RoundItem
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


class ExportForm(Form):
    """What a platform exported: of several compounds, or of one."""

    file = forms.FileField(
        label=_("Export of the platform"),
        help_text=_("快团团, 群接龙 or any other, as workbook or CSV: with all compounds in it, or of one."),
    )
    round = forms.ChoiceField(label=_("Of which compound"), required=False)

    def __init__(self, rounds: Iterable[Round], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = _("the file says it row by row (服务小区)")
        named = [(str(one.pk), f"{one.place.name} · {one.title}") for one in rounds]
        self.fields["round"].choices = [("", several), *named]

    @property
    def only(self) -> UUID | None:
        """The round that was chosen; None: the file says it."""
        return UUID(self.cleaned_data["round"]) if self.cleaned_data["round"] else None
