"""What a household types on the order page, made into what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from lastmetre.chain.orders.actions.requests import Asked, Wish
from lastmetre.chain.orders.queries.ordering import Good, Page
from lastmetre.chain.orders.rules import Channel
from lastmetre.terms import InputError, Sentence, say

PROXY_CHANNELS = (Channel.PHONE, Channel.DOOR, Channel.PAPER)


@dataclass(frozen=True, slots=True)
class ShownGood:
    """A good with what stands in its boxes."""

    good: Good
    quantity: str
    substitutes: tuple[tuple[str, str, bool], ...]
    """(id, name, is it chosen)."""

    @property
    def is_chosen(self) -> bool:
        """Whether some of it is asked for."""
        return self.quantity not in ("", "0")


def plain(quantity: Decimal) -> str:
    """Write a quantity without needless zeros."""
    return f"{quantity.normalize():f}"


def shown_goods(
    page: Page, typed: Mapping[str, str] | None, again: Mapping[UUID, Decimal] | None
) -> list[ShownGood]:
    """Return the goods with what was typed, else what is repeated, else what stands."""
    shown = []
    for good in page.goods:
        pk = good.item.pk
        if typed is not None:
            quantity, substitute = typed.get(f"q-{pk}", ""), typed.get(f"s-{pk}", "")
        else:
            number = again.get(pk, Decimal(0)) if again is not None else good.asked
            quantity, substitute = plain(number) if number else "", str(good.substitute or "")
        others = tuple(
            (str(one.item.pk), f"{one.item.code} {one.item.product}", str(one.item.pk) == substitute)
            for one in page.goods
            if one.item.pk != pk
        )
        shown.append(ShownGood(good, quantity, others))
    return shown


def asked_from(typed: Mapping[str, str], page: Page, *, is_staff: bool) -> Asked:
    """Return what was typed as an order; raises InputError where a quantity is none."""
    wishes = []
    for good in page.goods:
        quantity = _quantity(typed.get(f"q-{good.item.pk}", ""), good.item.product.name)
        if quantity:
            wishes.append(Wish(good.item.pk, quantity, chosen_id(typed.get(f"s-{good.item.pk}", ""))))
    channel = typed.get("channel", "")
    return Asked(
        tuple(wishes),
        Channel(channel)
        if is_staff and channel in list(PROXY_CHANNELS)
        else (Channel.PHONE if is_staff else Channel.PAGE),
        note=typed.get("note", ""),
        is_proxy=is_staff,
        version=_version(typed.get("version", "")),
        exception=typed.get("exception", "")[:200] if is_staff else "",
    )


def _quantity(text: str, name: str) -> Decimal | None:
    text = text.strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise InputError(_no_number(name, text), remedy=say("Write a number such as 1 or 2."))
    return number or None


def _no_number(name: str, text: str) -> Sentence:
    return say("{name}: “{quantity}” is no quantity.", name=name, quantity=text[:20])


def chosen_id(text: str) -> UUID | None:
    """Return the id that a form's choice holds; None where nothing is chosen."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise InputError(
            say("Something chosen is not in this round."), remedy=say("Open the list again and choose.")
        ) from error


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
