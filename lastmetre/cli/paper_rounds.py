"""Which rounds `lastmetre papers` writes. Django is set up when this is imported."""

from __future__ import annotations

from pathlib import Path

from lastmetre.chain.orders.models import Round
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.pack import LabelKind, PhoneKind
from lastmetre.terms import InputError, Translate, say
from lastmetre.web.printing.offered import ROUND
from lastmetre.web.printing.writing import Choices, name_of, open_rounds, write_round


def write(
    words: str,
    folder: Path,
    labels: tuple[LabelKind, ...],
    phone: PhoneKind,
    translate: Translate,
    all_: bool,
) -> dict[Path, int]:
    """Write the round that `words` name, or all open ones; returns how many files each folder has.

    Raises InputError where no round, or more than one, is meant, or nothing would stand on its papers.
    """
    with acting_as(SYSTEM):
        rows = open_rounds() if all_ else [_meant(words)]
    written = {}
    for row in rows:
        files = write_round(row, folder, translate, Choices(labels, phone))
        if not files and not all_:
            raise InputError(
                say("Nothing to write: {round} has no orders yet.", round=row.title),
                remedy=say(
                    "It fills once somebody has ordered, or once the step that it belongs to is done."
                ),
            )
        if files:
            written[folder / name_of(row)] = len(files)
            with acting_as(SYSTEM) as now:
                record("printed", ROUND, row.pk, by=SYSTEM, at=now, path=row.path, paper="pack")
    return written


def _meant(words: str) -> Round:
    rows = Round.objects.select_related("place", "supplier__organisation", "book").order_by("-closes_at")
    found = [row for row in rows if words in (str(row.pk), row.title)] if words else []
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            say("Several rounds are called “{words}”.", words=words),
            remedy=say("Name it by its id: {rounds}.", rounds=_listed(found)),
        )
    raise InputError(
        say("There is no round “{words}”.", words=words) if words else say("Which round?"),
        remedy=say(
            "Name one by its title or id, or say --all. Open: {rounds}.", rounds=_listed(open_rounds())
        ),
    )


def _listed(rows: list[Round]) -> str:
    return "；".join(f"{row.place.name} {row.title} ({row.pk})" for row in rows[:20]) or "-"
