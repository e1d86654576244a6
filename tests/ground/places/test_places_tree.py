"""Places nest as the rules say; what moves takes everything along; nothing is ever deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_district import Small, staff

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.places.actions.bulk import NewHousehold, NewPlace, add_households, add_places
from lastmetre.ground.places.actions.tree import (
    edit_place,
    end_place,
    move_place,
    record_survey,
    restore_place,
)
from lastmetre.ground.places.models import Building, Household, Place
from lastmetre.ground.places.rules import PlaceKind, can_lie_within, pinyin_of, sort_key
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.terms import InputError


def lines(small: Small) -> list[str]:
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def test_a_path_is_the_labels_of_all_places_above(small: Small) -> None:
    unit = small["1-2"]
    above = [small["district"], small["street"], small["compound"], small["1"], unit]
    for place, parent in zip(above[1:], above, strict=False):
        assert place.path.startswith(parent.path + ".")
        assert place.path.count(".") == parent.path.count(".") + 1
    assert small.household("1-2-1701").path == Place.objects.get(name="1701").path


@pytest.mark.parametrize(
    ("kind", "parent", "may"),
    [
        ("district", None, True),
        ("compound", None, False),
        ("unit", "building", True),
        ("household", "building", True),
        ("household", "village", True),
        ("building", "unit", False),
        ("compound", "compound", False),
        ("county", "city", True),
        ("county", "district", False),
    ],
)
def test_kinds_lie_only_where_the_rules_say(kind: str, parent: str | None, may: bool) -> None:
    assert can_lie_within(PlaceKind(kind), PlaceKind(parent) if parent else None) is may


def test_a_place_that_does_not_fit_is_refused_with_all_its_list(small: Small) -> None:
    before = Place.objects.count()
    good = NewPlace(PlaceKind.BUILDING, "2", small["compound"].pk)
    bad = NewPlace(PlaceKind.COMPOUND, "错苑", good.id)
    with pytest.raises(InputError, match="错苑: a Compound cannot lie within a Building"):
        add_places([good, bad], by=SYSTEM, at=small.at)
    assert Place.objects.count() == before


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_name_must_be_a_name(small: Small, name: str) -> None:
    with pytest.raises(InputError):
        add_places([NewPlace(PlaceKind.DISTRICT, name, None)], by=SYSTEM, at=small.at)


def test_siblings_have_different_names(small: Small) -> None:
    twin = NewPlace(PlaceKind.BUILDING, "10", small["compound"].pk)
    with pytest.raises(InputError, match="already a place called “10”"):
        add_places([twin], by=SYSTEM, at=small.at)
    pair = [NewPlace(PlaceKind.BUILDING, "11", small["compound"].pk) for _ in range(2)]
    with pytest.raises(InputError, match="already a place called “11”"):
        add_places(pair, by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="already a place called “1”"):
        edit_place(small["10"], name="1", by=SYSTEM, at=small.at)


def test_places_list_in_the_order_in_which_people_count() -> None:
    names = ["10号楼", "9号楼", "1栋", "2", "1701", "201", "甲2", "甲10"]
    ordered = ["1栋", "2", "9号楼", "10号楼", "201", "1701", "甲2", "甲10"]
    assert sorted(names, key=sort_key) == ordered


def test_a_place_is_found_by_initials_of_name_and_alias() -> None:
    assert " kylc " in pinyin_of("开元丽城", ["丽城"])
    assert " lc " in pinyin_of("开元丽城", ["丽城"])
    assert pinyin_of("12", []) == ""


def test_one_line_tells_of_many_places(small: Small) -> None:
    entry = Entry.objects.filter(kind="places.place", verb="add").get()
    assert entry.detail == {"district": 1, "subdistrict": 1, "compound": 2, "building": 3, "unit": 2}
    entry = Entry.objects.get(kind="places.household", verb="add")
    assert entry.path == small["street"].path
    assert entry.detail == {"household": 4}


def test_a_moved_building_keeps_ids_names_and_people(small: Small) -> None:
    edit_place(small["other-1"], name="9", by=SYSTEM, at=small.at)
    move_place(small["1"], to=small["other"], by=SYSTEM, at=small.at)
    assert small["1"].parent_id == small["other"].pk
    assert small["1-2"].path == f"{small['1'].path}.{small['1-2'].path.rsplit('.', 1)[1]}"
    household = small.household("1-2-1701")
    assert household.path.startswith(small["other"].path + ".")
    assert household.name == "王芳"
    assert Building.objects.get(place=small["1"].pk).path == small["1"].path
    assert Place.objects.filter(path__within=small["compound"].path).count() == 3


def test_a_move_is_one_statement(small: Small) -> None:
    edit_place(small["other-1"], name="9", by=SYSTEM, at=small.at)
    place, to = small["1"], small["other"]
    with connection.execute_wrapper(counting := Counting()):
        move_place(place, to=to, by=SYSTEM, at=small.at)
    assert len([sql for sql in counting.seen if sql.lstrip().startswith("UPDATE")]) == 1


class Counting:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self.seen.append(sql)
        return execute(sql, params, many, context)


def test_no_place_moves_into_itself_or_where_it_does_not_fit(small: Small) -> None:
    with pytest.raises(InputError, match="cannot lie within"):
        move_place(small["district"], to=small["street"], by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="must lie within"):
        move_place(small["1"], to=None, by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="already a place called “1”"):
        move_place(small["1"], to=small["other"], by=SYSTEM, at=small.at)


def test_the_database_itself_refuses_a_path_that_is_not_below_its_parent(small: Small) -> None:
    with pytest.raises(Exception, match="places_place_below_parent"):
        Place.objects.filter(pk=small["1"].pk).update(path="elsewhere.x")


def test_ending_ends_the_subtree_and_restoring_brings_back_what_was_ended_with_it(small: Small) -> None:
    later = small.at.replace(year=small.at.year + 1)
    end_place(small["1-1"], by=SYSTEM, at=small.at)
    assert end_place(small["1"], why="拆迁", by=SYSTEM, at=later) == 3
    assert Household.objects.count() == 4
    with pytest.raises(InputError, match="no longer in use"):
        add_places([NewPlace(PlaceKind.UNIT, "3", small["1"].pk)], by=SYSTEM, at=later)
    with pytest.raises(InputError, match="no longer in use"):
        restore_place(small["1-2"], by=SYSTEM, at=later)
    assert restore_place(small["1"], by=SYSTEM, at=later) == 3
    assert small["1-2"].ended_at is None
    assert small["1-1"].ended_at == small.at


def test_a_name_is_free_again_after_its_place_has_ended(small: Small) -> None:
    end_place(small["10"], by=SYSTEM, at=small.at)
    add_places([NewPlace(PlaceKind.BUILDING, "10", small["compound"].pk)], by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="already a place called “10”"):
        restore_place(small["10"], by=SYSTEM, at=small.at)


def test_who_may_edit_one_compound_may_not_edit_another(small: Small) -> None:
    head = staff(small["compound"].path)
    with pytest.raises(Denied):
        edit_place(small["other"], name="x", by=head, at=small.at)
    with pytest.raises(Denied):
        move_place(small["1"], to=small["other"], by=head, at=small.at)
    with pytest.raises(Denied):
        add_places([NewPlace(PlaceKind.DISTRICT, "新区", None)], by=head, at=small.at)
    edit_place(small["compound"], name="开元", by=head, at=small.at)


def test_a_survey_is_kept_and_told(small: Small) -> None:
    record_survey(
        small["other"], households=928, people=2100, needs={"lives_alone": 38}, by=SYSTEM, at=small.at
    )
    assert small["other"].household_count == 928
    assert small["other"].need_counts == {"lives_alone": 38}
    assert Entry.objects.get(verb="survey").detail["people"] == 2100
    with pytest.raises(InputError, match="no need"):
        record_survey(small["other"], households=1, people=1, needs={"flu": 1}, by=SYSTEM, at=small.at)


KINDS = ["district", "subdistrict", "community", "compound", "building", "unit"]


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_moved_and_ended_the_tree_stays_a_tree(as_system: datetime, data: st.DataObject) -> None:
    """Against a model of parents and names: paths are ancestors, siblings differ, rows follow, nothing is lost."""
    with transaction.atomic():
        root = NewPlace(PlaceKind.CITY, "root", None)
        rows, parents = [root], {root.id: None}
        for number in range(data.draw(st.integers(3, 14))):
            above = data.draw(st.sampled_from(rows))
            kinds = [kind for kind in KINDS if can_lie_within(PlaceKind(kind), above.kind)]
            if kinds:
                kind = PlaceKind(data.draw(st.sampled_from(kinds)))
                rows.append(NewPlace(kind, f"p{number}", above.id))
                parents[rows[-1].id] = above.id
        add_places(rows, by=SYSTEM, at=as_system)
        doors = [
            NewHousehold(row.id, "1", name="王芳")
            for row in rows
            if row.kind in (PlaceKind.BUILDING, PlaceKind.UNIT)
        ]
        add_households(doors, by=SYSTEM, at=as_system)
        ended: set[UUID] = set()
        for _ in range(data.draw(st.integers(1, 6))):
            chosen, to = data.draw(st.sampled_from(rows)), data.draw(st.sampled_from(rows))
            place, target = Place.objects.get(pk=chosen.id), Place.objects.get(pk=to.id)
            if data.draw(st.booleans()):
                end_place(place, by=SYSTEM, at=as_system)
                ended |= {one for one in parents if chosen.id in chain(one, parents)}
                continue
            fits = can_lie_within(chosen.kind, to.kind) and chosen.id not in chain(to.id, parents)
            if fits and to.id not in ended:
                move_place(place, to=target, by=SYSTEM, at=as_system)
                parents[chosen.id] = to.id
            else:
                with pytest.raises(InputError):
                    move_place(place, to=target, by=SYSTEM, at=as_system)
        found = {place.pk: place for place in Place.objects.exclude(kind="household")}
        assert found.keys() == parents.keys()
        for pk, place in found.items():
            assert place.parent_id == parents[pk]
            assert (place.ended_at is not None) == (pk in ended)
            above = [found[one].path.rsplit(".", 1)[-1] for one in reversed(chain(pk, parents))]
            assert place.path == ".".join(above)
        for household in Household.objects.select_related("place__parent"):
            assert household.path == household.place.path
            assert household.path.rpartition(".")[0] == household.place.parent.path
            assert household.name == "王芳"
        for detail in Building.objects.select_related("place"):
            assert detail.path == detail.place.path
        transaction.set_rollback(True)


def chain(pk: UUID, parents: dict[UUID, UUID | None]) -> list[UUID]:
    """Return a place and all above it by the slow way."""
    found = [pk]
    while (above := parents[found[-1]]) is not None:
        found.append(above)
    return found
