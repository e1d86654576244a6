"""What the API of settlement takes and answers; money in fen, goods in thousandths of a sale unit."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext
from ninja import Schema
from pydantic import AwareDatetime, Field

from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.settlement.models import Claim, Decision, Fund, Payment, StatementLine
from lastmetre.chain.settlement.queries.chase import Owing
from lastmetre.chain.settlement.queries.differences import Difference
from lastmetre.chain.settlement.queries.goods_flow import Flow
from lastmetre.chain.settlement.queries.statements import HomeMoney
from lastmetre.chain.settlement.rules import DecisionKind, How

NO_NUL = r"^[^\x00]*$"
Fen = Annotated[int, Field(ge=1, le=10_000_000, description="1 yuan is 100 fen.")]
Milli = Annotated[int, Field(ge=1, le=1_000_000_000, description="Thousandths of a sale unit.")]
Words = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
Reference = Annotated[str, Field(max_length=64, pattern=NO_NUL)]


class ClaimIn(Schema):
    """A household says that it has paid; `photo` is base64."""

    amount_fen: Fen
    reference: Reference = ""
    paid_at: AwareDatetime | None = None
    words: Words = ""
    photo: Annotated[str, Field(max_length=4_200_000, pattern=r"^[A-Za-z0-9+/=]*$")] = ""
    id: UUID | None = None


class ConfirmIn(Schema):
    """Confirm a claim by eye."""

    amount_fen: Fen | None = None
    in_cash: bool = False


class WhyIn(Schema):
    """Why."""

    why: Words = ""


class PaymentIn(Schema):
    """A payment that nobody claimed."""

    amount_fen: Fen
    how: How
    reference: Reference = ""
    id: UUID | None = None


class StatementIn(Schema):
    """A statement file: its name, and its bytes in base64."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]
    content: Annotated[str, Field(min_length=4, max_length=14_000_000, pattern=r"^[A-Za-z0-9+/=]*$")]


class SettleLineIn(Schema):
    """Whose a line is."""

    round: UUID
    household: UUID


class DecisionIn(Schema):
    """What is decided about a household's money; `carry` takes all that is open."""

    kind: DecisionKind
    amount_fen: Fen | None = None
    why: Words = ""
    cause: Cause | None = None
    fund: UUID | None = None
    id: UUID | None = None


class FundIn(Schema):
    """A gift."""

    place: UUID
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=NO_NUL)]
    donor: Annotated[str, Field(min_length=1, max_length=80, pattern=NO_NUL)]
    given_fen: Annotated[int, Field(ge=1, le=100_000_000_000)]
    id: UUID | None = None


class FundChoice(Schema):
    """Which fund pays."""

    fund: UUID


class DropIn(Schema):
    """Who leaves the batch; none named: all that owe after the time to pay."""

    households: Annotated[list[UUID], Field(max_length=5_000)] | None = None


class SpareIn(Schema):
    """What becomes of spare goods: `give` to a household, `spoil`, or `return` to the supplier."""

    product: UUID
    amount: Milli
    what: Annotated[str, Field(pattern="^(give|spoil|return)$")] = "give"
    household: UUID | None = None
    id: UUID | None = None


class EndPromiseIn(Schema):
    """Why a household does not get what it was promised."""

    household: UUID
    cause: Cause


class BillIn(Schema):
    """What the supplier asks for."""

    amount_fen: Annotated[int, Field(ge=0, le=1_000_000_000)]
    why: Words = ""
    id: UUID | None = None


class AmountIn(Schema):
    """An amount."""

    amount_fen: Fen
    id: UUID | None = None


class FlowOut(Schema):
    """One good's way through a round, in thousandths of a sale unit."""

    product: UUID
    name: str
    unit: str
    promised: int
    packed: int
    arrived: int
    delivered: int
    given: int
    returned: int
    spare: int
    owed: int
    unmet: dict[str, int]
    lost: dict[str, int]
    held: dict[str, int]

    @classmethod
    def of(cls, flow: Flow) -> FlowOut:
        """Return a good's flow."""
        numbers = ("promised", "packed", "arrived", "delivered", "given", "returned", "spare", "owed")
        return cls(
            product=flow.product.pk,
            name=flow.product.name,
            unit=flow.product.unit,
            unmet={cause.value: amount for cause, amount in flow.unmet.items()},
            lost={cause.value: amount for cause, amount in flow.lost.items()},
            held={kind.value: amount for kind, amount in flow.held.items()},
            **{name: getattr(flow, name) for name in numbers},
        )


class DifferenceOut(Schema):
    """Something that does not balance, and what to do."""

    what: str
    step: str
    state: str

    @classmethod
    def of(cls, one: Difference) -> DifferenceOut:
        """Return a difference in the caller's language."""
        return cls(what=one.what.text(gettext), step=one.step.text(gettext), state=one.state)


class BooksOut(Schema):
    """A round's books."""

    balances: bool
    goods: list[FlowOut]
    money: dict[str, int]
    open: list[DifferenceOut]


class HomeOut(Schema):
    """One household's money."""

    household: UUID
    home: str
    bill_fen: int
    paid_fen: int
    fund_fen: int
    other_fen: int
    due_fen: int

    @classmethod
    def of(cls, one: HomeMoney) -> HomeOut:
        """Return a household's money, without its name."""
        numbers = ("bill_fen", "paid_fen", "fund_fen", "other_fen", "due_fen")
        values = {name: getattr(one, name) for name in numbers}
        return cls(household=one.home.id, home=one.home.home, **values)


class OwingOut(Schema):
    """A household that has not paid; masked."""

    household: UUID
    home: str
    name: str
    phone_tail: str
    due_fen: int
    claims: list[UUID]
    doubts: list[str]
    stays: str

    @classmethod
    def of(cls, one: Owing) -> OwingOut:
        """Return who owes, masked."""
        return cls(
            household=one.home.id,
            home=one.home.home,
            name=one.home.name,
            phone_tail=one.home.phone_tail,
            due_fen=one.due_fen,
            claims=[claim.pk for claim in one.claims],
            doubts=[doubt.text(gettext) for doubt in one.doubts],
            stays=one.stays.text(gettext) if one.stays else "",
        )


class ClaimOut(Schema):
    """A claim."""

    id: UUID
    household: UUID
    amount_fen: int
    state: str
    made_at: AwareDatetime

    @classmethod
    def of(cls, row: Claim) -> ClaimOut:
        """Return a claim."""
        return cls(
            id=row.pk,
            household=row.household_id,
            amount_fen=row.amount_fen,
            state=row.state,
            made_at=row.made_at,
        )


class PaymentOut(Schema):
    """A confirmed payment."""

    id: UUID
    household: UUID
    amount_fen: int
    how: str
    confirmed_at: AwareDatetime
    is_reversed: bool

    @classmethod
    def of(cls, row: Payment) -> PaymentOut:
        """Return a payment."""
        return cls(
            id=row.pk,
            household=row.household_id,
            amount_fen=row.amount_fen,
            how=row.how,
            confirmed_at=row.confirmed_at,
            is_reversed=row.reversed_at is not None,
        )


class LineOut(Schema):
    """A line of a statement that waits."""

    id: UUID
    app: str
    amount_fen: int
    refunded_fen: int
    paid_at: AwareDatetime
    note: str
    state: str
    ground: str
    candidates: list[UUID]

    @classmethod
    def of(cls, row: StatementLine) -> LineOut:
        """Return a line."""
        names = ("app", "amount_fen", "refunded_fen", "paid_at", "state", "ground")
        values: dict[str, Any] = {name: getattr(row, name) for name in names}
        return cls(id=row.pk, note=row.note or "", candidates=row.candidates, **values)


class ImportedOut(Schema):
    """What a statement brought."""

    new: int
    known: int
    counted: int
    waiting: int
    passed_over: int
    doubts: list[str]


class DecisionOut(Schema):
    """A decision about a household's money."""

    id: UUID
    household: UUID
    kind: str
    amount_fen: int
    state: str
    is_alone: bool

    @classmethod
    def of(cls, row: Decision) -> DecisionOut:
        """Return a decision."""
        names = ("kind", "amount_fen", "state", "is_alone")
        values: dict[str, Any] = {name: getattr(row, name) for name in names}
        return cls(id=row.pk, household=row.household_id, **values)


class FundOut(Schema):
    """A fund."""

    id: UUID
    name: str
    given_fen: int
    spent_fen: int
    is_ended: bool

    @classmethod
    def of(cls, row: Fund) -> FundOut:
        """Return a fund; its donor stays on the page."""
        return cls(
            id=row.pk,
            name=row.name,
            given_fen=row.given_fen,
            spent_fen=row.spent_fen,
            is_ended=row.ended_at is not None,
        )


class CountOut(Schema):
    """How many, or how much."""

    count: int
