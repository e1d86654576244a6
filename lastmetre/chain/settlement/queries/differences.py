"""What balances and what does not, in plain words, each with its next step (PD7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind, units
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import ROUND_WORDS, RoundState, can_move
from lastmetre.chain.settlement.queries.goods_flow import Flow, flows
from lastmetre.chain.settlement.queries.money_flow import Money, money
from lastmetre.chain.settlement.rules import yuan
from lastmetre.terms import Sentence, say

WHERE: dict[AccountKind, Sentence] = {
    AccountKind.PACKED: say("packed at the supplier"),
    AccountKind.VEHICLE: say("on the vehicle"),
    AccountKind.GATE: say("at the gate"),
    AccountKind.CART: say("on carts"),
    AccountKind.POINT: say("at the point"),
}

WORKED_AT: dict[AccountKind, str] = {
    AccountKind.PACKED: "purchase:round",
    AccountKind.VEHICLE: "transport:round",
    AccountKind.GATE: "gate:round",
    AccountKind.CART: "doorstep:round",
    AccountKind.POINT: "doorstep:pickup",
}
"""Names of the pages where bags that stand somewhere are handed on."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not balance, and what to do about it."""

    what: Sentence
    step: Sentence
    address: str = ""
    """Name of the page where that is done; '' where it is done elsewhere."""
    pk: UUID | None = None
    """Of the page; None: the round's."""
    work: str = ""
    """Name of the page of the round for who runs the relay; others read at `address`."""
    state: str = "act"

    @property
    def word(self) -> Sentence:
        """The state in a word."""
        return {"act": say("to do"), "wait": say("waits")}.get(self.state, say("by itself"))


@dataclass(frozen=True, slots=True)
class Differences:
    """A round's books as the liaison reads them."""

    goods: tuple[Flow, ...]
    money: Money
    open: tuple[Difference, ...]
    """What has no cause yet, or is not settled: nothing may be left before the books close."""

    @property
    def balances(self) -> bool:
        """Tell whether everything balances."""
        return not self.open


def differences(row: Round) -> Differences:
    """Return what balances in a round and what does not; under 20 queries however large it is."""
    goods = tuple(flows(row.book))
    found = money(row.book)
    is_closed = row.book.closed_at is not None
    if is_closed:
        return Differences(goods, found, ())
    before = (*_of_goods(row, goods), *_of_cases(row), *_of_money(found))
    return Differences(goods, found, (*before, *_of_supplier(found, before)))


def _of_goods(row: Round, goods: tuple[Flow, ...]) -> list[Difference]:
    found = []
    bags = dict(
        Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG, ended_at=None)
        .values_list("account__kind")
        .annotate(count=Count("pk"))
    )
    for kind, words in WHERE.items():
        if count := bags.get(kind, 0):
            found.append(
                Difference(
                    say("{count} bags are still {where}.", count=count, where=words),
                    say("Hand them on, or say with a cause where they went."),
                    "ledger:book",
                    row.book_id,
                    work=WORKED_AT[kind],
                    state="wait",
                )
            )
    promised = [flow for flow in goods if flow.owed]
    if promised and not bags:
        found.append(
            Difference(
                say("Promised, and neither delivered nor ended: {goods}.", goods=_listed(promised, "owed")),
                say("Say why these promises were not kept: short, missing, damaged."),
                "settlement:promises",
            )
        )
    spare = [flow for flow in goods if flow.spare > 0]
    if spare:
        found.append(
            Difference(
                say("In nobody's bag, at the point: {goods}.", goods=_listed(spare, "spare")),
                say("Offer it to who needs it while it is fresh, or give it back."),
                "settlement:spare",
            )
        )
    unsold = [flow for flow in goods if flow.stock]
    if unsold:
        found.append(
            Difference(
                say("Still on sale: {goods}.", goods=_listed(unsold, "stock")),
                say("It is taken off sale when the books close."),
                "settlement:round",
                state="idle",
            )
        )
    return found


def _listed(rows: list[Flow], name: str) -> str:
    return "、".join(
        f"{one.product.name} {units(getattr(one, name)).normalize():f}{one.product.unit}" for one in rows[:6]
    ) + ("…" if len(rows) > 6 else "")


def _of_cases(row: Round) -> list[Difference]:
    count = Case.objects.filter(book=row.book_id, settled_at=None).count()
    if not count:
        return []
    return [
        Difference(
            say("{count} cases are not settled: missing, damaged, refused.", count=count),
            say("Settle each in two words."),
            "ledger:cases",
        )
    ]


def _of_money(found: Money) -> list[Difference]:
    open_ones = []
    if found.owing:
        said = say("{count} households have not paid: {yuan} yuan.", count=found.owing, yuan=yuan(found.open))
        open_ones.append(
            Difference(said, say("Remind them, ring them, or let a fund pay."), "settlement:unpaid")
        )
    if found.pledged:
        said = say(
            "The fund owes the supplier {yuan} yuan for {count} households.",
            yuan=yuan(found.pledged),
            count=found.pledged_homes,
        )
        step = say("Let the fund pay; no household is asked for it.")
        open_ones.append(Difference(said, step, "settlement:unpaid"))
    if found.fund_back:
        said = say("A fund has paid {yuan} yuan too much.", yuan=yuan(found.fund_back))
        step = say("Give it back to the fund, on the household's page.")
        open_ones.append(Difference(said, step, "settlement:refunds"))
    if found.claims:
        said = say(
            "{count} say that they have paid: {yuan} yuan.", count=found.claims, yuan=yuan(found.claimed)
        )
        step = say("Look for each in the payment app, or take in the statement.")
        open_ones.append(Difference(said, step, "settlement:claim", found.oldest_claim, state="wait"))
    if found.lines_waiting:
        said = say("{count} lines of the statement are nobody's yet.", count=found.lines_waiting)
        open_ones.append(Difference(said, say("Say whose each is, or set it aside."), "settlement:lines"))
    if found.owed_homes:
        said = say("{count} households are owed {yuan} yuan.", count=found.owed_homes, yuan=yuan(found.owed))
        open_ones.append(
            Difference(said, say("Pay it back, or carry it to the next round."), "settlement:refunds")
        )
    if found.decisions_waiting:
        said = say("{count} decisions wait for a second person.", count=found.decisions_waiting)
        open_ones.append(Difference(said, say("Somebody else has to agree or refuse."), "settlement:refunds"))
    if found.bill is not None and not found.bill.agreed_why and found.bill.amount_fen != found.earned:
        said = say(
            "The supplier's bill says {bill} yuan, the books say {books} yuan.",
            bill=yuan(found.bill.amount_fen),
            books=yuan(found.earned),
        )
        open_ones.append(
            Difference(said, say("Compare good by good, then agree on a reason."), "settlement:supplier")
        )
    return open_ones


def _of_supplier(found: Money, before: Sequence[Difference]) -> list[Difference]:
    """Return what is not settled with the supplier: last of all, when nothing else is left to do."""
    if not (found.sales or found.in_hand):
        return []
    said = say("{yuan} yuan are not settled with the supplier.", yuan=yuan(-found.sales or found.in_hand))
    if any(one.state != "idle" for one in before):
        step = say("Settle when all households are even.")
        return [Difference(said, step, "settlement:supplier", state="wait")]
    return [Difference(said, say("All households are even: settle it now."), "settlement:supplier")]


def missing_to_close(row: Round, found: Differences) -> list[Difference]:
    """Return what must be done before the books close."""
    state = RoundState(row.state)
    if state is not RoundState.SETTLING and not can_move(state, RoundState.SETTLING):
        words = say("The round is {state}.", state=ROUND_WORDS[state])
        step = say("Its books close after the bags have been handed out.")
        return [Difference(words, step, "settlement:round"), *found.open]
    return [one for one in found.open if one.state != "idle"]
