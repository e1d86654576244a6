"""`lastmetre serve`: one command to a running product, and back to nothing."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from clusters import PATIENCE_S, free_port, open_folder, refusal, servers, until
from running import BY_ITS_NUMBER, Running, serving

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder that the tests start one after the other."""
    with open_folder() as place:
        yield place / "data"


def test_it_starts_says_where_it_is_and_ctrl_c_leaves_nothing_behind(folder: Path) -> None:
    with serving(folder) as first:
        first.wait()
        order = ["Getting ready", "The database is being made", "Everything is starting", "Ready after"]
        assert [words for line in first.said for words in order if words in line] == order
        assert f"http://localhost:{first.port}" in "".join(first.said)
        assert first.answers()
        assert {"web", "worker"} == {
            BY_ITS_NUMBER.search(" ".join(one.cmdline()))[1] for one in first.processes()
        }
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(PATIENCE_S) == 0
        assert first.is_gone()
    with serving(folder) as second:
        second.wait()
        assert not any(words in line for line in second.said for words in order[:3]), "it is ready already"
        second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(PATIENCE_S) == 0
        assert second.is_gone()


def test_whatever_is_killed_comes_back(folder: Path) -> None:
    with serving(folder) as running:
        running.wait()
        (main,) = until(lambda: of_the_supervisor(running))
        for victim in (lambda: until(main.children)[0], lambda: main, lambda: servers_main(folder)):
            killed = victim()
            killed.kill()
            until(lambda killed=killed: not killed.is_running() and running.answers())
        (worker, *_) = until(lambda: running.processes("worker"))
        worker.kill()
        until(lambda: [one for one in running.processes("worker") if one.pid != worker.pid])
        until(
            lambda: (
                parents(running) == {running.process.pid, *(one.pid for one in of_the_supervisor(running))}
            )
        )


def of_the_supervisor(running: Running) -> list[psutil.Process]:
    children = psutil.Process(running.process.pid).children()
    return [one for one in running.processes("web") if one in children]


def parents(running: Running) -> set[int]:
    """Whose children the processes of the pages are: of the supervisor the main one, of that its worker."""
    found = set()
    for one in running.processes("web"):
        with suppress(psutil.NoSuchProcess):  # it was one of those that have been killed
            found.add(one.ppid())
    return found


def servers_main(folder: Path) -> psutil.Process:
    all_of_them = servers(folder)
    return next(one for one in all_of_them if one.ppid() not in {other.pid for other in all_of_them})


def test_after_kill_9_of_the_supervisor_its_processes_end_and_it_starts_again(folder: Path) -> None:
    with serving(folder) as first:
        first.wait()
        first.process.kill()
        first.process.wait()
        until(lambda: not first.processes())
        with serving(folder) as second:
            assert second.wait().answers()


def test_a_port_in_use_is_named_with_the_way_out(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refusal("serve", "--data", folder, "--port", port)
    assert f"Port {port} is in use by another program." in said
    assert f"--port {port + 1}" in said


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://app:secret@127.0.0.1:1/food", "app@127.0.0.1:1/food cannot be reached"),
        ("postgresql://app:secret@nowhere.invalid/food", "app@nowhere.invalid/food cannot be reached"),
        ("mysql://app:secret@host/food", "cannot be read"),
        ("", "is empty"),
    ],
)
def test_a_wrong_or_unreachable_database_is_a_sentence_without_the_password(
    folder: Path, url: str, sentence: str
) -> None:
    said = refusal("serve", "--data", folder, DATABASE_URL=url)
    assert sentence in said
    assert "secret" not in said


def test_a_wrong_password_or_name_is_said(cluster: Cluster, folder: Path) -> None:
    url = cluster.url(Role.APP)
    password = url.split(":")[2].split("@")[0]
    assert "refuses this user or password" in refusal("serve", DATABASE_URL=url.replace(password, "guess"))
    assert "has no such database" in refusal("serve", DATABASE_URL=url.replace("/lastmetre?", "/other?"))


def test_a_database_that_is_not_up_to_date_asks_for_its_owner(cluster: Cluster, tmp_path: Path) -> None:
    cluster.create_database("empty")
    url = cluster.url(Role.APP, "empty")
    keys = str(tmp_path / "keys.json")
    said = refusal("serve", "--port", free_port(), DATABASE_URL=url, LASTMETRE_KEYS=keys)
    assert "Set DATABASE_OWNER_URL" in said
    cluster.drop_database("empty")


def test_data_of_a_newer_version_is_refused_and_left_alone(
    cluster: Cluster, template_database: str, tmp_path: Path
) -> None:
    cluster.create_database("newer", template_database)
    with psycopg.connect(cluster.url(Role.OWNER, "newer"), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('places', '9999_later', now())"
        )
    urls = {
        "DATABASE_URL": cluster.url(Role.APP, "newer"),
        "DATABASE_OWNER_URL": cluster.url(Role.OWNER, "newer"),
    }
    said = refusal("serve", "--port", free_port(), LASTMETRE_KEYS=str(tmp_path / "keys.json"), **urls)
    assert "newer version of Lastmetre (places.9999_later)" in said
    cluster.drop_database("newer")


def test_a_lost_key_file_is_said_and_no_other_is_made(
    cluster: Cluster, template_database: str, tmp_path: Path
) -> None:
    cluster.create_database("keyless", template_database)
    urls = {
        "DATABASE_URL": cluster.url(Role.APP, "keyless"),
        "DATABASE_OWNER_URL": cluster.url(Role.OWNER, "keyless"),
    }
    keys = tmp_path / "keys.json"
    said = refusal("serve", "--port", free_port(), LASTMETRE_KEYS=str(keys), **urls)
    assert f"its key file {keys} is not" in said
    assert not keys.exists()
    cluster.drop_database("keyless")


def test_a_second_machine_joins_by_address_and_key_file(
    cluster: Cluster, template_database: str, key_file: Path, tmp_path: Path
) -> None:
    cluster.create_database("shared", template_database)
    told = {"DATABASE_URL": cluster.url(Role.APP, "shared"), "LASTMETRE_KEYS": str(key_file)}
    with serving(tmp_path / "web", "--only", "web", **told) as web:
        assert web.wait().answers()
        assert not web.processes("worker")
        with serving(tmp_path / "worker", "--only", "worker", **told) as worker:
            worker.wait()
            assert not worker.processes("web")
    assert "Copy it from the machine" in refusal(
        "serve",
        "--only",
        "web",
        "--port",
        free_port(),
        **told | {"LASTMETRE_KEYS": str(tmp_path / "none.json")},
    )
    assert "Set DATABASE_URL" in refusal("serve", "--only", "worker", "--data", tmp_path)
    cluster.drop_database("shared")


def test_phones_get_a_qr_code_only_by_https(folder: Path, tmp_path: Path) -> None:
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=food.example",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"], capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl is not installed")
    files = ("--host", "food.example", "--cert", tmp_path / "cert.pem", "--key", tmp_path / "key.pem")
    with serving(folder, *files, "--listen", "127.0.0.1") as running:
        said = "".join(running.wait().said)
        assert f"https://food.example:{running.port}" in said
        assert "█▀▀▀▀▀█" in said
    assert "belong together" in refusal("serve", *files[:2])
    (tmp_path / "key.pem").write_text("no key")
    assert "do not work together" in refusal("serve", *files)
    assert "is not an https address" in refusal("serve", "--behind-proxy", "food.example")
