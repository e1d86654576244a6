"""A real PostgreSQL for the tests that want one: rows are seen as the application sees them."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from databases import point_at
from django.db import connections
from django.utils import translation
from hypothesis import HealthCheck, settings
from prepared import KEY_FILE, TEMPLATE, copy, prepared
from scenes import Scenes, Things, wanted

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.web.migrate import install_standing_data

pytest_plugins = ["actors"]
SHARED = ("tests/browser/", "tests/planning/")
"""A served product with the demo's day; compiled searches."""
LONG = (*SHARED, "tests/security/", "tests/cli/", "tests/web/test_api_attacked.py", "tests/journeys/")
"""Begun first, in this order, so that at the end no process is left alone with a long file."""

# How fast examples are made says something of the machine, which others may use at the same time.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one process, and folders whose files share what takes long to make: to one as a whole."""
    from xdist.scheduler import LoadFileScheduling

    class Shared(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            folder = next((one for one in SHARED if nodeid.startswith(one)), "")
            return folder or str(super()._split_scope(nodeid))

    return Shared(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; all others stay as they are."""
    items.sort(
        key=lambda item: next((i for i, one in enumerate(LONG) if item.nodeid.startswith(one)), len(LONG))
    )


def pytest_collection_finish() -> None:
    """What was imported stays: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def kept(django_db_blocker: object) -> Path:
    """A stopped server with a migrated database, and its keys; never started itself."""
    return prepared(django_db_blocker)


@pytest.fixture(scope="session")
def cluster(kept: Path) -> Iterator[Cluster]:
    """A server of this test process, without the waits that durability needs."""
    with tempfile.TemporaryDirectory(prefix="lastmetre-") as folder:
        Path(folder).chmod(0o711)  # root's server runs as somebody else, who must get in
        copy(kept / "database", Path(folder) / "database")
        cluster = Cluster(Path(folder) / "database", durable=False)
        cluster.start()
        _be_patient(cluster)
        yield cluster
        connections.close_all()
        cluster.stop()


def _be_patient(cluster: Cluster) -> None:
    """A test on a busy machine may think for longer between two questions than those who serve people."""
    with psycopg.connect(cluster.url(Role.KEEPER, "postgres"), autocommit=True) as keeper:
        for name in ("statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout"):
            keeper.execute(f"ALTER ROLE {Role.APP} SET {name} = '1h'")


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page that a test asked for in English leaves no language behind for the next test."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Pages name their static files without fingerprints, so that nothing need be collected."""
    from django.conf import settings

    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(scope="session")
def key_file(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key file of this test process."""
    return Path(shutil.copy(kept / KEY_FILE, tmp_path_factory.mktemp("keys")))


@pytest.fixture(scope="session")
def template_database(cluster: Cluster, key_file: Path, django_db_blocker: object) -> str:
    """The database that others are copied from, with today's standing data; nobody stays connected to it."""
    from django.conf import settings

    settings.KEY_FILE = key_file
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        point_at(cluster.url(Role.OWNER, TEMPLATE))
        install_standing_data()
        connections.close_all()
    return TEMPLATE


@pytest.fixture(scope="session")
def scenes(cluster: Cluster, template_database: str) -> Scenes:
    """The databases of ordinary tests."""
    return Scenes(cluster, template_database)


@pytest.fixture
def django_db_setup(request: pytest.FixtureRequest, scenes: Scenes, django_db_blocker: Any) -> None:
    """The database of an ordinary test: the application's role, each test rolled back."""
    with django_db_blocker.unblock():
        scenes.enter(wanted(request.fixturenames))


@pytest.fixture
def scene(request: pytest.FixtureRequest, scenes: Scenes, db: None) -> Things:
    """What there is when the test begins, by the names of the fixtures; the test itself sees nothing yet."""
    return scenes.begin(wanted(request.fixturenames))


@pytest.fixture
def own_database(cluster: Cluster, template_database: str, django_db_blocker: object) -> Iterator[str]:
    """A database for one test that commits (threads, processes, kills); yields the application's address."""
    name = "own"
    cluster.create_database(name, template_database)
    before = dict(connections.databases["default"])
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        point_at(cluster.url(Role.APP, name))
        yield cluster.url(Role.APP, name)
        connections.close_all()
    connections.databases["default"].update(before)
    cluster.drop_database(name)


@pytest.fixture
def as_system(db: None) -> Iterator[datetime]:
    """A test that sees everything; yields the time."""
    with acting_as(SYSTEM) as now:
        yield now
