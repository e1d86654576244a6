"""What `lastmetre serve` does, step by step."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from lastmetre.cli.address import Address
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.installation import Installation, Step, child_command, find, run_steps
from lastmetre.cli.keeping import Child, Keeper
from lastmetre.cli.readiness import note_ready, program, readied
from lastmetre.cli.scenario import SEED, check_name
from lastmetre.papers.typeset import qr_lines
from lastmetre.terms import InputError, Sentence, Translate, say

GETTING_READY = say(
    "Getting ready: a first start, or the first after an upgrade, takes a minute or two, longer on a slow machine."
)

STARTING = say("  Everything is starting.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command."""

    data: Path | None
    scenario: str | None
    port: int
    listen: str | None
    host: str
    cert: Path | None
    key: Path | None
    behind_proxy: str
    only: str | None

    @property
    def address(self) -> Address:
        """Where to listen; a name for phones means to listen to the network."""
        listen = self.listen or ("0.0.0.0" if self.host else "127.0.0.1")
        return Address(listen, self.port, self.host, self.cert, self.key, self.behind_proxy)


def run(wanted: Wanted, translate: Translate) -> int:
    """Start everything, say where it is, keep it running until Ctrl-C."""
    began = time.monotonic()
    address, installation = wanted.address, find(wanted.data)
    if wanted.scenario:
        check_name(wanted.scenario)
    if wanted.only and not installation.given:
        raise InputError(
            say("A second machine needs the first one's database."),
            remedy=say("Set DATABASE_URL, and copy the key file and name it in LASTMETRE_KEYS."),
        )
    if wanted.only != "worker":
        address.check()
    cluster = None if installation.given else Cluster(installation.folder)
    keeper = Keeper(cluster, report=lambda sentence: _say(sentence, translate))

    def asked() -> bool:
        return keeper.asked

    def goes_on() -> bool:
        keeper.tick()
        return not keeper.asked

    known = program()
    is_ready = not installation.given and readied(installation.folder) == known
    if not is_ready:
        _say(GETTING_READY, translate)
    try:
        installation = _with_database(installation, cluster, translate)
        web = [] if wanted.only == "worker" else [_web(installation, address)]
        steps = list(_steps(installation, wanted))
        if is_ready:
            keeper.add(web.pop())  # it was made ready by this very program: everything loads at once
            run_steps(steps, asked)
        else:
            run_steps(steps[:1], asked)
            if keeper.asked:
                return 0
            for child in web:
                keeper.add(child)
            run_steps(steps[1:], asked)  # while the pages come up
            _say(STARTING, translate)
        if keeper.asked:
            return 0
        note_ready(installation.folder, known)
        if wanted.only != "worker" and not address.wait_until_it_answers(goes_on):
            if keeper.asked:
                return 0
            raise InputError(
                say("The pages do not answer."),
                remedy=say("What the server said stands above; run `lastmetre doctor`."),
            )
        if wanted.only != "web":  # last: nobody waits for it
            keeper.add(Child(say("The worker"), child_command("worker"), installation.environment()))
        _greet(address, wanted, time.monotonic() - began, translate)
        keeper.run()
    finally:
        keeper.stop()
    return 0


def _with_database(installation: Installation, cluster: Cluster | None, translate: Translate) -> Installation:
    """Start the embedded database, where there is one; making it takes a while on a slow machine."""
    if cluster is None:
        return installation
    if not cluster.has_data:
        _say(say("  The database is being made."), translate)
    cluster.start()
    return installation.with_cluster(cluster)


def _steps(installation: Installation, wanted: Wanted) -> Iterator[Step]:
    """Migrate as the owner (a second machine only checks that it fits), then load the scenario."""
    as_owner = bool(installation.owner_url) and not wanted.only
    what = ["join"] if wanted.only else ["all", *(["scenario"] if wanted.scenario else [])]
    yield Step("prepare", what, installation.environment(as_owner=as_owner))
    if wanted.scenario:
        arguments = [wanted.scenario, str(SEED), wanted.address.url]
        yield Step("scenario", arguments, installation.environment())


def _web(installation: Installation, address: Address) -> Child:
    files = [str(path) for path in (address.certificate, address.key) if path]
    command = child_command("web", address.listen, str(address.port), *files)
    return Child(say("The web server"), command, installation.environment() | address.environment())


def _greet(address: Address, wanted: Wanted, seconds: float, translate: Translate) -> None:
    if wanted.only == "worker":
        return _say(say("The worker runs. Ctrl-C stops it."), translate)
    _say(say("Ready after {seconds} s: {url}", seconds=f"{seconds:.1f}", url=address.url), translate)
    if address.public_url:
        _say(say("Phones scan this:"), translate)
        for line in qr_lines(address.public_url):
            click.secho(line, fg="black", bg="bright_white")
    else:
        _say(say("Phones need https: --host NAME --cert FILE --key FILE, or --behind-proxy URL."), translate)
    return _say(say("Ctrl-C stops it."), translate)


def _say(sentence: Sentence, translate: Translate) -> None:
    click.echo(sentence.text(translate))
