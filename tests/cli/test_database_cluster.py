"""The embedded database: whose it is, who may do what, what Chinese needs."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from clusters import open_folder
from psycopg import errors

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with open_folder() as folder:
        cluster = Cluster(folder / "data", durable=False)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def connect(cluster: Cluster, role: Role, database: str = "lastmetre") -> psycopg.Connection:
    return psycopg.connect(cluster.url(role, database), autocommit=True)


def test_the_owner_makes_tables_and_extensions_and_the_application_cannot(cluster: Cluster) -> None:
    with connect(cluster, Role.OWNER) as owner, connect(cluster, Role.APP) as app:
        for name in ("ltree", "pg_trgm", "btree_gist"):
            owner.execute(f"CREATE EXTENSION {name}")
        owner.execute("CREATE TABLE kept (id int)")
        for forbidden in (
            "CREATE TABLE mine (id int)",
            "CREATE TEMP TABLE mine (id int)",
            "CREATE SCHEMA mine",
            "SELECT * FROM kept",  # migrations grant table by table
            "ALTER TABLE kept OWNER TO lastmetre_app",
            "SET ROLE lastmetre_owner",
            "SET ROLE lastmetre_keeper",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_neither_role_steps_around_row_level_security(cluster: Cluster) -> None:
    with connect(cluster, Role.APP) as app:
        rows = app.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolinherit, rolcreaterole FROM pg_roles"
            " WHERE rolname IN ('lastmetre_app', 'lastmetre_owner') ORDER BY 1"
        ).fetchall()
    assert rows == [("lastmetre_app", *[False] * 4), ("lastmetre_owner", *[False] * 4)]


def test_no_statement_of_the_application_hangs_for_ever(cluster: Cluster) -> None:
    with connect(cluster, Role.APP) as app:
        limits = (
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "transaction_timeout",
        )
        assert all(app.execute(f"SHOW {name}").fetchone() != ("0",) for name in limits)


def test_chinese_is_found_by_trigram_and_the_clock_is_utc(cluster: Cluster) -> None:
    cluster.create_database("chinese")
    with connect(cluster, Role.OWNER, "chinese") as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        (trigrams,) = owner.execute("SELECT show_trgm('开元丽城')").fetchone() or ()
        assert len(trigrams) == 5
        assert owner.execute("SHOW timezone").fetchone() == ("UTC",)
        assert owner.execute("SHOW data_checksums").fetchone() == ("on",)


def test_nobody_gets_in_without_the_password_or_by_the_network(cluster: Cluster) -> None:
    url = cluster.url(Role.OWNER)
    password = url.split(":")[2].split("@")[0]
    for wrong in (url.replace(password, "guess"), url.replace(f":{password}", "")):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong)
    with connect(cluster, Role.OWNER) as owner:
        assert owner.execute("SHOW listen_addresses").fetchone() == ("",)
    assert (cluster.folder / "passwords.json").stat().st_mode & 0o777 == 0o600
    assert (cluster.folder / "socket").stat().st_mode & 0o777 == 0o700


def test_a_database_is_made_like_another_and_dropped_with_its_connections(cluster: Cluster) -> None:
    cluster.create_database("model")
    with connect(cluster, Role.OWNER, "model") as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS id")
        owner.execute("GRANT SELECT ON kept TO lastmetre_app")
    cluster.create_database("copy", template="model")
    with connect(cluster, Role.APP, "copy") as app:
        assert app.execute("SELECT id FROM kept").fetchall() == [(1,)]
        cluster.drop_database("copy")
        with pytest.raises(psycopg.OperationalError):
            app.execute("SELECT 1")
    assert not cluster.has_database("copy")
    cluster.drop_database("copy")


def test_the_log_keeps_no_values_of_people(cluster: Cluster) -> None:
    with connect(cluster, Role.OWNER) as owner:
        owner.execute("CREATE TABLE people (phone text PRIMARY KEY)")
        for _ in range(2):
            try:
                owner.execute("INSERT INTO people VALUES (%s)", ["13811112222"])
            except errors.UniqueViolation:
                continue
    log = (cluster.folder / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "13811112222" not in log


def test_a_deep_folder_gets_a_short_socket(cluster: Cluster) -> None:
    with open_folder() as folder:
        deep = Cluster(folder / ("deep" * 30) / "data", durable=False)
        deep.start()
        try:
            with connect(deep, Role.APP) as app:
                assert app.execute("SELECT 1").fetchone() == (1,)
            socket = Path(deep.url(Role.APP).split("host=")[1].split("&")[0].replace("%2F", "/"))
            assert socket.stat().st_mode & 0o777 == 0o700
        finally:
            deep.stop()
        assert not socket.exists()
