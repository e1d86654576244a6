"""What is personal is sealed to its row, found by marks, and gone when its response is erased."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind
from lastmetre.ground.protection.responses import erase, open_response, response_for, standing_response
from lastmetre.ground.protection.scope import acting_as
from lastmetre.ground.protection.search import initials_of, matching
from lastmetre.terms import InputError


def place(name: str, path: str, parent: Place | None = None) -> Place:
    kind = "compound" if parent else "district"
    return Place.objects.create(kind=kind, name=name, path=path, sort_key=name, parent=parent)


def household(door: Place, **known: object) -> Household:
    row = Household(place=door, response=response_for(door.path), **known)
    row.save(force_insert=True)
    return row


def raw(row: Household, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM places_household WHERE id = %s', [row.pk])
        return bytes(cursor.fetchone()[0])


@pytest.fixture
def door(as_system: datetime) -> Place:
    return place("开元丽城", "d.c", place("二七区", "d"))


@pytest.mark.parametrize("text", ["单雄信", "", "0", "O'Brien; DROP TABLE", "王" * 500])
def test_what_is_written_is_read_again_and_never_stored_in_clear(door: Place, text: str) -> None:
    row = household(door, name=text)
    assert Household.objects.get().name == text
    assert len(text) < 4 or text.encode() not in raw(row, "name")  # random bytes hold any short text
    row.refresh_from_db()
    row.floor = 3
    row.save()
    assert Household.objects.get().name == text


def test_the_same_text_is_sealed_differently_each_time(door: Place) -> None:
    row = household(door, name="王芳", phone="王芳")
    assert raw(row, "name") != raw(row, "phone")


def test_a_value_moved_to_another_row_or_column_does_not_open(door: Place) -> None:
    row = household(door, name="王芳", phone="13800000001")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE places_household SET name = phone")
    with pytest.raises(InputError, match="does not belong to its row"):
        _ = Household.objects.get(pk=row.pk).name


def test_personal_fields_cannot_be_filtered_or_ordered(door: Place) -> None:
    with pytest.raises(Exception, match="Unsupported lookup"):
        Household.objects.filter(name="王芳").count()


@pytest.mark.parametrize("words", ["单雄信", "单", "雄信", "sxx", "dxx", "1234", "138 0000 1234", "１２３４"])
def test_a_household_is_found_by_name_initials_or_phone(door: Place, words: str) -> None:
    household(door, name="单雄信", phone="13800001234")
    assert Household.objects.filter(matching(words)).count() == 1


@pytest.mark.parametrize("words", ["", "  ", "李", "9999", "xx", "雄", "13800001"])
def test_nothing_else_finds_it(door: Place, words: str) -> None:
    household(door, name="单雄信", phone="13800001234")
    assert Household.objects.filter(matching(words)).count() == 0


def test_initials_know_every_reading() -> None:
    assert {"sxx", "dxx", "cxx"} <= set(initials_of("单雄信"))
    assert len(initials_of("行" * 9)) <= 16


def test_an_erased_response_cannot_be_read_or_found(door: Place, as_system: datetime) -> None:
    open_response(name="2026", path="d", at=as_system)
    row = household(door, name="王芳", phone="13800001234")
    erased = erase(row.response, at=as_system)
    assert erased.key_fingerprint
    assert Household.objects.get().name is None
    assert Household.objects.filter(matching("1234")).count() == 0
    assert response_for("d.c") == standing_response(as_system)


def test_two_responses_cannot_be_open_at_one_place(as_system: datetime) -> None:
    open_response(name="2026", path="d", at=as_system)
    with pytest.raises(InputError, match="already open"):
        open_response(name="again", path="d", at=as_system)


# Rows


def test_without_an_actor_no_row_is_seen(db: None) -> None:
    with acting_as(SYSTEM):
        place("二七区", "d")
    assert Place.objects.count() == 0


def test_a_building_head_sees_below_and_the_names_above(door: Place) -> None:
    place("别处", "d.x", door.parent)
    household(door, name="王芳")
    with acting_as(Actor("head", ActorKind.STAFF, sees=("d.c",))):
        assert set(Place.objects.values_list("name", flat=True)) == {"二七区", "开元丽城"}
        assert Household.objects.count() == 1
    with acting_as(Actor("other", ActorKind.STAFF, sees=("d.x",))):
        assert Household.objects.count() == 0
    assert Household.objects.count() == 1


def test_nobody_writes_outside_what_they_see(door: Place) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        acting_as(Actor("other", ActorKind.STAFF, sees=("d.x",))),
    ):
        Place.objects.create(kind="building", name="1", path="d.c.n", sort_key="1")


def test_a_moved_place_takes_its_rows_along(door: Place) -> None:
    household(door, name="王芳")
    Place.objects.filter(pk=door.pk).update(path="d.moved")
    assert Household.objects.get().path == "d.moved"
    assert Household.objects.get().name == "王芳"
