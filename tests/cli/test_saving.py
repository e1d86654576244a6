"""`backup`, `restore`, `createadmin` and `doctor`: data comes back whole, or a sentence says why not."""

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from click.testing import CliRunner
from clusters import environment, free_port, open_folder, refusal, success

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.cli.main import main

ADMIN = ("createadmin", "--place", "二七区", "--name", "张桂芳", "--username", "guifang")


def told(cluster: Cluster, name: str, keys: Path) -> dict[str, str]:
    """What a command is told of a database."""
    return {
        "DATABASE_URL": cluster.url(Role.APP, name),
        "DATABASE_OWNER_URL": cluster.url(Role.OWNER, name),
        "LASTMETRE_KEYS": str(keys),
    }


@pytest.fixture(scope="module")
def source(cluster: Cluster, template_database: str, key_file: Path) -> Iterator[dict[str, str]]:
    """A database with an administrator."""
    cluster.create_database("saved", template_database)
    known = told(cluster, "saved", key_file)
    said = success(*ADMIN, typed="correct-horse-battery\n", **known)
    assert "guifang is administrator of 二七区" in said
    yield known
    cluster.drop_database("saved")


@pytest.fixture(scope="module")
def saved(source: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    target = tmp_path_factory.mktemp("backup") / "monday.backup"
    assert "rows of" in success("backup", target, **source)
    return target


@pytest.fixture
def empty(cluster: Cluster, key_file: Path) -> Iterator[dict[str, str]]:
    """A database with nothing in it."""
    cluster.create_database("target")
    yield told(cluster, "target", key_file)
    cluster.drop_database("target")


def refused_here(*arguments: object, **more: str) -> str:
    """Run a command that must refuse, without a process of its own; return its sentence."""
    with mock.patch.dict(os.environ, environment(**more), clear=True):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 4, result.output
    return result.output


def names(known: dict[str, str]) -> list[str]:
    with psycopg.connect(known["DATABASE_OWNER_URL"]) as owner:
        return [name for (name,) in owner.execute("SELECT name FROM places_place")]


def test_a_backup_comes_back_whole_and_the_journal_tells_of_it(
    saved: Path, empty: dict[str, str], tmp_path: Path
) -> None:
    said = success("restore", saved, **empty)
    assert "all checksums of" in said
    assert names(empty) == ["二七区"]
    success("backup", tmp_path / "again", **empty)
    tables = [
        json.loads(zipfile.ZipFile(path).read("manifest.json"))["tables"]
        for path in (saved, tmp_path / "again")
    ]
    written = {name for name in tables[0] if tables[0][name] != tables[1][name]}
    assert written <= {"journal_entry", "journal_link"}  # that it was restored
    assert tables[0]["people_account"][0] == 1


def test_a_backup_is_for_its_owner_only_and_holds_no_key_and_no_name(
    saved: Path, source: dict[str, str], tmp_path: Path
) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    held = b"".join(zipfile.ZipFile(saved).read(name) for name in zipfile.ZipFile(saved).namelist())
    keys = json.loads(Path(source["LASTMETRE_KEYS"]).read_text())
    for secret in (keys["master"], *keys["responses"].values(), "张桂芳"):
        assert secret.encode() not in held
    assert [path.name for path in saved.parent.iterdir()] == ["monday.backup"]
    success("backup", tmp_path / "a", "--keys", tmp_path / "k", **source)
    assert (tmp_path / "k").read_bytes() == Path(source["LASTMETRE_KEYS"]).read_bytes()
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600


def test_data_is_replaced_only_on_demand(saved: Path, source: dict[str, str]) -> None:
    with psycopg.connect(source["DATABASE_OWNER_URL"]) as owner:
        owner.execute("UPDATE places_place SET name = '管城区'")
    assert "say --replace" in refusal("restore", saved, **source)
    assert names(source) == ["管城区"]
    success("restore", saved, "--replace", **source)
    assert names(source) == ["二七区"]
    success("journal", "verify", **source)  # the gap is told in it, and is no tampering


def altered(saved: Path, target: Path, **changes: object) -> Path:
    """Copy a backup with another manifest."""
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(target, "w") as after:
        after.writestr("manifest.json", json.dumps(json.loads(before.read("manifest.json")) | changes))
        after.writestr("database.dump", before.read("database.dump"))
    return target


def test_what_does_not_fit_is_refused_and_nothing_is_changed(
    saved: Path, source: dict[str, str], empty: dict[str, str], tmp_path: Path
) -> None:
    newer = altered(saved, tmp_path / "newer", migrations=["places.9999_later"], version="9.0.0")
    damaged = altered(saved, tmp_path / "damaged", dump_sha256="0" * 64)
    other_role = altered(saved, tmp_path / "role", application_role="somebody")
    (tmp_path / "cut").write_bytes(saved.read_bytes()[:5000])
    (tmp_path / "keys.json").write_text('{"master": "b3RoZXI=", "responses": {}}')
    for arguments, changed, sentence in (
        ((newer,), {}, "is of Lastmetre 9.0.0, newer than this one"),
        ((damaged,), {}, "or it is damaged"),
        ((tmp_path / "cut",), {}, "or it is damaged"),
        ((tmp_path / "none",), {}, "none is not there"),
        ((other_role,), {}, "for the role somebody"),
        ((saved,), {"LASTMETRE_KEYS": str(tmp_path / "keys.json")}, "is not the key file of this backup"),
        ((saved,), {"LASTMETRE_KEYS": str(tmp_path / "no.json")}, "is not there. Name it with --keys"),
        ((saved,), {"DATABASE_OWNER_URL": ""}, "Set DATABASE_OWNER_URL"),
    ):  # fmt: skip
        assert sentence in refused_here("restore", *arguments, **empty | changed)
    with psycopg.connect(empty["DATABASE_OWNER_URL"]) as owner:
        assert owner.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchone() == (0,)
    assert "is there already" in refusal("backup", saved, **source)
    assert "cannot be written" in refusal("backup", tmp_path / "no" / "folder", **source)


def test_a_new_machine_starts_from_a_backup_and_its_keys(saved: Path, key_file: Path) -> None:
    with open_folder() as folder:
        data = folder / "data"
        said = success("restore", saved, "--data", data, "--keys", key_file)
        assert "all checksums of" in said
        assert (data / "keys.json").stat().st_mode & 0o777 == 0o600
        said = success("doctor", "--data", data, "--port", free_port())
        assert "1 accounts can sign in." in said
        assert "All is well." in said
        (data / "keys.json").chmod(0o644)
        said = success("doctor", "--data", data, "--port", free_port(), code=3)
        assert f"chmod 600 {data / 'keys.json'}" in said
        shutil.move(data / "keys.json", folder / "elsewhere.json")
        assert "copy" in success("doctor", "--data", data, "--port", free_port(), code=3).lower()


def test_the_doctor_says_what_is_to_do_where_nothing_is_there(tmp_path: Path) -> None:
    said = success("doctor", "--data", tmp_path / "none", code=3)
    assert "→ Start one with `lastmetre serve`" in said
    url = "postgresql://app:secret@127.0.0.1:1/food"
    said = success("doctor", "--data", tmp_path / "none", code=3, DATABASE_URL=url)
    assert "cannot be reached" in said
    assert "secret" not in said


def test_the_doctor_warns_of_a_role_above_the_rules(source: dict[str, str]) -> None:
    said = success("doctor", code=3, **source | {"DATABASE_URL": source["DATABASE_OWNER_URL"]})
    assert "give DATABASE_URL a role that is not" in said


def test_an_administrator_is_made_once_and_only_with_a_good_password(source: dict[str, str]) -> None:
    assert "guifang is taken" in refusal(*ADMIN, typed="correct-horse-battery\n", **source)
    other = (*ADMIN[:-1], "other")
    assert "12" in refusal(*other, typed="short\n", **source)
    assert "There is no data" in refusal(*ADMIN, "--data", Path(source["LASTMETRE_KEYS"]).parent / "none")


def test_an_export_holds_names_only_for_a_reason_and_secrets_never(
    source: dict[str, str], tmp_path: Path
) -> None:
    success("export", tmp_path / "plain.zip", **source)
    success("export", tmp_path / "named.zip", "--with-personal", "--why", "审计", **source)
    for name, holds_names in (("plain.zip", False), ("named.zip", True)):
        with zipfile.ZipFile(tmp_path / name) as archive:
            held = {one: archive.read(one).decode("utf-8-sig") for one in archive.namelist()}
        assert ("张桂芳" in held["people.Person.csv"]) == holds_names
        assert "二七区" in held["places.Place.csv"]
        assert not {"people.Account.csv", "people.Device.csv"} & held.keys()
        assert "argon2" not in "".join(held.values())
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert '""personal"": true' in held["journal.Entry.csv"]  # both exports left a line
    assert "审计" in held["journal.Entry.csv"]
    assert "--why" in refusal("export", tmp_path / "more.zip", "--with-personal", **source)
    assert "is there already" in refusal("export", tmp_path / "plain.zip", **source)
