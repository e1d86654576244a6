"""A stolen dump, backup or disk holds no personal value that can be read (trust.md 17)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from actors import HOUSEHOLDS, build_town
from django.apps import apps
from django.db import connection
from strangers import Strangers, strangers

from lastmetre.cli.database.clients import Client
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.ground.journal import actions as journal
from lastmetre.ground.people.actions import persons
from lastmetre.ground.places.actions.bulk import NewHousehold, add_households
from lastmetre.ground.places.actions.households import edit_household, reveal
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.fields import PersonalText
from lastmetre.ground.protection.scope import acting_as

BY_ACTIONS = ("欧阳霓虹", "15900007777", "夜里咳嗽", "司马相如", "15900008888", "他要送药")
"""What the actions below write: names, phones, a note, a reason."""


@pytest.fixture
def written(own_database: str) -> list[str]:
    """A database in which every personal field of every model holds a value; returns the values."""
    town = build_town()
    sets = strangers(town)
    with acting_as(SYSTEM) as now:
        live(town, now)
    connection.close()
    return [*_personal(sets), *BY_ACTIONS, *(word for home in HOUSEHOLDS.values() for word in home)]


def live(town: Any, now: datetime) -> None:
    """Do with people what actions do, so that their lines in the journal are in the dump too."""
    name, phone, note, other, other_phone, why = BY_ACTIONS
    door = NewHousehold(
        town.path["d.s.c.k.2.u"].pk, "202", name=name, phone=phone, head_count=2, needs=("infant",)
    )
    add_households([door], by=SYSTEM, at=now)
    home = Household.objects.get(pk=door.id)
    edit_household(home, floor=2, head_count=3, by=SYSTEM, at=now, note=note)
    reveal(home, by=SYSTEM, at=now, why=why)
    person = persons.add_person(
        by=SYSTEM, at=now, place=town.place["开元丽城"], name=other, phone=other_phone
    )
    persons.change_person(person, by=SYSTEM, at=now, name=name, phone=phone)
    persons.let_go(person, by=SYSTEM, at=now, why=why)
    journal.claim_request("k", asked=phone.encode(), by=SYSTEM, at=now)


def _personal(sets: tuple[Strangers, ...]) -> list[str]:
    fields = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, PersonalText)
    }
    written = {of for one in sets for of in one.texts.values()}
    assert fields <= written
    return [text for one in sets for text, of in one.texts.items() if of in fields]


def dumped(cluster: Cluster) -> bytes:
    client = Client(cluster.url(Role.KEEPER, "own"))
    with client.running("pg_dump", "--format=plain", stdout=subprocess.PIPE) as dumping:
        written = dumping.process.stdout
        assert written is not None
        return written.read()


def on_disk(cluster: Cluster) -> bytes:
    """Return the tables' files and the write-ahead log, after all has reached them."""
    with psycopg.connect(cluster.url(Role.KEEPER, "own"), autocommit=True) as keeper:
        keeper.execute("CHECKPOINT")
        oid = keeper.execute("SELECT oid FROM pg_database WHERE datname = 'own'").fetchone()
        folder = Path(str(keeper.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
    assert oid is not None
    files = [*(folder / "base" / str(oid[0])).iterdir(), *(folder / "pg_wal").glob("0*")]
    return b"".join(file.read_bytes() for file in files)


def found(where: bytes, values: list[str]) -> list[str]:
    return [value for value in values if value.encode() in where]


@pytest.mark.parametrize("where", [dumped, on_disk])
def test_nothing_personal_can_be_read_without_the_keys(
    written: list[str], cluster: Cluster, where: Callable[[Cluster], bytes]
) -> None:
    assert found(where(cluster), written) == []


@pytest.mark.parametrize("where", [dumped, on_disk])
def test_a_value_in_clear_is_found(
    written: list[str], cluster: Cluster, where: Callable[[Cluster], bytes]
) -> None:
    with psycopg.connect(cluster.url(Role.KEEPER, "own"), autocommit=True) as keeper:
        keeper.execute("UPDATE places_place SET name = %s WHERE name = '102'", [BY_ACTIONS[0]])
    assert found(where(cluster), written) == [BY_ACTIONS[0]]


def test_what_the_search_index_holds_is_not_guessed_from_a_phone(written: list[str]) -> None:
    """Marks are keyed: the hash that anybody can compute of a phone is not in the table."""
    import hashlib

    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT unnest(search_marks) FROM places_household")
        marks = {mark for (mark,) in cursor.fetchall()}
    assert marks
    for name in ("sha256", "sha1", "md5", "blake2b"):
        for term in ("13800000101", "phone:13800000101", "tail:0101", "0101", "王芳", "name:王芳"):
            digest = hashlib.new(name, term.encode()).digest()
            for sign in (True, False):
                assert int.from_bytes(digest[:8], "big", signed=True) not in marks
                assert int.from_bytes(digest[:8], "little", signed=sign) not in marks
