"""One regime at a time at a place; the nearest place that has its own decides; history is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_district import Small, staff

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.places.actions.bulk import NewPlace, add_places
from lastmetre.ground.places.actions.regimes import (
    NewPeriod,
    add_history,
    lift,
    put_under,
    save_regime,
    take_back,
)
from lastmetre.ground.places.models import Place, Regime, RegimePeriod
from lastmetre.ground.places.queries.regimes import history, in_force, ordering_rules, own_regimes_below
from lastmetre.ground.places.regime_rules import meaning
from lastmetre.ground.places.rules import HandOver, PlaceKind, Risk, SupplyMode
from lastmetre.ground.protection.actor import SYSTEM, Denied, is_within
from lastmetre.terms import InputError

HOUR = timedelta(hours=1)


def new(place: Place, regime: str, starts_at: datetime, ends_at: datetime | None = None) -> NewPeriod:
    return NewPeriod(place.pk, regime, Risk.HIGH, starts_at, ends_at, announced_at=starts_at, notice="公告")


def code(small: Small, key: str, at: datetime) -> str:
    path = small[key].path
    return in_force([path], at)[path].regime.code


def test_where_nothing_was_decided_all_is_open(small: Small) -> None:
    assert code(small, "compound", small.at) == "open"
    assert SupplyMode.WALK_IN in ordering_rules(small["compound"].path, small.at).supply_modes


def test_the_figures_of_the_plan_come_with_the_installation(db: None, as_system: datetime) -> None:
    control, sealed = Regime.objects.get(pk="control"), Regime.objects.get(pk="sealed")
    assert (control.outing_every_days, control.outing_persons) == (2, 1)  # YX13a
    assert (sealed.request_every_days, sealed.outing_persons) == (3, 0)  # FC5, YX14a
    assert sealed.hand_over == HandOver.DOOR
    assert "walk_in" not in sealed.supply_modes  # YX11c
    assert "Nobody leaves home." in [str(sentence) for sentence in meaning(sealed)]
    sentence = "1 person of a household may go shopping once every 2 days."
    assert sentence in [str(sentence) for sentence in meaning(control)]


def test_a_household_lives_under_the_regime_of_the_nearest_place(small: Small) -> None:
    put_under(small["district"], new(small["district"], "control", small.at), by=SYSTEM, at=small.at)
    put_under(small["compound"], new(small["compound"], "sealed", small.at), by=SYSTEM, at=small.at)
    door = small.household("1-2-1701").path
    found = in_force([door, small["other"].path], small.at)
    assert found[door].regime.code == "sealed"
    assert found[door].place_name == "开元丽城"
    assert found[small["other"].path].regime.code == "control"
    assert ordering_rules(door, small.at).request_every_days == 3


def test_a_new_regime_ends_the_running_one_and_history_stays(small: Small) -> None:
    compound = small["compound"]
    put_under(compound, new(compound, "control", small.at), by=SYSTEM, at=small.at)
    put_under(compound, new(compound, "sealed", small.at + HOUR), by=SYSTEM, at=small.at + HOUR)
    kept = [(period.regime_id, period.ends_at) for period in history(compound)]
    assert kept == [("sealed", None), ("control", small.at + HOUR)]
    assert code(small, "compound", small.at) == "control"
    assert code(small, "compound", small.at + HOUR) == "sealed"
    assert Entry.objects.filter(verb="regime").count() == 2


def test_a_change_announced_for_later_begins_by_itself_and_can_be_taken_back(small: Small) -> None:
    compound = small["compound"]
    put_under(compound, new(compound, "control", small.at), by=SYSTEM, at=small.at)
    later = put_under(compound, new(compound, "open", small.at + 5 * HOUR), by=SYSTEM, at=small.at)
    put_under(compound, new(compound, "sealed", small.at + HOUR), by=SYSTEM, at=small.at + HOUR)
    assert [code(small, "compound", small.at + n * HOUR) for n in (0, 1, 4, 5)] == [
        *("control", "sealed", "sealed", "open")
    ]
    take_back(later, by=SYSTEM, at=small.at + 2 * HOUR)
    assert code(small, "compound", small.at + 6 * HOUR) == "sealed"
    with pytest.raises(InputError, match="has begun"):
        take_back(later, by=SYSTEM, at=small.at + 9 * HOUR)


def test_what_is_taken_back_leaves_the_announced_end(small: Small) -> None:
    compound = small["compound"]
    put_under(compound, new(compound, "control", small.at, small.at + 9 * HOUR), by=SYSTEM, at=small.at)
    between = put_under(compound, new(compound, "sealed", small.at + HOUR), by=SYSTEM, at=small.at)
    take_back(between, by=SYSTEM, at=small.at)
    assert RegimePeriod.objects.get().ends_at == small.at + 9 * HOUR


def test_lifting_gives_the_place_back_to_what_holds_above(small: Small) -> None:
    put_under(small["district"], new(small["district"], "precaution", small.at), by=SYSTEM, at=small.at)
    put_under(small["compound"], new(small["compound"], "sealed", small.at), by=SYSTEM, at=small.at)
    lift(small["compound"], by=SYSTEM, at=small.at + HOUR)
    assert code(small, "compound", small.at + HOUR) == "precaution"
    with pytest.raises(InputError, match="no regime of its own"):
        lift(small["compound"], by=SYSTEM, at=small.at + HOUR)


def test_a_change_says_who_keeps_another_regime_and_can_end_those(small: Small) -> None:
    put_under(small["compound"], new(small["compound"], "precaution", small.at), by=SYSTEM, at=small.at)
    assert [one.place.name for one in own_regimes_below(small["district"], small.at)] == ["开元丽城"]
    change = new(small["district"], "sealed", small.at + HOUR)
    put_under(small["district"], change, also_below=True, by=SYSTEM, at=small.at)
    assert code(small, "compound", small.at) == "precaution"
    assert code(small, "compound", small.at + HOUR) == "sealed"
    assert own_regimes_below(small["district"], small.at + HOUR) == []


def test_two_decisions_for_one_moment_and_ends_before_starts_are_refused(small: Small) -> None:
    compound = small["compound"]
    put_under(compound, new(compound, "control", small.at), by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="already decided"):
        put_under(compound, new(compound, "sealed", small.at), by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="before the start"):
        put_under(compound, new(compound, "sealed", small.at + HOUR, small.at), by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="no regime “curfew”"):
        put_under(compound, new(compound, "curfew", small.at + HOUR), by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="overlap"):
        add_history([new(compound, "open", small.at - HOUR, small.at + HOUR)], by=SYSTEM, at=small.at)


def test_who_decides_for_a_compound_does_not_decide_for_the_street(small: Small) -> None:
    committee = staff(small["compound"].path)
    with pytest.raises(Denied):
        put_under(small["street"], new(small["street"], "open", small.at), by=committee, at=small.at)
    with pytest.raises(Denied):
        save_regime(
            {"code": "x", "name": "x", "supply_modes": ["online"]}, is_new=False, by=committee, at=small.at
        )


def test_a_place_can_have_a_regime_of_its_own(small: Small) -> None:
    values = {
        "code": "stay_put",
        "name": "静态管理",
        "strictness": 3,
        "supply_modes": ["group", "assigned_supplier"],
        "request_every_days": 2,
        "outing_persons": 0,
        "hand_over": "door",
    }
    save_regime(values, is_new=True, by=SYSTEM, at=small.at)
    put_under(small["other"], new(small["other"], "stay_put", small.at), by=SYSTEM, at=small.at)
    assert ordering_rules(small["other"].path, small.at).request_every_days == 2
    with pytest.raises(InputError, match="at least one way"):
        save_regime(values | {"supply_modes": ["teleport"]}, is_new=False, by=SYSTEM, at=small.at)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_never_two_at_once_and_the_nearest_decides(as_system: datetime, data: st.DataObject) -> None:
    """Against a slow oracle: for every hour, the last decision that had begun at the nearest place."""
    with transaction.atomic():
        rows = [NewPlace(PlaceKind.DISTRICT, "d", None)]
        rows.append(NewPlace(PlaceKind.COMMUNITY, "c", rows[0].id))
        rows.append(NewPlace(PlaceKind.COMPOUND, "x", rows[1].id))
        places = add_places(rows, by=SYSTEM, at=as_system)
        decided: dict[str, dict[int, tuple[str, int | None]]] = {place.path: {} for place in places}
        codes = st.sampled_from(["open", "precaution", "control", "sealed"])
        for _ in range(data.draw(st.integers(1, 6))):
            place = data.draw(st.sampled_from(places))
            start = data.draw(st.integers(0, 10))
            length = data.draw(st.none() | st.integers(1, 6))
            known = decided[place.path]
            if start in known:
                continue
            regime = data.draw(codes)
            end = start + length if length else None
            period = new(place, regime, as_system + start * HOUR, as_system + end * HOUR if end else None)
            put_under(place, period, by=SYSTEM, at=as_system)
            known[start] = (regime, end)
        for hour in range(18):
            expected = "open"
            for place in places:  # from the largest to the smallest
                known = decided[place.path]
                begun = max((start for start in known if start <= hour), default=None)
                if begun is not None and (known[begun][1] is None or hour < known[begun][1]):
                    expected = known[begun][0]
                assert is_within(places[-1].path, place.path)
            moment = as_system + hour * HOUR
            path = places[-1].path
            assert in_force([path], moment)[path].regime.code == expected
        transaction.set_rollback(True)
