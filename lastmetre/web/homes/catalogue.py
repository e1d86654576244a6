"""All homes by their code, which is what a role names as its home (`people.Role.home`)."""

from __future__ import annotations

from lastmetre.ground.people.queries.door import Held, Visitor
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.web.homes import command, office, resident, steward, trade, work
from lastmetre.web.homes.home import Home

HOMES: dict[str, Home] = {
    home.code: home
    for home in (
        resident.HOME,
        steward.HOME,
        office.HOME,
        trade.SUPPLIER,
        trade.PRICES,
        work.DRIVER,
        work.GATE,
        work.VOLUNTEER,
        work.CARER,
        work.HOTLINE,
        work.MARKET,
        command.COMMAND,
        command.AUDIT,
    )
}


def home_of(visitor: Visitor, held: Held | None) -> Home:
    """Return the home of a role held, or of a device without a role: a household's or a volunteer's."""
    if held is None:
        return HOMES["volunteer" if visitor.kind is DeviceKind.VOLUNTEER else "resident"]
    return HOMES.get(held.home, office.HOME)
