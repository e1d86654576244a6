"""The end of a round: the supplier settled, every difference with its cause, the books closed (PD6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import PROMISES, SALES, due_from, owed_to
from lastmetre.chain.ledger.actions.posting import close_book, post
from lastmetre.chain.ledger.models import Book, Parcel
from lastmetre.chain.ledger.queries.balances import balances, due_by_household, owed_by_household, unexplained
from lastmetre.chain.ledger.rules import UNMET, AccountKind, Amount, Cause, Spot, moved, price_of
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.settlement.actions.booking import household_of, locked_book
from lastmetre.chain.settlement.actions.dropping import take_out
from lastmetre.chain.settlement.models import SupplierBill
from lastmetre.chain.settlement.queries.bills import bill_fen
from lastmetre.chain.settlement.queries.differences import Difference, differences, missing_to_close
from lastmetre.chain.settlement.rules import MOST_FEN, Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say

BILL = "settlement.supplierbill"


class NotYet(InputError):
    """The books cannot close: `missing` says what is open."""

    def __init__(self, missing: Sequence[Difference]) -> None:
        super().__init__(
            say("{count} things are open: {first}", count=len(missing), first=missing[0].what),
            remedy=missing[0].step,
        )
        self.missing = tuple(missing)


def state_bill(
    row: Round, amount_fen: int, *, by: Actor, at: datetime, why: str = "", id: UUID | None = None
) -> SupplierBill:
    """Write down what the supplier asks for; `why` says why it differs from the books, where both agree.

    The supplier states it; that it may differ is agreed by the compound.
    """
    by.must(Permission.CONFIRM, path=row.path, organisation=row.supplier_id)
    if why.strip():
        by.must(Permission.CLOSE, path=row.path)
    if not 0 <= amount_fen <= 100 * MOST_FEN:
        raise InputError(
            say("This is no amount that can be booked."), remedy=say("Write yuan, such as 32.80.")
        )
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        if id is not None and (known := SupplierBill.objects.filter(pk=id, book=book).first()):
            return known
        made = SupplierBill(
            book=book,
            place=book.place,
            path=book.path,
            amount_fen=amount_fen,
            stated_at=at,
            stated_by=by.key,
            agreed_why=why.strip()[:200],
        )
        if id is not None:
            made.id = id
        made.save(force_insert=True)
        record("state", BILL, made.pk, by=by, at=at, path=book.path, fen=amount_fen)
    return made


def settle_supplier(row: Round, *, by: Actor, at: datetime) -> int:
    """Count what came in, from households and funds, as paid to the supplier; returns the fen settled.

    What was written off is the supplier's loss. Again when more has come in; nothing to settle is no error.
    """
    by.must(Permission.CLOSE, path=row.path)
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        kinds = (AccountKind.RECEIVED, AccountKind.FUND, AccountKind.WRITTEN_OFF)
        cash = [one for one in balances(book, AccountKind.RECEIVED) if one.owner is None]
        if cash:
            raise InputError(
                say("There is cash of the households in the compound."),
                remedy=say("Hand it to the supplier and write that down first."),
            )
        left = -sum(one.amount for one in balances(book, AccountKind.SALES))
        settled = 0
        lines: list[Amount] = []
        for one in sorted(balances(book, *kinds), key=lambda one: kinds.index(one.kind)):
            part = min(one.amount, left - settled)
            if part > 0:
                lines += moved(Spot(one.kind, one.owner), SALES, part)
                settled += part
        if lines:
            post(book, lines, cause=Cause.SETTLED, by=by, at=at, thing=row.pk)
            record("settled", "ledger.book", book.pk, by=by, at=at, path=book.path, fen=settled)
    return settled


def end_promises(row: Round, household: Household, *, cause: Cause, by: Actor, at: datetime) -> None:
    """End what a household was promised and will not get, with a cause; what it costs is taken off its bill."""
    by.must(Permission.CLOSE, path=row.path)
    if cause not in UNMET:
        raise InputError(
            say("Why is it not delivered?"), remedy=say("Choose: short, missing, damaged, spoiled, refused.")
        )
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        home = household_of(book, household.pk)
        prices = dict(row.items.values_list("product", "price_fen"))
        owed = owed_by_household(book).get(home.pk, {})
        lines = [
            line
            for product, amount in owed.items()
            for line in moved(owed_to(home), PROMISES, amount, product)
        ]
        worth = sum(price_of(amount, prices.get(product, 0)) for product, amount in owed.items())
        fen = min(worth, max(bill_fen(book, home.pk), 0))
        if fen:
            lines += moved(due_from(home), SALES, fen)
        if lines:
            post(book, lines, cause=cause, by=by, at=at, thing=home.pk)
            record("ended", "ledger.promise", home.pk, by=by, at=at, path=home.path, cause=cause.value)


def supplier_failed(row: Round, *, why: str, by: Actor, at: datetime) -> int:
    """End all that the supplier has not handed over; households that have paid are owed it. Returns how many."""
    by.must(Permission.CLOSE, path=row.path)
    if not why.strip():
        raise InputError(say("Say what happened."), remedy=say("A few words: closed, no lorry, no goods."))
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        handed_over = Parcel.objects.filter(book=book, ended_at=None).exclude(
            account__kind=AccountKind.PACKED
        )
        away = set(handed_over.values_list("household", flat=True))
        homes = [household_of(book, pk) for pk in sorted(set(owed_by_household(book)) - away)]
        failed = [home for home in homes if take_out(book, home, Cause.SUPPLIER_FAILED, by=by, at=at)]
        if failed:
            notify(
                NoticeKind.FAILED,
                sentence=_failed(row.title),
                places=[home.place for home in failed],
                by=by,
                at=at,
                row=row,
            )
            record(
                "failed",
                "orders.round",
                row.pk,
                by=by,
                at=at,
                path=row.path,
                why=why.strip(),
                count=len(failed),
            )
        held = Round.objects.get(pk=row.pk)
        if failed and not away:
            if held.state == RoundState.ALLOCATED:  # nothing was ordered, and nothing will be
                held = advance(held, RoundState.ORDERED, by=by, at=at)
            advance(held, RoundState.SETTLING, by=by, at=at)
    return len(failed)


def _failed(title: str) -> Sentence:
    return say(
        "“{title}”: the supplier cannot deliver. What you paid is credited to you or paid back.", title=title
    )


def close_round(row: Round, *, by: Actor, at: datetime) -> Round:
    """Close a round and its books; raises NotYet with all that is open. A closed one stays closed."""
    by.must(Permission.CLOSE, path=row.path)
    with acting_as(SYSTEM):
        held = Round.objects.select_related("book__place", "place", "supplier").get(pk=row.pk)
        if held.state == RoundState.CLOSED:
            return held
        book = locked_book(held.book_id)
        _take_off_sale(book, by=by, at=at)
        missing = missing_to_close(held, differences(held))
        if missing:
            raise NotYet(missing)
        _check_all_even(book)
        if held.state != RoundState.SETTLING:
            held = advance(held, RoundState.SETTLING, by=by, at=at)
        held = advance(held, RoundState.CLOSED, by=by, at=at)
        close_book(book, by=by, at=at)
        held.book.refresh_from_db()
    return held


def _take_off_sale(book: Book, *, by: Actor, at: datetime) -> None:
    lines = [
        line
        for held in balances(book, AccountKind.STOCK)
        for line in moved(Spot(AccountKind.STOCK), PROMISES, held.amount, held.product)
    ]
    if lines:
        post(book, lines, cause=Cause.ON_SALE, by=by, at=at)


def _check_all_even(book: Book) -> None:
    """The last word is the accounts' own, whatever the pages say (PD6)."""
    kinds = (
        *(AccountKind.SALES, AccountKind.RECEIVED, AccountKind.FUND, AccountKind.WRITTEN_OFF),
        AccountKind.PLEDGED,
    )
    uneven = [held for held in balances(book, *kinds) if held.amount]
    carried = sum(held.amount for held in balances(book, AccountKind.CARRIED))
    if unexplained(book) or any(due_by_household(book).values()) or uneven or carried:
        raise InputError(
            say("The books do not balance."), remedy=say("Open the round's page: it lists what is open.")
        )
