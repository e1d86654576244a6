"""Jobs of a killed worker are begun again; the journal is sealed and old keys go by themselves."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from lastmetre.ground.journal import actions, jobs
from lastmetre.ground.journal.models import AnsweredRequest, Link
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.web import jobs as keeping

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


JOB = "tests.orphan"


@app.task(name=JOB)
def orphan() -> None:
    """A job whose worker died."""


async def left_of_an_orphan(*, attempts: int) -> dict[str, str]:
    """Let a job's worker die, run another worker; returns the states of its jobs left."""
    from procrastinate.contrib.django.django_connector import DjangoConnector

    running = app.with_connector(DjangoConnector().get_worker_connector())
    async with running.open_async():
        await running.configure_task(JOB).defer_async()
        await running.connector.execute_query_async(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL, attempts = %(attempts)s",
            attempts=attempts,
        )
        await running.configure_task("lastmetre.web.jobs.retry_stalled_jobs").defer_async(timestamp=0)
        for _ in range(2):
            await running.run_worker_async(
                wait=False, delete_jobs="successful", install_signal_handlers=False
            )
        rows = await running.connector.execute_query_all_async(
            "SELECT task_name, status::text AS status FROM procrastinate_jobs WHERE task_name = %(name)s",
            name=JOB,
        )
        await sync_to_async(connections.close_all)()
        return {row["task_name"]: row["status"] for row in rows}


def test_every_job_is_known_to_the_worker() -> None:
    from procrastinate.contrib.django import app as known

    names = {name for name in known.tasks if name.startswith("lastmetre.")}
    assert {
        "lastmetre.web.jobs.retry_stalled_jobs",
        "lastmetre.ground.journal.jobs.seal_journal",
        "lastmetre.ground.journal.jobs.forget_old_requests",
    } <= names


def test_no_job_waits_two_minutes_for_a_dead_worker() -> None:
    """Silence and the longest pause between two looks, added."""
    assert keeping.SILENT_S + 20 < 120


def left(attempts: int) -> dict[str, str]:
    """Run it in a thread of its own: a browser of the same test process leaves a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(left_of_an_orphan(attempts=attempts))).result()


def test_what_a_dead_worker_had_begun_is_done_by_another(own_database: str) -> None:
    assert left(attempts=0) == {}


def test_a_job_that_takes_every_worker_down_is_given_up(own_database: str) -> None:
    assert left(attempts=keeping.MOST_ATTEMPTS) == {JOB: Status.FAILED.value}


def test_the_journal_is_sealed_by_a_job(
    own_database: str, key_file: Path, tmp_path: Path, settings: object
) -> None:
    settings.KEY_FILE = Path(shutil.copy(key_file, tmp_path))  # type: ignore[attr-defined]
    with acting_as(SYSTEM) as now:
        actions.record("put", "places.place", by=SYSTEM, at=now, path="d")
        actions.claim_request("old", asked=b"", by=SYSTEM, at=now - timedelta(days=31))
    jobs.seal_journal(timestamp=0)
    jobs.seal_all_of_the_journal(timestamp=0)
    jobs.forget_old_requests(timestamp=0)
    with acting_as(SYSTEM):
        assert Link.objects.count() == 1
        assert AnsweredRequest.objects.count() == 0


def test_a_journal_that_was_cut_off_stops_nothing_but_the_seal(
    own_database: str, key_file: Path, tmp_path: Path, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    from lastmetre.ground.journal import anchor

    settings.KEY_FILE = Path(shutil.copy(key_file, tmp_path))  # type: ignore[attr-defined]
    anchor.write(anchor.Head(7, b"x" * 32))
    jobs.seal_journal(timestamp=0)
    assert "the journal is not sealed" in caplog.text
