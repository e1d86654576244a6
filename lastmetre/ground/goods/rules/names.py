"""What the codes are called."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from lastmetre.ground.goods.rules.classes import (
    Disinfection,
    ServiceMode,
    SupplierKind,
    Temperature,
    Tier,
)
from lastmetre.ground.goods.rules.payees import PayeeState
from lastmetre.ground.goods.rules.prices import Concern
from lastmetre.terms import Sentence, say

NAMES: dict[type[StrEnum], dict[Any, Sentence]] = {
    SupplierKind: {
        SupplierKind.SMALL_SHOP: say("small shop"),
        SupplierKind.PLATFORM: say("online platform"),
        SupplierKind.SUPERMARKET: say("supermarket"),
        SupplierKind.MOBILE_CANTEEN: say("mobile canteen"),
        SupplierKind.COOKED_MEALS: say("cooked-meal firm"),
        SupplierKind.WHOLESALE_MARKET: say("wholesale market"),
        SupplierKind.FARM_MARKET: say("farm market"),
        SupplierKind.COOPERATIVE: say("cooperative"),
        SupplierKind.PRODUCER: say("producer"),
        SupplierKind.FARMER: say("farmer"),
        SupplierKind.TEMPORARY_SELLER: say("temporary seller"),
        SupplierKind.RESERVE: say("reserve"),
    },
    ServiceMode: {
        ServiceMode.OPEN: say("open to all"),
        ServiceMode.PROPERTY: say("through the property office"),
        ServiceMode.GROUP: say("one list from the liaison"),
        ServiceMode.PLATFORM: say("a link for each compound"),
        ServiceMode.FETCHED: say("fetched by the place"),
        ServiceMode.DIRECT: say("appointed direct supplier"),
        ServiceMode.AREA: say("contracted to the area"),
    },
    Tier: {
        Tier.COUNTY: say("county reserve"),
        Tier.CITY: say("city reserve"),
        Tier.PROVINCE: say("province reserve"),
    },
    Temperature: {
        Temperature.AMBIENT: say("not cooled"),
        Temperature.CHILLED: say("chilled"),
        Temperature.FROZEN: say("frozen"),
    },
    Disinfection: {
        Disinfection.SPRAY: say("spray the packaging"),
        Disinfection.WIPE: say("wipe with alcohol"),
        Disinfection.NONE: say("do not spray"),
    },
    PayeeState: {
        PayeeState.PROPOSED: say("waits for a second person"),
        PayeeState.IN_FORCE: say("in force"),
        PayeeState.REFUSED: say("refused"),
        PayeeState.REPLACED: say("replaced"),
    },
    Concern: {
        Concern.ABOVE_CAP: say("above the cap"),
        Concern.CAP_UNCHECKED: say("cap not checked"),
        Concern.ABOVE_BENCHMARK: say("above the benchmark"),
        Concern.ABOVE_BASELINE: say("dearer than before"),
        Concern.MARGIN_GREW: say("margin grew"),
        Concern.MARGIN_HIGH: say("margin high"),
        Concern.FEE_JUMPED: say("delivery dearer"),
        Concern.BUNDLE_DEARER: say("dearer than its parts"),
        Concern.BUNDLE_UNPRICED: say("parts without a price"),
    },
}
"""Every code of goods by its name on screens and in workbooks; by its kind, for kinds share words (platform)."""


def name_of(code: StrEnum) -> Sentence:
    """Return the name of a code."""
    return NAMES[type(code)][code]
