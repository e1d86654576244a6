"""What a liaison types of a round: its goods, its times, its terms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastmetre.chain.orders.actions.changing import ItemChange
from lastmetre.chain.orders.actions.rounds import NewItem, NewRound
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import PAY_WORDS, PayRule
from lastmetre.ground.places.rules import HandOver
from lastmetre.terms import InputError

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NUMBER = forms.NumberInput(attrs={"inputmode": "decimal"})


class _When(forms.DateTimeField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


class TermsForm(forms.Form):
    """Times and terms of a round."""

    title = forms.CharField(label=_("Title"), max_length=60)
    closes_at = _When(label=_("Cut-off"))
    wave_at = _When(label=_("Carrying begins"))
    pay_rule = forms.ChoiceField(label=_("Payment"))
    pay_until = _When(label=_("Pay until"), required=False)
    hand_over = forms.ChoiceField(label=_("Handed over"))
    every_days = forms.IntegerField(
        label=_("Days between two orders of a household"), required=False, min_value=0, max_value=30,
        help_text=_("Empty: as the regime in force says."),
    )  # fmt: skip
    minimum_units = forms.IntegerField(
        label=_("The supplier comes from this many pieces on"), required=False, min_value=1, max_value=10**6
    )
    most_orders = forms.IntegerField(
        label=_("Most orders"), required=False, min_value=1, max_value=100_000,
        help_text=_("Empty: you are only warned."),
    )  # fmt: skip
    repeats_days = forms.IntegerField(
        label=_("Opens again by itself after so many days"), required=False, min_value=1, max_value=60
    )
    link = forms.URLField(label=_("The platform's page"), required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pay_rule"].choices = [(rule.value, PAY_WORDS[rule].text(gettext)) for rule in PayRule]
        self.fields["hand_over"].choices = [
            (HandOver.DOOR.value, gettext("At the door")),
            (HandOver.PICKUP.value, gettext("At the delivery point")),
        ]

    def refuse(self, error: InputError) -> None:
        """Show the sentence of a refusal above the fields."""
        self.add_error(None, error.text(gettext))


class NewRoundForm(TermsForm):
    """A new round: the goods on offer, all chosen, with what their offers say."""

    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, offers: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers
        letters = usual_letters(offers)
        for offer, letter in zip(offers, letters, strict=True):
            label = f"{letter} {offer.product} ¥{offer.price_fen / 100:.2f}"
            key = str(offer.pk)
            self.fields[f"in-{key}"] = forms.BooleanField(label=label, required=False, initial=True)
            if offer.stock is not None:
                text = gettext("{letter}: sell until the {stock} are gone").format(
                    letter=letter, stock=f"{offer.stock.normalize():f}"
                )
                self.fields[f"first-{key}"] = forms.BooleanField(label=text, required=False)
        self.order_fields(["title", *(name for name in self.fields if name.startswith(("in-", "first-")))])

    def draft(self, *, at: datetime) -> NewRound:
        """Return what was typed as a round that opens now."""
        typed = self.cleaned_data
        items = tuple(
            NewItem(
                offer.product_id,
                letter,
                offer.price_fen,
                offer=offer.pk,
                case_size=offer.case_size or offer.product.case_size,
                limit=offer.limit_per_household,
                stock=offer.stock,
                is_first_come=bool(typed.get(f"first-{offer.pk}")),
            )
            for offer, letter in zip(self.offers, usual_letters(self.offers), strict=True)
            if typed[f"in-{offer.pk}"]
        )
        terms = {name: typed[name] for name in TermsForm.base_fields}
        terms |= {"pay_rule": PayRule(terms["pay_rule"]), "hand_over": HandOver(terms["hand_over"])}
        return NewRound(opens_at=at, items=items, id=typed["id"], **terms)


def usual_letters(offers: list[Any]) -> list[str]:
    """Return a letter for each offer: the supplier's own where all have one, else A, B, C in their order."""
    own = [offer.code for offer in offers]
    if all(own) and len(set(own)) == len(own):
        return own
    return [
        LETTERS[number] if len(offers) <= len(LETTERS) else str(number + 1) for number in range(len(offers))
    ]


def usual_terms(supplier: object, hand_over: str, minimum: int | None, *, at: datetime) -> dict[str, Any]:
    """Return what a new round begins with: closed at 20:00, carried at 9:00 the next morning."""
    here = localtime(at)
    closes = here.replace(hour=20, minute=0, second=0, microsecond=0)
    if closes - here < timedelta(hours=1):
        closes += timedelta(days=1)
    wave = (closes + timedelta(days=1)).replace(hour=9)
    return {
        "title": f"{supplier} {here:%m-%d}",
        "closes_at": closes,
        "wave_at": wave,
        "pay_rule": PayRule.AFTER_PACKING.value,
        "hand_over": hand_over,
        "minimum_units": minimum,
    }


class ChangeForm(TermsForm):
    """Terms of a round that runs, and stock and limit of its goods."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: Round, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(row, name) for name in TermsForm.base_fields} | {
            "version": row.version
        }
        super().__init__(*args, **kwargs)
        self.items = list(row.items.select_related("product"))
        for item in self.items:
            name = f"{item.code} {item.product}"
            stock, limit = gettext("{good}: stock"), gettext("{good}: limit a household")
            self.fields[f"stock-{item.pk}"] = forms.DecimalField(
                label=stock.format(good=name), required=False, min_value=0, max_digits=12, decimal_places=3,
                initial=None if item.stock is None else f"{item.stock.normalize():f}", widget=_NUMBER,
            )  # fmt: skip
            self.fields[f"limit-{item.pk}"] = forms.IntegerField(
                label=limit.format(good=name), required=False, min_value=1, max_value=10_000,
                initial=item.limit,
            )  # fmt: skip

    def changes(self) -> dict[str, Any]:
        """Return the terms as typed; a time that was left as it was keeps its seconds."""
        typed = {name: self.cleaned_data[name] for name in TermsForm.base_fields}
        for name in ("closes_at", "wave_at", "pay_until"):
            known = self.initial[name]
            if known and typed[name] == known.replace(second=0, microsecond=0):
                typed[name] = known
        return typed

    def shelf(self) -> dict[UUID, ItemChange]:
        """Return stock and limit of the goods as typed."""
        typed = self.cleaned_data
        return {
            item.pk: ItemChange(typed[f"stock-{item.pk}"], typed[f"limit-{item.pk}"]) for item in self.items
        }
