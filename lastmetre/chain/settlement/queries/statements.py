"""What each household was billed, paid, was given and still has to pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum

from lastmetre.chain.ledger.models import Account, Balance, Line, Parcel, ParcelItem
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import CAUSE_WORDS, UNMET, AccountKind, Cause, price_of, units
from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.settlement.models import Decision, Payment
from lastmetre.chain.settlement.queries.bills import (
    BILLED,
    Bill,
    Step,
    bill_fen,
    bills,
    paid_by_household,
    steps,
)
from lastmetre.chain.settlement.rules import DecisionKind, DecisionState
from lastmetre.ground.goods.models import Product
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import RosterRow, door_page, doors_within, masked_row
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.many import one_of
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class HomeMoney:
    """One household's money in a round."""

    home: RosterRow
    bill_fen: int
    paid_fen: int
    fund_fen: int
    other_fen: int
    """Refunded, carried, written off."""
    due_fen: int


@dataclass(frozen=True, slots=True)
class HomesPage:
    """Some households of a round, and the cursor that continues; '' at the end."""

    rows: tuple[HomeMoney, ...]
    next: str = ""
    previous: str = ""


def households_of(row: Round) -> list[HomeMoney]:
    """Return the households of a round that the actor sees, in the order of their doors; four queries."""
    return _money_of(row, doors_billed(row), None)


def homes_page(row: Round, *, after: str = "", only_owed: bool = False) -> HomesPage:
    """Return a page of the households of a round, or of those that are owed something; five queries."""
    page = door_page(_doors_owed_money(row) if only_owed else doors_billed(row), after=after)
    shown = [home.pk for home in page.homes]
    return HomesPage(tuple(_money_of(row, page.homes, shown)), page.next)


def doors_billed(row: Round) -> QuerySet[Household]:
    """Return the households that have or had a bill in a round, in the order of their doors."""
    known = Account.objects.filter(book=row.book_id, kind__in=BILLED).values("owner")
    return doors_within(row.place).filter(pk__in=known)


def _doors_owed_money(row: Round) -> QuerySet[Household]:
    owed = Account.objects.filter(
        book=row.book_id, kind__in=BILLED, balances__product=None, balances__amount__lt=0
    )
    return doors_within(row.place).filter(one_of("pk", owed.values_list("owner", flat=True)))


def doors_owed(row: Round) -> QuerySet[Household]:
    """Return the households that were promised goods and have not had them, in the order of their doors."""
    owed = Balance.objects.filter(account__book=row.book_id, account__kind=AccountKind.OWED).exclude(amount=0)
    homes = owed.filter(product__isnull=False).values_list("account__owner", flat=True).distinct()
    return doors_within(row.place).filter(one_of("pk", homes))


def _money_of(row: Round, homes: Iterable[Household], keys: Collection[UUID] | None) -> list[HomeMoney]:
    """Sum up for homes; `keys` are theirs, None: all of the round."""
    # Who looks after one building sees its doors, and not the postings of the compound: sums are read for them.
    with acting_as(SYSTEM):
        billed, paid = bills(row.book, keys), paid_by_household(row.book, keys)
        funded = _funded(row, billed)
    found = []
    for home in homes:
        bill, got, fund = billed.get(home.pk, Bill()), paid.get(home.pk, 0), funded[home.pk]
        other = bill.due_fen - bill.fen + got + fund
        found.append(HomeMoney(masked_row(home), bill.fen, got, fund, other, bill.due_fen))
    return found


def _funded(row: Round, billed: Mapping[UUID, Bill]) -> dict[UUID, int]:
    funded: dict[UUID, int] = defaultdict(int)
    for home, kind, total in (
        Decision.objects.filter(book=row.book_id, state=DecisionState.IN_FORCE, fund__isnull=False)
        .values_list("household", "kind")
        .annotate(total=Sum("amount_fen"))
    ):
        funded[home] += total if kind == DecisionKind.FREE else -total
    for home, bill in billed.items():
        funded[home] += bill.pledged_fen
    return funded


@dataclass(frozen=True, slots=True)
class GoodLine:
    """One good on a household's bill."""

    product: Product
    promised: int
    got: int
    price_fen: int
    unmet: tuple[tuple[Cause, int], ...] = ()
    """What it was promised and did not get, by cause."""

    @property
    def counted(self) -> int:
        """What it has to pay for, in thousandths."""
        return self.promised - sum(amount for _, amount in self.unmet)

    @property
    def cost_fen(self) -> int:
        """What that costs."""
        return price_of(self.counted, self.price_fen)

    @property
    def promised_units(self) -> Decimal:
        """In sale units."""
        return units(self.promised)

    @property
    def counted_units(self) -> Decimal:
        """In sale units."""
        return units(self.counted)

    @property
    def causes(self) -> list[tuple[Sentence, Decimal]]:
        """Why something is missing, in words and sale units."""
        return [(CAUSE_WORDS[cause], units(amount)) for cause, amount in self.unmet]


@dataclass(frozen=True, slots=True)
class Statement:
    """All that a household was promised, got, was billed and paid in a round."""

    row: Round
    home: RosterRow
    goods: tuple[GoodLine, ...]
    steps: tuple[Step, ...]
    payments: tuple[Payment, ...]
    decisions: tuple[Decision, ...]
    bill_fen: int
    due_fen: int
    pledged_fen: int
    """What a fund has still to pay for it."""
    open_goods: bool
    """Something promised is still on its way."""
    bag: Parcel | None = None


def statement_of(row: Round, household: Household) -> Statement:
    """Return a household's statement, for itself or whoever has been allowed to read it; a dozen queries."""
    book, home = row.book, masked_row(household)
    with acting_as(
        SYSTEM
    ):  # postings lie at the compound: a door does not see them, but its own lines it may
        bag = Parcel.objects.filter(book=book, household=household).order_by("-number").first()
        held = balances(book, *BILLED, AccountKind.OWED, owners=[household.pk])
        sums = {kind: sum(one.amount for one in held if one.kind is kind) for kind in BILLED}
        return Statement(
            row,
            home,
            goods_of(row, household),
            tuple(steps(book, household.pk)),
            tuple(Payment.objects.filter(book=book, household=household).order_by("confirmed_at")),
            tuple(Decision.objects.filter(book=book, household=household).select_related("fund")),
            bill_fen(book, household.pk),
            sums[AccountKind.DUE],
            sums[AccountKind.PLEDGED],
            any(one.kind is AccountKind.OWED for one in held),
            bag,
        )


def goods_of(row: Round, household: Household) -> tuple[GoodLine, ...]:
    """Return a household's goods with what became of each; four queries. Within SYSTEM."""
    lines = (
        Line.objects.filter(account__book=row.book_id, product__isnull=False, account__owner=household.pk)
        .filter(account__kind__in=[AccountKind.OWED, AccountKind.DOOR])
        .values_list("account__kind", "posting__cause", "product")
        .annotate(total=Sum("amount"))
    )
    promised: dict[UUID, int] = defaultdict(int)
    got: dict[UUID, int] = defaultdict(int)
    unmet: dict[UUID, list[tuple[Cause, int]]] = defaultdict(list)
    for kind, cause, product, total in lines:
        if kind == AccountKind.DOOR:
            got[product] += total
        elif cause in UNMET and total:
            unmet[product].append((Cause(cause), -total))
        elif cause not in (Cause.DELIVERED, Cause.FETCHED):
            promised[product] += total
    products = Product.objects.in_bulk({*promised, *got})
    prices = _prices(row, household)
    return tuple(
        GoodLine(one, promised[pk], got[pk], prices.get(pk, 0), tuple(unmet[pk]))
        for pk, one in sorted(products.items(), key=lambda pair: pair[1].name)
        if promised[pk] or got[pk]
    )


def coming_fen(row: Round, household: Household) -> int:
    """Return what the goods cost that are promised to a household and neither delivered nor ended. Within SYSTEM."""
    return sum(
        price_of(one.counted - one.got, one.price_fen)
        for one in goods_of(row, household)
        if one.counted > one.got
    )


def _prices(row: Round, household: Household) -> dict[UUID, int]:
    """The price in the bag where there is one: it may have changed since the round opened."""
    prices = dict(RoundItem.objects.filter(round=row).values_list("product", "price_fen"))
    bagged = ParcelItem.objects.filter(parcel__book=row.book_id, parcel__household=household)
    return prices | dict(bagged.values_list("product", "price_fen"))
