"""Whatever anybody does to the journal by hand shows, and says which line."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from clusters import PATIENCE_S
from django.db import connections, transaction
from django.db.utils import ProgrammingError

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.ground.journal import actions, anchor, rules
from lastmetre.ground.journal.anchor import Head
from lastmetre.ground.journal.models import Entry, Link
from lastmetre.ground.journal.queries import verify as verifying
from lastmetre.ground.journal.queries.verify import (
    CHANGED,
    DELETED,
    FORGED,
    LINK_CHANGED,
    REPLACED,
    Finding,
    cut_off,
    links_gone,
    verify,
)
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

LINES = 12
Superuser = Callable[..., None]


@pytest.fixture
def own_keys(key_file: Path, tmp_path: Path, settings: object) -> None:
    """A copy of the keys, so that no other test's anchor lies beside them."""
    settings.KEY_FILE = Path(shutil.copy(key_file, tmp_path))  # type: ignore[attr-defined]


@pytest.fixture
def journal(own_database: str, own_keys: None) -> list[UUID]:
    """A sealed journal; its lines' ids in the order of the chain."""
    with acting_as(SYSTEM) as now:
        for number in range(LINES):
            actions.record(
                "put\tunder\\", "places.place", uuid4(), by=SYSTEM, at=now, path="d.c", why="王芳", n=number
            )
    assert actions.seal() == LINES
    with acting_as(SYSTEM):
        return list(Link.objects.order_by("position").values_list("entry", flat=True))


@pytest.fixture
def superuser(cluster: Cluster, own_database: str) -> Iterator[Superuser]:
    with psycopg.connect(cluster.url(Role.KEEPER, "own"), autocommit=True) as held:

        def run(statement: str, *values: object) -> None:
            held.execute(statement, values)

        yield run


def found() -> list[tuple[int, str]]:
    return [(one.position, one.what.template) for one in verify()]


def test_an_untouched_journal_is_whole(journal: list[UUID]) -> None:
    assert found() == []


@pytest.mark.parametrize(
    "column",
    "at=at+'1s' actor='x' actor_kind='x' device='x' verb='x' kind='x' thing=gen_random_uuid() path='x'"
    " why='\\x00' detail='{\"n\":99}' mark='\\x00'".split(),
)
def test_every_change_of_a_line_is_found_and_only_that_line(
    journal: list[UUID], superuser: Superuser, column: str
) -> None:
    superuser(f"UPDATE journal_entry SET {column} WHERE id = %s", journal[4])
    assert list(verify()) == [Finding(5, journal[4], CHANGED)]


def test_a_deleted_line_is_found(journal: list[UUID], superuser: Superuser) -> None:
    superuser("DELETE FROM journal_entry WHERE id = %s", journal[4])
    assert list(verify()) == [Finding(5, journal[4], DELETED)]


def test_a_line_deleted_with_its_link_is_found(journal: list[UUID], superuser: Superuser) -> None:
    superuser("DELETE FROM journal_entry WHERE id = ANY(%s)", journal[4:6])
    superuser("DELETE FROM journal_link WHERE entry = ANY(%s)", journal[4:6])
    assert found() == [(5, links_gone(0).template)]
    assert next(verify()).what.text().endswith("from here to line 6 were removed.")


def test_closing_the_hole_does_not_hide_it(journal: list[UUID], superuser: Superuser) -> None:
    superuser("DELETE FROM journal_entry WHERE id = %s", journal[4])
    superuser("DELETE FROM journal_link WHERE entry = %s", journal[4])
    superuser("UPDATE journal_link SET position = position + 1000 WHERE position > 5")
    superuser("UPDATE journal_link SET position = position - 1001 WHERE position > 1000")
    assert found()[0] == (5, CHANGED.template)
    assert found()[-1][1] == cut_off(0).template


def test_an_added_line_is_found_before_and_after_it_is_sealed(
    journal: list[UUID], superuser: Superuser
) -> None:
    superuser(
        "INSERT INTO journal_entry (id, response_id, at, actor, actor_kind, device, verb, kind, path, why, detail, mark)"
        " SELECT gen_random_uuid(), response_id, at, actor, actor_kind, '', 'x', kind, path, why, detail, mark"
        " FROM journal_entry LIMIT 1"
    )
    assert found() == [(0, FORGED.template)]
    actions.seal(thorough=True)
    assert found() == [(LINES + 1, FORGED.template)]


def test_a_line_put_into_the_middle_is_found(journal: list[UUID], superuser: Superuser) -> None:
    superuser("UPDATE journal_link SET position = position + 1000 WHERE position > 5")
    superuser("UPDATE journal_link SET position = position - 999 WHERE position > 999")
    with acting_as(SYSTEM) as now:
        new = actions.record("put", "places.place", by=SYSTEM, at=now, path="d")
    superuser("INSERT INTO journal_link VALUES (6, %s, %s)", new.pk, b"x" * 32)
    assert (6, CHANGED.template) in found()


def test_swapped_lines_are_found(journal: list[UUID], superuser: Superuser) -> None:
    superuser("UPDATE journal_link SET entry = gen_random_uuid() WHERE position = 3")
    superuser("UPDATE journal_link SET entry = %s WHERE position = 8", journal[2])
    superuser("UPDATE journal_link SET entry = %s WHERE position = 3", journal[7])
    assert found() == [(3, CHANGED.template), (8, CHANGED.template)]


def test_a_changed_link_is_told_from_a_changed_line(journal: list[UUID], superuser: Superuser) -> None:
    superuser("UPDATE journal_link SET digest = %s WHERE position = 5", b"x" * 32)
    assert list(verify()) == [Finding(5, journal[4], LINK_CHANGED)]


def test_several_faults_are_all_told(journal: list[UUID], superuser: Superuser) -> None:
    superuser("UPDATE journal_entry SET actor = 'x' WHERE id = ANY(%s)", [journal[1], journal[2], journal[9]])
    superuser("DELETE FROM journal_entry WHERE id = %s", journal[5])
    assert [position for position, _ in found()] == [2, 3, 6, 10]


def test_a_journal_that_was_cut_off_is_found_and_not_sealed_over(
    journal: list[UUID], superuser: Superuser
) -> None:
    superuser("DELETE FROM journal_entry WHERE id = ANY(%s)", journal[8:])
    superuser("DELETE FROM journal_link WHERE position > 8")
    assert [(one.position, one.what.text()) for one in verify()] == [
        (8, "The journal was cut off here: it had gone on to line 12.")
    ]
    with acting_as(SYSTEM) as now:
        actions.record("put", "places.place", by=SYSTEM, at=now, path="d")
    with pytest.raises(InputError, match="ends before line 12"):
        actions.seal()


def test_an_emptied_journal_is_found(journal: list[UUID], superuser: Superuser) -> None:
    superuser("TRUNCATE journal_entry, journal_link")
    assert found() == [(0, cut_off(0).template)]


def test_another_journal_in_its_place_is_found(journal: list[UUID], superuser: Superuser) -> None:
    superuser("DELETE FROM journal_link")
    held = anchor.read()
    anchor.path().unlink()
    with acting_as(SYSTEM) as now:
        actions.record("put", "places.place", by=SYSTEM, at=now, path="d")
    superuser("DELETE FROM journal_entry WHERE id = %s", journal[3])
    actions.seal()
    assert held is not None
    anchor.write(held)
    assert found() == [(LINES, REPLACED.template)]


def test_after_a_restored_backup_the_break_is_written_down(journal: list[UUID], superuser: Superuser) -> None:
    superuser("DELETE FROM journal_entry WHERE id = ANY(%s)", journal[8:])
    superuser("DELETE FROM journal_link WHERE position > 8")
    actions.accept_break(by=Actor("admin", ActorKind.STAFF, sees=("",)), why="the disk died")
    assert found() == []
    with acting_as(SYSTEM):
        line = Entry.objects.get(verb="accepted")
        assert line.why == "the disk died"
        assert (line.detail["ended_at"], line.detail["was_at"]) == (8, 12)


def test_lines_that_commit_late_are_sealed_and_nobody_waits(journal: list[UUID]) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with acting_as(SYSTEM) as now:
                actions.record("slow", "places.place", by=SYSTEM, at=now, path="d")
                begun.set()
                assert go_on.wait(PATIENCE_S)
        finally:
            connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    assert begun.wait(PATIENCE_S)
    with acting_as(SYSTEM) as now:
        actions.record("fast", "places.place", by=SYSTEM, at=now, path="d")
    assert actions.seal() == 1
    go_on.set()
    writer.join()
    assert actions.seal() == 1
    assert found() == []
    with acting_as(SYSTEM):
        last = Link.objects.order_by("-position").first()
        assert Entry.objects.get(pk=last.entry).verb == "slow"


def test_two_sealers_do_not_get_into_each_others_way(journal: list[UUID]) -> None:
    with acting_as(SYSTEM) as now:
        for _ in range(50):
            actions.record("put", "places.place", by=SYSTEM, at=now, path="d")
    sealed: list[int] = []

    def run() -> None:
        try:
            sealed.append(actions.seal())
        finally:
            connections.close_all()

    sealers = [threading.Thread(target=run) for _ in range(4)]
    for one in sealers:
        one.start()
    for one in sealers:
        one.join()
    assert sum(sealed) == 50
    assert found() == []


def test_a_run_can_be_taken_up_where_it_stopped(journal: list[UUID], superuser: Superuser) -> None:
    with acting_as(SYSTEM):
        middle = Link.objects.get(position=6)
    superuser("UPDATE journal_entry SET actor = 'x' WHERE id = ANY(%s)", [journal[2], journal[9]])
    assert [one.position for one in verify(after=Head(6, bytes(middle.digest)))] == [10]


@pytest.mark.parametrize("chunk", [1, 2, 5])
def test_chunks_change_nothing(
    journal: list[UUID], superuser: Superuser, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(verifying, "CHUNK", chunk)
    superuser("UPDATE journal_entry SET actor = 'x' WHERE id = %s", journal[1])
    superuser("DELETE FROM journal_link WHERE position BETWEEN 4 AND 9")
    assert found()[:2] == [(2, CHANGED.template), (4, links_gone(0).template)]
    assert found()[-1][0] != 12


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET actor = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "UPDATE journal_link SET digest = ''",
        "DELETE FROM journal_link",
        "TRUNCATE journal_link",
        "ALTER TABLE journal_entry DISABLE ROW LEVEL SECURITY",
        "DROP TABLE journal_link",
    ],
)
def test_the_application_itself_can_only_add_and_read(db: None, statement: str) -> None:
    from django.db import connection

    with (
        acting_as(SYSTEM),
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_place_of_an_alarm_holds_all_places_read_of() -> None:
    assert rules.common_path(["a.b.c", "a.b.d", "a.b"]) == "a.b"
    assert rules.common_path(["a.b", "c"]) == ""
    assert rules.common_path(["a.bc", "a.bd"]) == "a"
