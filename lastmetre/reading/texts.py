"""A paste of chat messages or a chain -> `Reading`."""

from __future__ import annotations

import re
from dataclasses import replace

from lastmetre.reading.context import Context
from lastmetre.reading.control_totals import check_totals
from lastmetre.reading.entries import Entry, cut
from lastmetre.reading.folding import fold, visible
from lastmetre.reading.messages import read_message
from lastmetre.reading.places import find_places
from lastmetre.reading.readings import Reading
from lastmetre.reading.supersede import key_of, latest
from lastmetre.terms import Action, Compound, Doubt, Offer, OrderLine, say


def read_text(
    text: str, *, file: str = "", compound: Compound | None = None, offer: Offer | None = None
) -> Reading:
    """Read a paste; every entry becomes one or more lines in the order they stood, or is part of the heading."""
    paste = cut(visible(text), file)
    goods = offer.goods if offer else ()
    building = _heading_building(paste.heading)
    lines: list[OrderLine] = []
    above: OrderLine | None = None
    ordered: set[str] = set()
    for entry in paste.entries:
        context = Context(goods=goods, compound=compound, building=building, above=above, ordered=ordered)
        found = _broken(entry) if entry.broken else read_message(entry, context)
        orders = [line for line in found if line.action is Action.ORDER and line.items]
        if orders:
            above = orders[-1]
            ordered.update(key_of(line) for line in orders)
        lines += found
    kept, superseded = latest(lines)
    return Reading(tuple(kept), tuple(superseded), paste.heading, check_totals(kept))


def _heading_building(heading: str) -> str | None:
    buildings = {match.place.building for match in find_places(heading) if not match.place.room}
    return buildings.pop() if len(buildings) == 1 else None


def _broken(entry: Entry) -> list[OrderLine]:
    """An entry of a chain without line breaks: the raw words are kept, a person says who wants what."""
    line = OrderLine(raw=entry.raw, source=entry.source, seq=entry.seq)
    if not re.sub(r"\W", "", fold(entry.raw)):
        return [replace(line, action=Action.NONE, details={"status": "placeholder"})]
    doubt = Doubt("line_breaks_lost", say("The chain lost its line breaks: where does the name end?"))
    return [replace(line, doubts=(doubt,))]
