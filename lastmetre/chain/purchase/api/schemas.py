"""What the API of purchase takes and answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext
from ninja import Schema
from pydantic import Field

from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import units
from lastmetre.chain.purchase.actions.exports import Given
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.purchase.queries.bags import Packing
from lastmetre.chain.purchase.queries.cases import ToOrder
from lastmetre.chain.purchase.queries.orders import Standing, Work
from lastmetre.chain.purchase.queries.packing import Contents
from lastmetre.chain.purchase.rules import ShortCause

Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Quantity = Annotated[Decimal, Field(ge=0, le=10**6, decimal_places=3)]


class MoveIn(Schema):
    """What a step needs: `why` where the supplier fails, `bags_a_box` where bags go in boxes."""

    why: Words = ""
    bags_a_box: Annotated[int, Field(ge=1, le=200)] | None = None


class ShortIn(Schema):
    """How much there is, and why it is less."""

    available: Quantity
    cause: ShortCause = ShortCause.SOLD_OUT
    why: Words = ""


class PriceIn(Schema):
    """A price within the pledge."""

    price_fen: Annotated[int, Field(ge=0, le=10**8)]


class ProposeIn(Schema):
    """Another item of the round, and how much of it."""

    substitute: UUID
    quantity: Quantity


class DecideIn(Schema):
    """Taken or refused; `only_allowed`: for those who named it as their substitute."""

    accept: bool
    only_allowed: bool = True


class PhotoIn(Schema):
    """A picture in base64; the id is made by the caller."""

    id: UUID
    content: Annotated[str, Field(min_length=4, max_length=20_000_000, pattern=r"^[A-Za-z0-9+/=]*$")]


class PhotoOut(Schema):
    """A picture that is kept."""

    id: UUID


class ExportIn(Schema):
    """A platform's export in base64; `round`: all of it is of this round."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
    content: Annotated[str, Field(min_length=4, max_length=14_000_000, pattern=r"^[A-Za-z0-9+/=]*$")]
    round: UUID | None = None


class GivenOut(Schema):
    """What became of one compound's rows; `refused` says why they went nowhere."""

    compound: str
    rows: int
    round: UUID | None
    refused: str

    @classmethod
    def of(cls, one: Given) -> GivenOut:
        """Return a part of an export."""
        refused = one.refusal.text(gettext) if one.refusal else ""
        return cls(
            compound=one.compound, rows=one.rows, round=one.round.pk if one.round else None, refused=refused
        )


class ProposalOut(Schema):
    """What waits for the liaison."""

    id: UUID
    item: UUID
    quantity: Decimal


class LineOut(Schema):
    """One good of an order."""

    id: UUID
    item: UUID
    product: UUID
    name: str
    quantity: Decimal
    cases: int | None
    case_size: int | None
    wanted: Decimal
    promised: Decimal
    confirmed: Decimal | None
    short_cause: str
    asked_fen: int
    agreed_fen: int
    proposal: ProposalOut | None

    @classmethod
    def of(cls, one: Standing) -> LineOut:
        """Return a good as it stands."""
        line, waits = one.line, one.proposal
        return cls(
            id=line.pk,
            item=line.item_id,
            product=line.item.product_id,
            name=line.item.product.name,
            quantity=line.quantity,
            cases=one.cases,
            case_size=line.case_size,
            wanted=line.wanted,
            promised=one.promised,
            confirmed=line.confirmed,
            short_cause=line.short_cause,
            asked_fen=line.asked_fen,
            agreed_fen=line.agreed_fen,
            proposal=ProposalOut(id=waits.pk, item=waits.substitute_id, quantity=waits.quantity)
            if waits
            else None,
        )


class OrderOut(Schema):
    """An order, good by good."""

    id: UUID
    round: UUID
    place: UUID
    supplier: UUID
    state: str
    sent_at: datetime
    wanted_at: datetime
    lines: list[LineOut]

    @classmethod
    def of(cls, row: PurchaseOrder, lines: Sequence[Standing]) -> OrderOut:
        """Return an order."""
        return cls(
            id=row.pk,
            round=row.round_id,
            place=row.place_id,
            supplier=row.supplier_id,
            state=row.state,
            sent_at=row.sent_at,
            wanted_at=row.wanted_at,
            lines=[LineOut.of(one) for one in lines],
        )


class PickOut(Schema):
    """A good to pick."""

    name: str
    unit: str
    quantity: Decimal


class DeskOut(Schema):
    """An order on the supplier's desk."""

    id: UUID
    place: str
    title: str
    state: str
    wanted_at: datetime
    households: int
    bags: int
    waiting: int
    goods: list[PickOut]

    @classmethod
    def of(cls, work: Work) -> DeskOut:
        """Return an order with what to pick."""
        row = work.order
        return cls(
            id=row.pk,
            place=row.place.name,
            title=row.round.title,
            state=row.state,
            wanted_at=row.wanted_at,
            households=work.homes,
            bags=work.bags,
            waiting=work.waiting,
            goods=[PickOut(name=name, unit=unit, quantity=amount) for name, unit, amount in work.goods],
        )


class ToOrderOut(Schema):
    """A good that would be ordered."""

    item: UUID
    name: str
    wanted: Decimal
    quantity: Decimal
    cases: int | None
    case_size: int | None
    amount_fen: int

    @classmethod
    def of(cls, one: ToOrder) -> ToOrderOut:
        """Return a good with its whole cases."""
        return cls(
            item=one.item.pk,
            name=one.item.product.name,
            wanted=one.wanted,
            quantity=one.quantity,
            cases=one.cases.count if one.cases else None,
            case_size=one.cases.size if one.cases else None,
            amount_fen=one.amount_fen,
        )


class ContentOut(Schema):
    """So much of a good in a bag."""

    product: UUID
    quantity: Decimal


class BagOut(Schema):
    """A household's bag, packed or not."""

    household: UUID
    number: int
    code: str
    is_packed: bool
    must_pay: bool
    goods: list[ContentOut]

    @classmethod
    def of(cls, found: Packing, one: Contents, code: str) -> BagOut:
        """Return a bag."""
        key = one.household.pk
        return cls(
            household=key,
            number=found.numbers[key],
            code=code,
            is_packed=key in found.made,
            must_pay=key in found.unpaid,
            goods=[ContentOut(product=product, quantity=units(amount)) for product, amount in one.goods],
        )


class PackedOut(Schema):
    """A bag that is packed."""

    id: UUID
    number: int
    code: str

    @classmethod
    def of(cls, bag: Parcel) -> PackedOut:
        """Return a bag."""
        return cls(id=bag.pk, number=bag.number, code=bag.code)
