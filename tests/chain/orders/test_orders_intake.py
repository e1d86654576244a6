"""Pastes of a chat: twice is once, differences show, what was changed elsewhere is never overwritten."""

from __future__ import annotations

import contextlib

import pytest
from orders_intake_parts import CHAIN, asked, open_doubts, paste
from relay import Relay

from lastmetre.chain.orders.actions.intake import Stale, confirm, drop, preview, take_text
from lastmetre.chain.orders.actions.reviewing import settle
from lastmetre.chain.orders.actions.taking_back import take_back
from lastmetre.chain.orders.models import Answer, Intake, Message, Request
from lastmetre.chain.orders.queries import sources
from lastmetre.chain.orders.queries.intake import plan_of, refused_key
from lastmetre.chain.orders.question_rules import excerpt
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

ALL = {"101": {"A": "1", "B": "2"}, "102": {"B": "3"}, "201": {"A": "1", "C": "2.5"}}


def test_paste_enters_every_household(relay: Relay) -> None:
    done = paste(relay, CHAIN)
    assert (done.entered, done.doubts) == (3, 0)
    assert asked(relay) == ALL
    with acting_as(SYSTEM):
        assert {row.channel for row in Request.objects.all()} == {"chat"}


def test_same_chain_twice_changes_nothing(relay: Relay) -> None:
    paste(relay, CHAIN)
    again = paste(relay, CHAIN.replace("1. ", "①").replace("B3", "B*3"))
    assert (again.entered, again.doubts) == (0, 0)
    assert asked(relay) == ALL
    with acting_as(SYSTEM):
        assert {row.version for row in Request.objects.all()} == {1}


def test_second_paste_changes_what_it_says_anew(relay: Relay) -> None:
    paste(relay, CHAIN.removesuffix("\n3. 2-201 土豆2.5斤 A1"))
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        intake = take_text(relay.round, CHAIN.replace("B3", "B1"), by=liaison, at=now)
        shown = preview(intake, by=liaison, at=now).plan
        assert {key: count for key, count in shown.counts.items() if count} == {
            "new": 1,
            "changed": 1,
            "same": 1,
        }
        confirm(intake, digest=shown.digest, by=liaison, at=now)
    assert asked(relay) == {**ALL, "102": {"B": "1"}}


def test_change_said_after_the_chain_counts_once(relay: Relay) -> None:
    paste(relay, CHAIN)
    for _ in range(2):
        paste(relay, f"{CHAIN}\n\n1-102 再加大米1袋")
        assert asked(relay)["102"] == {"A": "1", "B": "3"}
    paste(relay, "2-201 取消")
    assert "201" not in asked(relay)


def test_stale_preview_is_refused(relay: Relay) -> None:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        intake = take_text(relay.round, CHAIN, by=liaison, at=now)
        digest = preview(intake, by=liaison, at=now).plan.digest
    relay.ask("102", {"R1": "1"})
    with acting_as(liaison) as now:
        with pytest.raises(Stale, match="since you looked"):
            confirm(intake, digest=digest, by=liaison, at=now)
        assert (
            confirm(
                intake, digest=preview(intake, by=liaison, at=now).plan.digest, by=liaison, at=now
            ).entered
            == 2
        )
        assert confirm(intake, digest="whatever", by=liaison, at=now).entered == 0  # a second tap


def test_own_page_is_not_overwritten_by_the_chain(relay: Relay) -> None:
    paste(relay, CHAIN)
    relay.ask("102", {"E1": "1", "R1": "1"})
    assert paste(relay, CHAIN).doubts == 0  # it says nothing new
    assert asked(relay)["102"] == {"A": "1", "B": "1"}
    assert paste(relay, CHAIN.replace("B3", "B2")).doubts == 1
    ((message, asking),) = open_doubts(relay)
    assert asking.code == "conflict"
    assert asking.suggestions == ("A1 B1", "B2", "A1 B3")
    assert asked(relay)["102"] == {"A": "1", "B": "1"}
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        assert settle(message, "B2", by=liaison, at=now).doubts == 0
        assert settle(message, "A9", by=liaison, at=now).entered == 0  # a second tap
    assert asked(relay)["102"] == {"B": "2"}
    assert paste(relay, CHAIN.replace("B3", "B2")).entered == 0


def test_conflict_settled_for_what_stands_stays_settled(relay: Relay) -> None:
    relay.ask("102", {"R1": "1"})
    paste(relay, CHAIN)
    ((message, _),) = open_doubts(relay)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        settle(message, "A1", by=liaison, at=now)
    assert asked(relay)["102"] == {"A": "1"}
    assert paste(relay, CHAIN).doubts == 0


def test_doubts_are_settled_and_remembered(relay: Relay) -> None:
    chain = CHAIN.replace("1-102 B3", "102 鸡蛋3板") + "\n4. 9-999 A1"
    assert paste(relay, chain.replace("102", "301")).doubts >= 2
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        by_code = {asking.code: message for message, asking in open_doubts(relay)}
        with pytest.raises(InputError, match="does not settle"):
            settle(by_code["no_such_building"], "不知道", by=liaison, at=now)
        settle(by_code["no_such_building"], "作废", by=liaison, at=now)
        for message, _ in open_doubts(relay):
            settle(message, "1-102", by=liaison, at=now)
    assert asked(relay) == ALL
    with acting_as(SYSTEM):
        assert Answer.objects.count() >= 2
        assert not Message.objects.filter(state="doubt").exists()
    assert paste(relay, chain.replace("102", "301")).doubts == 0


def test_limit_becomes_a_doubt(relay: Relay) -> None:
    with acting_as(SYSTEM):
        relay.round.items.filter(code="B").update(limit=2)
    done = paste(relay, CHAIN)
    assert (done.entered, done.doubts) == (2, 1)
    ((message, asking),) = open_doubts(relay)
    assert (asking.code, asking.suggestions) == ("refused", ("B2",))
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        with pytest.raises(InputError, match="does not settle"):
            settle(message, "确认", by=liaison, at=now)
        settle(message, "B2", by=liaison, at=now)
    assert asked(relay)["102"] == {"B": "2"}
    assert paste(relay, CHAIN).doubts == 0


def test_stock_that_runs_out_refuses_only_the_last(relay: Relay) -> None:
    relay.ask("201", {"E1": "97"})
    done = paste(relay, CHAIN.partition("\n3.")[0])
    assert (done.entered, done.doubts) == (1, 1)
    assert asked(relay) == {"101": {"A": "1", "B": "2"}, "201": {"B": "97"}}
    ((_, asking),) = open_doubts(relay)
    assert "鸡蛋" in str(asking.sentence)


def test_only_who_takes_orders_there(relay: Relay) -> None:
    for who in (relay.staff("auditor"), relay.staff("building_head", "d.s.c.k.1"), relay.resident("101")):
        with acting_as(who) as now, pytest.raises(Denied):
            take_text(relay.round, CHAIN, by=who, at=now)


@pytest.mark.parametrize("text", ["", "  \n", "大家好\n收到", "\0"])
def test_nothing_in_it(relay: Relay, text: str) -> None:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now, pytest.raises(InputError):
        take_text(relay.round, text, by=liaison, at=now)


def test_put_aside(relay: Relay) -> None:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        intake = take_text(relay.round, CHAIN, by=liaison, at=now)
        drop(intake, by=liaison, at=now)
        assert not Intake.objects.exists()
    paste(relay, CHAIN)
    with acting_as(liaison) as now, pytest.raises(InputError, match="confirmed already"):
        drop(Intake.objects.get(), by=liaison, at=now)


def test_settling_doubts_does_not_read_the_same_words_again(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    slow = sources.read_text
    monkeypatch.setattr(sources, "read_text", lambda text, **known: read.append(text) or slow(text, **known))
    paste(relay, CHAIN.replace("1-102 B3", "1-1002 B3"))
    ((message, _),) = open_doubts(relay)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        settle(message, "作废", by=liaison, at=now)
    assert len(read) == 1


def test_one_question_for_doubts_of_one_cause(relay: Relay) -> None:
    """A home without its building is asked for once, and the answer is remembered for each of its doubts."""
    paste(relay, CHAIN + "\n4. 501 B2")
    found = open_doubts(relay)
    assert len({message.raw for message, _ in found}) == len(found)
    message, asking = next((one, asking) for one, asking in found if "501" in (one.raw or ""))
    assert {one.code for one in asking.also} | {asking.code} == {"building_missing", "which_home"}
    assert any(piece.is_doubted and piece.text == "501" for piece in excerpt(message.raw or "", asking))
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        settle(message, "1-102", by=liaison, at=now)
    assert asked(relay)["102"]["B"] in ("2", "5")
    with acting_as(SYSTEM):
        keys = {one.key for one in Answer.objects.all()}
    assert {asking.key, *(one.key for one in asking.also)} <= keys


def test_an_answer_holds_for_the_same_words_elsewhere(relay: Relay) -> None:
    paste(relay, "#接龙\nA 大米 B 鸡蛋 C 土豆\n1. 1-101 鸡蛋糕2份\n2. 1-102 A1 鸡蛋糕3份")
    first, second = open_doubts(relay)
    assert first[1].sentence == second[1].sentence
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        done = settle(first[0], first[1].suggestions[0], by=liaison, at=now)
    assert (done.doubts, done.also) == (0, 1)
    assert len(asked(relay)) == 2
    with acting_as(SYSTEM):
        assert Message.objects.filter(state="settled", settled_by=liaison.key).count() == 2


def test_yes_for_all_that_ask_the_same_is_no_yes_for_others(relay: Relay) -> None:
    with acting_as(SYSTEM):
        relay.round.items.filter(code="B").update(limit=1)
    paste(relay, CHAIN)
    found = open_doubts(relay)
    assert all(asking.code == "refused" for _, asking in found)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now, pytest.raises(InputError, match="does not settle"):
        settle(found[0][0], "确认", by=liaison, at=now, and_alike=True)
    assert len(open_doubts(relay)) == len(found)


def test_an_answer_leaves_the_round_as_a_reading_of_the_whole_would(relay: Relay) -> None:
    with acting_as(SYSTEM):
        relay.round.items.filter(code="B").update(limit=2)
    paste(
        relay, f"{CHAIN}\n4. 1-103 大礼包1份\n5. 1-102 大米1份 鸡旦1板\n6. 9-999 A1\n7. 2-201 面包些\n8. +1"
    )
    liaison = relay.staff("liaison")
    for typed in ("B2", "1-101", "A1", "作废", "确认", "作废", "作废", "作废"):
        for message, asking in open_doubts(relay)[:1]:
            with acting_as(liaison) as now, contextlib.suppress(InputError):
                settle(message, asking.suggestions[0] if asking.suggestions else typed, by=liaison, at=now)
            with acting_as(SYSTEM):
                plan = plan_of(relay.round)
            doubts = {one.key: one.code for _, one in open_doubts(relay)}
            refused = {key for key, code in doubts.items() if code == "refused"}
            assert {one.asking.key for one in plan.doubts} == doubts.keys() - refused
            assert {refused_key(relay.round, one) for one in plan.judged if one.is_entered} == refused


def test_an_answer_reads_all_anew_where_the_roster_has_changed(relay: Relay) -> None:
    paste(relay, f"{CHAIN}\n4. 1-309 A1\n5. 9-999 A1")
    door = relay.household["102"].place
    with acting_as(SYSTEM):
        Place.objects.filter(pk=door.pk).update(name="309")
    liaison = relay.staff("liaison")
    by_code = {asking.code: message for message, asking in open_doubts(relay)}
    with acting_as(liaison) as now:
        settle(by_code["no_such_building"], "作废", by=liaison, at=now)
    assert asked(relay)["309"] == {"A": "1"}


def test_the_last_answer_is_taken_back_with_all_that_it_entered(relay: Relay) -> None:
    text = f"{CHAIN}\n4. 1-102 再加大礼包1份"
    paste(relay, text)
    before, doubts = asked(relay), {one.key for _, one in open_doubts(relay)}
    liaison = relay.staff("liaison")
    for typed in ("大米1袋", "作废", "大米1袋"):
        message = next(one for one, asking in open_doubts(relay) if asking.code == "unknown_good")
        with acting_as(liaison) as now:
            settle(message, typed, by=liaison, at=now)
        after = asked(relay)
        assert after["102"] == ({"B": "3"} if typed == "作废" else {"A": "1", "B": "3"})
        with acting_as(liaison) as now:
            assert take_back(relay.round, by=liaison, at=now).pk == message.pk
        assert asked(relay) == before
        assert {one.key for _, one in open_doubts(relay)} == doubts
        with acting_as(SYSTEM):
            assert not Answer.objects.exists()
    with acting_as(liaison) as now, pytest.raises(InputError, match="no answer of yours"):
        take_back(relay.round, by=liaison, at=now)


def test_an_answer_stays_where_its_order_was_changed_since(relay: Relay) -> None:
    paste(relay, "#接龙\n1. 1-102 大礼包1份")
    liaison = relay.staff("liaison")
    ((message, _),) = open_doubts(relay)
    with acting_as(liaison) as now:
        settle(message, "大米2袋", by=liaison, at=now)
    relay.ask("102", {"E1": "1"})
    with acting_as(liaison) as now, pytest.raises(InputError, match="changed again since"):
        take_back(relay.round, by=liaison, at=now)
    assert asked(relay)["102"] == {"B": "1"}
