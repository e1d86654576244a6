"""Codes of goods and suppliers, and what the class of a good means at the gate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lastmetre.terms import Sentence, say


class Permission(StrEnum):
    """What roles may be allowed to do with goods."""

    CATALOGUE = "goods.catalogue.edit"
    """Categories, products of everybody, substitutes."""
    ASSORTMENT = "goods.assortment.edit"
    SUPPLIERS = "goods.supplier.edit"
    """Register suppliers, their licence, pledge, plan, capacity and areas."""
    CONTACT = "goods.supplier.contact"
    """See whom to call at a supplier; each look is recorded."""
    OFFERS = "goods.offer.edit"
    """Prices, stock and own packages: of one's own organisation, or of suppliers of one's place."""
    COSTS = "goods.offer.costs"
    """See what suppliers paid for their goods (price inspection, ER10)."""
    PRICES = "goods.price.control"
    """Benchmarks and caps."""
    PAYEE_PROPOSE = "goods.payee.propose"
    PAYEE_APPROVE = "goods.payee.approve"
    RESERVES = "goods.reserve.edit"


class SupplierKind(StrEnum):
    """Kinds of suppliers (FC1, QZ2, ER12b, ER16, YX12b)."""

    SMALL_SHOP = "small_shop"
    PLATFORM = "platform"
    SUPERMARKET = "supermarket"
    MOBILE_CANTEEN = "mobile_canteen"
    COOKED_MEALS = "cooked_meals"
    WHOLESALE_MARKET = "wholesale_market"
    FARM_MARKET = "farm_market"
    COOPERATIVE = "cooperative"
    PRODUCER = "producer"
    FARMER = "farmer"
    TEMPORARY_SELLER = "temporary_seller"
    """Licensed and filed for a temporary sale point (ER16)."""
    RESERVE = "reserve"


class ServiceMode(StrEnum):
    """As what a supplier serves a place."""

    OPEN = "open"
    """On the published list; whoever wants orders there (ER15a)."""
    PROPERTY = "property"
    """Through the property office (QZ14)."""
    GROUP = "group"
    """One list from the liaison (FC2)."""
    PLATFORM = "platform"
    """Each compound has its link (FC3)."""
    FETCHED = "fetched"
    """The place fetches with its own vehicles (FC4)."""
    DIRECT = "direct"
    """Appointed for a sealed compound by head count (YX14a)."""
    AREA = "area"
    """Contracted to an area (YX15)."""


class Tier(StrEnum):
    """Whose reserve: asked in this order (YX8a)."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


class Temperature(StrEnum):
    """How a good must be kept."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


class Disinfection(StrEnum):
    """What may be done to a good's packaging at the gate."""

    SPRAY = "spray"
    """Chlorine on the outer packaging."""
    WIPE = "wipe"
    """Alcohol, for what must not get wet (SQ6)."""
    NONE = "none"
    """Fresh and frozen food is not sprayed."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a good is disinfected, and how long it stands before anybody touches it."""

    how: Sentence
    standing_min: int


LEAST_STANDING_MIN, MOST_STANDING_MIN = 10, 30
_TREATMENTS = {
    # SQ7: 30 minutes after the second disinfection; field: 250-500 mg/L, 10-30 minutes.
    Disinfection.SPRAY: Treatment(
        say("Spray the outer packaging only, with chlorine of 250-500 mg per litre."), MOST_STANDING_MIN
    ),
    Disinfection.WIPE: Treatment(say("Wipe the packaging with alcohol; do not spray."), LEAST_STANDING_MIN),
    Disinfection.NONE: Treatment(say("Do not spray: fresh or frozen food. Disinfect the crate only."), 0),
}


def treatment(method: Disinfection, standing_min: int | None = None) -> Treatment:
    """Return how a class of goods is treated; a good's own standing time goes before that of its class."""
    usual = _TREATMENTS[method]
    return usual if standing_min is None else Treatment(usual.how, standing_min)
