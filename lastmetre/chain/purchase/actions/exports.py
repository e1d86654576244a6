"""A platform's export, given by the supplier: split by compound, each part to its open round (FC3)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from lastmetre.chain.orders.actions.intake import take_export
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.purchase.rules import Permission
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.workbook import file_name
from lastmetre.reading.by_compound import Part, split_by_compound
from lastmetre.terms import InputError, say

TAKING = (RoundState.OPEN, RoundState.CUT_OFF)


@dataclass(frozen=True, slots=True)
class Given:
    """What became of one compound's part of an export."""

    compound: str
    """As the platform calls it."""
    rows: int
    round: Round | None = None
    """Where it waits for the liaison's look; None: nowhere."""
    refusal: InputError | None = None


def rounds_for_exports(actor: Actor) -> list[Round]:
    """Return the rounds of the actor's own firms that still take orders, by place; one query."""
    firms = [one for one in actor.organisations if actor.may(Permission.SUPPLY, organisation=one)]
    with acting_as(SYSTEM):
        rows = Round.objects.filter(supplier__in=firms, state__in=TAKING)
        return list(
            rows.select_related("place", "book", "supplier__organisation").order_by("place__sort_key")
        )


def give_export(
    name: str, content: bytes, *, only: UUID | None = None, by: Actor, at: datetime
) -> list[Given]:
    """Hand each compound's part of an export to its round; nothing counts before its liaison has looked.

    `only`: all of the file belongs to this round. Raises InputError where no column names a compound.
    """
    by.must(Permission.SUPPLY)
    rounds = rounds_for_exports(by)
    whole = next((one for one in rounds if one.pk == only), None)
    safe = file_name(Path(name).name)[-100:] or "export.xlsx"
    if only is not None:
        if whole is None:
            raise InputError(
                say("This round takes no more orders."), remedy=say("Choose one of the open rounds.")
            )
        return [_given(Part(whole.place.name, 0, content), whole, safe, by=by, at=at)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe
        path.write_bytes(content)
        parts = split_by_compound(path)
    return [
        # Given again under its name, a part stands in the place of the older one.
        _given(part, round_of(part.compound, rounds), _name_of(safe, part), by=by, at=at)
        for part in parts
    ]


def _name_of(file: str, part: Part) -> str:
    return file_name(f"{Path(file).stem}-{part.compound}")[-80:] + ".csv"


def _given(part: Part, row: Round | None, name: str, *, by: Actor, at: datetime) -> Given:
    if row is None:
        refusal = InputError(
            say("No open round of yours is of a compound of this name."),
            remedy=say("Ask its liaison to open one, or give the file again for one compound."),
        )
        return Given(part.compound, part.rows, refusal=refusal)
    try:
        take_export(row, part.content, name=name, by=by, at=at)
    except InputError as error:
        return Given(part.compound, part.rows, refusal=error)
    return Given(part.compound, part.rows, row)


def round_of(compound: str, rounds: Sequence[Round]) -> Round | None:
    """Return the one round whose compound is called so; None for none or several: nothing is guessed."""
    said = _plain(compound)
    same = [one for one in rounds if said in _names(one.place)]
    if not same and said:
        same = [one for one in rounds if any(name in said or said in name for name in _names(one.place))]
    return same[0] if len(same) == 1 else None


def _names(place: Place) -> set[str]:
    return {_plain(one) for one in (place.name, *place.aliases)} - {""}


def _plain(name: str) -> str:
    return "".join(name.split()).removesuffix("小区")
