"""The regimes that every installation begins with, and what a regime means in plain words (YX11-YX15)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lastmetre.ground.places.rules import MODE_NAMES, HandOver, SupplyMode
from lastmetre.terms import InputError, Sentence, say

BUILTIN: tuple[dict[str, Any], ...] = (
    {
        "code": "open",
        "name": "常态",
        "name_en": "Open",
        "strictness": 0,
        # YX11a
        "supply_modes": [SupplyMode.WALK_IN, SupplyMode.ONLINE, SupplyMode.GROUP, SupplyMode.ASSISTED],
        "hand_over": HandOver.PICKUP,
    },
    {
        "code": "precaution",
        "name": "防范",
        "name_en": "Precaution",
        "strictness": 1,
        # YX11b, YX12a
        "supply_modes": [
            *(SupplyMode.WALK_IN, SupplyMode.SALE_POINT, SupplyMode.ONLINE),
            *(SupplyMode.GROUP, SupplyMode.ASSISTED),
        ],
        "hand_over": HandOver.PICKUP,
        "shop_capped": True,
    },
    {
        "code": "control",
        "name": "管控",
        "name_en": "Control",
        "strictness": 2,
        # YX13a: one person of a household every 2 days; YX11d: help for those who cannot order
        "supply_modes": [
            *(SupplyMode.WALK_IN, SupplyMode.SALE_POINT, SupplyMode.MOBILE_VAN, SupplyMode.ONLINE),
            *(SupplyMode.GROUP, SupplyMode.ASSISTED),
        ],
        "outing_every_days": 2,
        "outing_persons": 1,
        "hand_over": HandOver.PICKUP,
        "shop_capped": True,
    },
    {
        "code": "sealed",
        "name": "封控",
        "name_en": "Sealed",
        "strictness": 3,
        # YX11c, YX14a: nobody goes out, staff carry to the door; FC5: one request in 3 days
        "supply_modes": [
            *(SupplyMode.ONLINE, SupplyMode.GROUP, SupplyMode.ASSISTED),
            *(SupplyMode.ASSIGNED_SUPPLIER, SupplyMode.DISTRIBUTION_POINT),
        ],
        "request_every_days": 3,
        "outing_persons": 0,
        "hand_over": HandOver.DOOR,
    },
)
DEFAULT = "open"
"""What holds where nothing was decided."""

_CODE_LENGTH = 20
_DAYS = range(1, 31)


def checked_regime(values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a regime as they are stored; raises InputError on what no regime can say."""
    code = str(values["code"]).strip().lower()
    if not code.replace("_", "").isalnum() or not code.isascii() or len(code) > _CODE_LENGTH:
        raise InputError(
            say("“{code}” cannot be the code of a regime.", code=code),
            remedy=say("Use up to {limit} letters, digits and underscores.", limit=_CODE_LENGTH),
        )
    modes = list(values.get("supply_modes", []))
    if not modes or any(mode not in list(SupplyMode) for mode in modes):
        raise InputError(
            say("A regime must allow at least one way in which goods reach people."),
            remedy=say("Choose from the list."),
        )
    for name in ("request_every_days", "outing_every_days"):
        if values.get(name) is not None and values[name] not in _DAYS:
            raise InputError(
                say("Days must be a number from 1 to 30."), remedy=say("Leave it empty for no limit.")
            )
    if not str(values["name"]).strip():
        raise InputError(say("A regime needs a name."), remedy=say("Write what the notice will say."))
    return values | {"code": code, "name": str(values["name"]).strip(), "supply_modes": modes}


def meaning(regime: Any) -> Iterator[Sentence]:
    """Yield what a regime means for a household, a sentence a rule."""
    yield _outing(regime)
    if regime.shop_capped and SupplyMode.WALK_IN in regime.supply_modes:
        yield say("Shops let in a limited number of people.")
    yield _requests(regime)
    yield (
        say("Bags are carried to the door.")
        if regime.hand_over == HandOver.DOOR
        else say("Bags are fetched at the delivery point.")
    )
    yield from (MODE_NAMES[mode] for mode in SupplyMode if mode in regime.supply_modes)


def _outing(regime: Any) -> Sentence:
    if regime.outing_persons == 0:
        return say("Nobody leaves home.")
    if regime.outing_every_days and regime.outing_persons:
        return say(
            "{persons} person of a household may go shopping once every {days} days.",
            persons=regime.outing_persons,
            days=regime.outing_every_days,
        )
    if regime.outing_every_days:
        return say("A household may go shopping once every {days} days.", days=regime.outing_every_days)
    if regime.outing_persons:
        return say("{persons} person of a household may go out at a time.", persons=regime.outing_persons)
    return say("People may go out.")


def _requests(regime: Any) -> Sentence:
    if regime.request_every_days:
        return say("A household may order once every {days} days.", days=regime.request_every_days)
    return say("A household may order at any time.")
