"""A claim is never a fact; a payment counts once, however it becomes known (FC2c, FC2d; trust.md: forged screenshots)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from relay import HOUR, Relay
from settlement_parts import BILL, Paid, alipay, due, money_adds_up, total, wechat

from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.settlement.actions.payments import (
    Claimed,
    claim,
    confirm,
    record_payment,
    refuse_claim,
    reverse_payment,
)
from lastmetre.chain.settlement.actions.statements import Imported, import_statement, set_aside, settle_line
from lastmetre.chain.settlement.models import Claim, Payment, StatementLine
from lastmetre.chain.settlement.queries.chase import chase
from lastmetre.chain.settlement.rules import ClaimState, How, LineState
from lastmetre.chain.settlement.rules.matching import Ground
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

N101 = "1000050001202611260000000000101"


def says(relay: Relay, room: str, fen: int | None = None, **more: Any) -> Claim:
    who = relay.resident(room)
    with acting_as(who) as now:
        told = Claimed(BILL[room] if fen is None else fen, **more)
        return claim(relay.round, relay.household[room], told, by=who, at=now)


def take_in(relay: Relay, path: Path, by: Any = None) -> Imported:
    who = by or relay.staff("liaison")
    with acting_as(who) as now:
        return import_statement(relay.round, path, by=who, at=now)


def line(number: str) -> StatementLine:
    with acting_as(SYSTEM):
        return next(one for one in StatementLine.objects.all() if one.number == number)


@pytest.mark.usefixtures("packed")
def test_a_claim_moves_no_money(relay: Relay) -> None:
    made = says(relay, "101", reference="…0101", photo=b"\x89PNG and an edited amount")
    assert made.reference == "0101"
    assert due(relay, "101") == BILL["101"]
    assert says(relay, "101", id=made.pk).pk == made.pk, "the same claim sent twice is one"
    with acting_as(SYSTEM):
        assert Claim.objects.count() == 1


@pytest.mark.usefixtures("packed")
def test_confirmed_by_eye_it_counts_once(relay: Relay) -> None:
    made, liaison = says(relay, "101"), relay.staff("liaison")
    with acting_as(liaison) as now:
        first = confirm(made, by=liaison, at=now)
        again = confirm(made, by=liaison, at=now)
    assert first.pk == again.pk
    assert due(relay, "101") == 0
    assert total(relay.round, AccountKind.RECEIVED) == BILL["101"]


@pytest.mark.usefixtures("packed")
def test_nobody_confirms_their_own_or_another_compounds(relay: Relay) -> None:
    made = says(relay, "101")
    for who in (
        relay.resident("101"),
        relay.resident("102"),
        relay.staff("liaison", "d.s.c.b"),
        relay.staff("volunteer"),
    ):
        with acting_as(who) as now, pytest.raises(Denied):
            confirm(made, by=who, at=now)
    assert due(relay, "101") == BILL["101"]


@pytest.mark.usefixtures("packed")
def test_by_eye_nobody_confirms_more_than_was_billed(relay: Relay) -> None:
    made, liaison = says(relay, "101", 99900), relay.staff("liaison")
    with acting_as(liaison) as now, pytest.raises(InputError, match=r"82\.60"):
        confirm(made, by=liaison, at=now)
    with acting_as(liaison) as now:
        confirm(made, amount_fen=5000, by=liaison, at=now)
    assert due(relay, "101") == 3260


@pytest.mark.parametrize(
    ("fen", "photo"), [(0, b""), (-5, b""), (10**9, b""), (100, b"<svg>"), (100, b"\x89PNG" * 10**6)]
)
@pytest.mark.usefixtures("packed")
def test_bad_claims_are_refused(relay: Relay, fen: int, photo: bytes) -> None:
    with pytest.raises(InputError):
        says(relay, "101", fen, photo=photo)


@pytest.mark.usefixtures("packed")
def test_a_refused_claim_can_still_be_found_on_the_statement(relay: Relay, tmp_path: Path) -> None:
    made, liaison = says(relay, "101", reference="0101"), relay.staff("liaison")
    with acting_as(liaison) as now:
        with pytest.raises(InputError):
            refuse_claim(made, why=" ", by=liaison, at=now)
        refuse_claim(made, why="没有这笔", by=liaison, at=now)
    assert take_in(relay, wechat(tmp_path, [Paid(N101, "82.60")])).counted == 1
    with acting_as(SYSTEM):
        assert Claim.objects.get(pk=made.pk).state == ClaimState.CONFIRMED


@pytest.mark.usefixtures("packed")
def test_the_same_number_claimed_twice_is_flagged_and_counted_for_nobody(
    relay: Relay, tmp_path: Path
) -> None:
    says(relay, "101", 3905, reference="000201")
    says(relay, "201", reference="000201")
    with acting_as(relay.staff("liaison")) as now:
        found = chase(relay.round, now)
    doubts = [str(doubt) for one in found.owing for doubt in one.doubts]
    assert sum("another household" in one for one in doubts) == 2
    imported = take_in(relay, wechat(tmp_path, [Paid("10000500012000201", "39.05")]))
    assert (imported.counted, imported.waiting) == (0, 1)
    assert line("10000500012000201").ground == Ground.SEVERAL


@pytest.mark.usefixtures("packed")
def test_a_statement_counts_each_line_once_whoever_brings_it(relay: Relay, tmp_path: Path) -> None:
    says(relay, "101", reference="0101")
    lines = [
        Paid(N101, "82.60"),
        Paid("A2", "74.70", note="1-1-102"),
        Paid("A3", "39.05", note="2号楼201 单"),
        Paid("A4", "12.00", note="别的"),
        Paid("A5", "10.00", direction="支出", kind="商户消费"),
    ]
    path = wechat(tmp_path, lines)
    first = take_in(relay, path)
    assert (first.new, first.counted, first.waiting, first.passed_over) == (4, 3, 1, 1)
    again = take_in(relay, path, relay.supplier())
    assert (again.new, again.known, again.counted) == (0, 4, 0)
    assert [due(relay, room) for room in BILL] == [0, 0, 0]
    assert total(relay.round, AccountKind.RECEIVED) == sum(BILL.values())
    with acting_as(SYSTEM):
        assert Payment.objects.filter(how=How.STATEMENT).count() == 3
        assert Claim.objects.get().state == ClaimState.CONFIRMED


@pytest.mark.usefixtures("packed")
def test_alipay_in_gb18030_matches_by_phone_tail_and_time(relay: Relay, tmp_path: Path) -> None:
    says(relay, "102", paid_at=relay.now - HOUR)
    lines = [
        Paid("B1", "82.60", note="转账 尾号0101", kind="收入"),
        Paid("B2", "74.70", at=relay.now - HOUR, note="转账", kind="收入"),
        Paid("B3", "39.05", note="转账", kind="收入"),
    ]
    found = take_in(relay, alipay(tmp_path, lines))
    assert (found.counted, found.waiting) == (2, 1)
    assert line("B1").ground == Ground.PHONE
    assert line("B2").ground == Ground.TIME
    # One household alone has 39.05 open, yet nothing else speaks for it: a person decides.
    assert line("B3").ground == Ground.ONLY_AMOUNT
    assert line("B3").candidates == [str(relay.household["201"].pk)]


@pytest.mark.usefixtures("packed")
def test_a_payment_confirmed_by_eye_is_not_counted_again_by_its_line(relay: Relay, tmp_path: Path) -> None:
    made, liaison = says(relay, "101", reference="0101"), relay.staff("liaison")
    with acting_as(liaison) as now:
        confirm(made, by=liaison, at=now)
        record_payment(relay.round, relay.household["102"], 7470, how=How.LIAISON, by=liaison, at=now)
    found = take_in(relay, wechat(tmp_path, [Paid(N101, "82.60"), Paid("A2", "74.70", note="1-102")]))
    assert found.counted == 2
    assert line("A2").ground == Ground.CONFIRMED
    assert total(relay.round, AccountKind.RECEIVED) == 8260 + 7470
    assert money_adds_up(relay.round)


@pytest.mark.usefixtures("packed")
def test_what_waits_is_settled_by_a_person_or_set_aside(relay: Relay, tmp_path: Path) -> None:
    liaison = relay.staff("liaison")
    take_in(relay, wechat(tmp_path, [Paid("C1", "74.00", note="1-1-102"), Paid("C2", "5.00")]))
    assert line("C1").ground == Ground.OTHER_AMOUNT
    with acting_as(liaison) as now:
        first = settle_line(line("C1"), relay.round, relay.household["102"], by=liaison, at=now)
        again = settle_line(line("C1"), relay.round, relay.household["102"], by=liaison, at=now)
        with pytest.raises(InputError):
            set_aside(line("C2"), why="", by=liaison, at=now)
        set_aside(line("C2"), why="私人转账", by=liaison, at=now)
    assert first is not None
    assert again is not None
    assert first.pk == again.pk
    assert due(relay, "102") == 70
    assert line("C2").state == LineState.SET_ASIDE


@pytest.mark.usefixtures("packed")
def test_a_line_given_to_a_home_settles_what_that_home_said_to_have_paid(
    relay: Relay, tmp_path: Path
) -> None:
    liaison = relay.staff("liaison")
    mine, other = says(relay, "102"), says(relay, "102", 1000)
    neighbour = says(relay, "101", BILL["102"])
    take_in(relay, wechat(tmp_path, [Paid("F1", "74.70")]))
    assert line("F1").state == LineState.OPEN, "two homes say this amount: a person decides"
    with acting_as(liaison) as now:
        payment = settle_line(line("F1"), relay.round, relay.household["102"], by=liaison, at=now)
    assert payment is not None
    assert (due(relay, "102"), due(relay, "101")) == (0, BILL["101"])
    with acting_as(SYSTEM):
        states = {pk: Claim.objects.get(pk=pk).state for pk in (mine.pk, other.pk, neighbour.pk)}
    assert states == {
        mine.pk: ClaimState.CONFIRMED,
        other.pk: ClaimState.OPEN,
        neighbour.pk: ClaimState.OPEN,
    }
    assert money_adds_up(relay.round)


@pytest.mark.usefixtures("packed")
def test_a_line_is_given_only_within_its_supplier_and_by_who_confirms(relay: Relay, tmp_path: Path) -> None:
    take_in(relay, wechat(tmp_path, [Paid("G1", "5.00")]))
    volunteer, liaison = relay.staff("volunteer"), relay.staff("liaison")
    with acting_as(volunteer) as now, pytest.raises(Denied):
        settle_line(line("G1"), relay.round, relay.household["102"], by=volunteer, at=now)
    with acting_as(SYSTEM):
        StatementLine.objects.update(supplier=relay.shop.other)
    with acting_as(liaison) as now, pytest.raises(InputError, match="another supplier's"):
        settle_line(line("G1"), relay.round, relay.household["102"], by=liaison, at=now)
    assert due(relay, "102") == BILL["102"]


@pytest.mark.usefixtures("packed")
def test_a_second_payment_from_the_same_door_waits_for_a_person(relay: Relay, tmp_path: Path) -> None:
    found = take_in(
        relay, wechat(tmp_path, [Paid("D1", "82.60", note="101"), Paid("D2", "82.60", note="101")])
    )
    assert (found.counted, found.waiting) == (1, 1)
    assert line("D2").ground == Ground.NOTHING_OPEN


@pytest.mark.usefixtures("packed")
def test_taken_back_the_claim_and_the_line_wait_again(relay: Relay, tmp_path: Path) -> None:
    made, liaison = says(relay, "101", reference="0101"), relay.staff("liaison")
    take_in(relay, wechat(tmp_path, [Paid(N101, "82.60")]))
    with acting_as(liaison) as now:
        payment = Payment.objects.get()
        with pytest.raises(InputError):
            reverse_payment(payment, why="", by=liaison, at=now)
        reverse_payment(payment, why="记错户", by=liaison, at=now)
        reverse_payment(payment, why="记错户", by=liaison, at=now)
    assert due(relay, "101") == BILL["101"]
    assert total(relay.round, AccountKind.RECEIVED) == 0
    assert line(N101).state == LineState.OPEN
    with acting_as(SYSTEM):
        assert Claim.objects.get(pk=made.pk).state == ClaimState.OPEN


@pytest.mark.usefixtures("packed")
def test_refunded_in_the_app_since_it_waits_for_a_person(relay: Relay, tmp_path: Path) -> None:
    liaison = relay.staff("liaison")
    take_in(relay, wechat(tmp_path, [Paid("A2", "74.70", note="1-1-102")]))
    assert due(relay, "102") == 0
    later = wechat(tmp_path, [Paid("A2", "74.70", note="1-1-102", state="已退款(￥9.90)")])
    found = take_in(relay, later)
    assert (found.new, found.counted, found.waiting) == (0, 0, 1)
    with acting_as(liaison) as now:
        settle_line(line("A2"), relay.round, relay.household["102"], by=liaison, at=now)
    assert due(relay, "102") == 990
    assert total(relay.round, AccountKind.RECEIVED) == 6480
    assert take_in(relay, later).waiting == 0


@pytest.mark.usefixtures("packed")
def test_no_statement_is_said_plainly(relay: Relay, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("房号,商品\n101,米\n", encoding="utf-8")
    with pytest.raises(InputError, match="no statement"):
        take_in(relay, other)
    liaison_elsewhere = relay.staff("liaison", "d.s.c.b")
    with pytest.raises(Denied):
        take_in(relay, wechat(tmp_path, []), liaison_elsewhere)


@pytest.mark.usefixtures("packed")
def test_cash_twice_with_one_id_counts_once(relay: Relay) -> None:
    liaison, one = relay.staff("liaison"), new_id()
    with acting_as(liaison) as now:
        for _ in range(2):
            record_payment(
                relay.round, relay.household["101"], 8260, how=How.CASH, by=liaison, at=now, id=one
            )
    assert due(relay, "101") == 0
    assert total(relay.round, AccountKind.RECEIVED) == 8260
