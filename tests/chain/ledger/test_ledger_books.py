"""Books: every posting adds up, nothing below nothing, and a bag is in one place only."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from relay import Relay

from lastmetre.chain.ledger.actions.parcels import due_from, lose, make_parcels, move
from lastmetre.chain.ledger.actions.posting import NotEnough, close_book, post
from lastmetre.chain.ledger.models import Balance, Handover, Line, Parcel, Posting
from lastmetre.chain.ledger.queries.balances import due_by_household, totals, unexplained
from lastmetre.chain.ledger.queries.parcels import find_parcel, qr_of
from lastmetre.chain.ledger.rules import AccountKind, Amount, Cause, Spot, moved, price_of
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

GATE, CART = Spot(AccountKind.GATE), Spot(AccountKind.CART)


def now() -> datetime:
    with acting_as(SYSTEM) as moment:
        return moment


def deliver(relay: Relay, room: str) -> None:
    home = relay.household[room]
    door = Spot(AccountKind.DOOR, home.pk, home.place_id)
    bags = [relay.bag[room].pk]
    move(relay.round.book, bags, to=door, holder="v1", cause=Cause.DELIVERED, by=SYSTEM, at=now())


def test_the_database_refuses_lines_that_do_not_add_up(relay: Relay) -> None:
    with acting_as(SYSTEM) as at, pytest.raises(IntegrityError, match="add up"), transaction.atomic():
        post(relay.round.book, [Amount(GATE, 5)], cause=Cause.CORRECTED, by=SYSTEM, at=at)


def test_an_account_gives_no_more_than_it_holds(relay: Relay) -> None:
    product = relay.shop.product["R1"].pk
    with acting_as(SYSTEM) as at, pytest.raises(NotEnough, match="not so much left"):
        post(relay.round.book, moved(GATE, CART, 1000, product), cause=Cause.SORTED, by=SYSTEM, at=at)


@pytest.mark.usefixtures("packed")
def test_the_application_cannot_change_what_was_posted_nor_write_balances(relay: Relay) -> None:
    for statement in (
        "UPDATE ledger_line SET amount = 1",
        "DELETE FROM ledger_posting",
        "UPDATE ledger_balance SET amount = 0",
        "DELETE FROM ledger_handover",
    ):
        with (
            acting_as(SYSTEM),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.usefixtures("arrived")
def test_a_day_balances_from_promise_to_door(relay: Relay) -> None:
    for room in relay.bag:
        deliver(relay, room)
    with acting_as(SYSTEM):
        eggs = relay.shop.product["E1"].pk
        left = unexplained(relay.round.book)
        assert [(held.kind, held.product, held.amount) for held in left] == [
            (AccountKind.STOCK, eggs, 95_000)
        ]
        held = totals(relay.round.book)
        assert held[AccountKind.DOOR, eggs] == 5000 == -held[AccountKind.SUPPLY, eggs]
        assert due_by_household(relay.round.book)[relay.household["101"].pk] == 8260


@pytest.mark.usefixtures("arrived")
def test_a_scan_sent_twice_counts_once(relay: Relay) -> None:
    book, bag, scan = relay.round.book, relay.bag["101"].pk, new_id()
    for _ in range(2):
        move(book, [bag], to=CART, holder="v", cause=Cause.SORTED, by=SYSTEM, at=now(), ids={bag: scan})
    with acting_as(SYSTEM):
        assert Handover.objects.filter(parcel=bag, cause=Cause.SORTED).count() == 1
        assert Posting.objects.filter(cause=Cause.SORTED).count() == 1


@pytest.mark.usefixtures("packed")
def test_a_bag_is_not_moved_from_where_it_is_not_nor_after_its_end(relay: Relay) -> None:
    book, bag = relay.round.book, relay.bag["101"].pk
    given = {"holder": "v", "cause": Cause.SORTED, "by": SYSTEM, "at": now()}
    with pytest.raises(InputError, match="somewhere else"):
        move(book, [bag], to=CART, only_from=[AccountKind.GATE], **given)
    deliver(relay, "101")
    with pytest.raises(InputError, match="finished already"):
        move(book, [bag], to=CART, **given)


@pytest.mark.usefixtures("packed")
def test_a_label_of_another_round_is_refused_in_words(relay: Relay) -> None:
    with pytest.raises(InputError, match="does not belong to this round"):
        move(relay.round.book, [new_id()], to=CART, holder="v", cause=Cause.SORTED, by=SYSTEM, at=now())


@pytest.mark.usefixtures("arrived")
def test_what_is_damaged_is_taken_off_the_bill(relay: Relay) -> None:
    eggs = relay.shop.product["E1"].pk
    lost = new_id()
    for _ in range(2):
        lose(relay.bag["101"].pk, cause=Cause.DAMAGED, by=SYSTEM, at=now(), contents={eggs: 1000}, id=lost)
    with acting_as(SYSTEM):
        assert due_by_household(relay.round.book)[relay.household["101"].pk] == 8260 - 2490
        assert totals(relay.round.book)[AccountKind.LOSS, eggs] == 1000
        assert Parcel.objects.get(pk=relay.bag["101"].pk).ended_at is None


@pytest.mark.usefixtures("arrived")
def test_a_bag_lost_whole_is_ended_with_its_cause(relay: Relay) -> None:
    lose(relay.bag["102"].pk, cause=Cause.MISSING, by=SYSTEM, at=now())
    with acting_as(SYSTEM):
        row = Parcel.objects.get(pk=relay.bag["102"].pk)
        assert (row.end_cause, relay.household["102"].pk in due_by_household(relay.round.book)) == (
            Cause.MISSING,
            False,
        )


@pytest.mark.usefixtures("packed")
def test_labels_are_found_by_scan_and_by_typing_and_belong_to_one_book(relay: Relay) -> None:
    with acting_as(SYSTEM):
        bag = Parcel.objects.get(pk=relay.bag["201"].pk)
        typed = f"{bag.code[:4].lower()}-{bag.code[4:]}"
        assert find_parcel(relay.round.book, qr_of(bag)) == bag
        assert find_parcel(relay.round.book, typed) == bag
        assert find_parcel(relay.round.book, "LM" + "2" * 14) is None
        other = relay.round.book
        other.pk = new_id()
        assert find_parcel(other, qr_of(bag)) is None


@pytest.mark.usefixtures("packed")
def test_a_closed_book_takes_nothing_more(relay: Relay) -> None:
    book = relay.round.book
    close_book(book, by=SYSTEM, at=now())
    home = relay.household["101"]
    for step in (
        lambda: post(
            book, moved(due_from(home), Spot(AccountKind.SALES), 1), cause=Cause.PAID, by=SYSTEM, at=now()
        ),
        lambda: make_parcels(book, [], at_spot=GATE, holder="k", by=SYSTEM, at=now()),
        lambda: lose(relay.bag["101"].pk, cause=Cause.MISSING, by=SYSTEM, at=now()),
    ):
        with pytest.raises(InputError, match="closed"):
            step()


@pytest.mark.usefixtures("arrived")
def test_balances_are_the_sums_of_all_lines(relay: Relay) -> None:
    with acting_as(SYSTEM):
        sums: dict[tuple[object, object], int] = {}
        for line in Line.objects.all():
            key = line.account_id, line.product_id
            sums[key] = sums.get(key, 0) + line.amount
        kept = {(one.account_id, one.product_id): one.amount for one in Balance.objects.all()}
    assert {key: value for key, value in sums.items() if value} == {
        key: value for key, value in kept.items() if value
    }


@pytest.mark.parametrize(("amount", "price", "fen"), [(2500, 250, 625), (500, 333, 167), (1000, 3280, 3280)])
def test_half_a_fen_goes_up(amount: int, price: int, fen: int) -> None:
    assert price_of(amount, price) == fen
