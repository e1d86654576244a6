"""The code words of a scenario's rows: what a kind, role, regime or need is called in data."""

from __future__ import annotations

from enum import StrEnum


class PlaceKind(StrEnum):
    """A step of the tree of places (ER3a); a city stands above its districts where a source spans several."""

    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"
    SUBDISTRICT = "subdistrict"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    VILLAGE = "village"
    VILLAGE_GROUP = "village_group"
    COMPOUND = "compound"
    URBAN_VILLAGE = "urban_village"
    CAMPUS = "campus"
    BUILDING = "building"
    UNIT = "unit"


class PointKind(StrEnum):
    """A place where goods wait, change hands or are sold."""

    DELIVERY_POINT = "delivery_point"
    TEMPORARY_SALE_POINT = "temporary_sale_point"
    EMERGENCY_POINT = "emergency_point"
    MARKET_POINT = "market_point"
    FRONT_WAREHOUSE = "front_warehouse"
    MOBILE_STOP = "mobile_stop"
    TRANSIT_STATION = "transit_station"
    SHELF = "shelf"
    """Where drivers set goods down without meeting the receiver (SQ8)."""


class Regime(StrEnum):
    """How strictly a place is closed (YX2)."""

    OPEN = "open"
    PRECAUTION = "precaution"
    CONTROL = "control"
    SEALED = "sealed"


class Risk(StrEnum):
    """Published risk level (YX11a-c)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Need(StrEnum):
    """Why a household needs more care (ER2, PD1, YX11d): a code, never a diagnosis."""

    LIVES_ALONE = "lives_alone"
    OVER_60 = "over_60"
    OVER_80 = "over_80"
    NO_KIN = "no_kin"
    DISABLED = "disabled"
    HARDLY_MOBILE = "hardly_mobile"
    NO_SMARTPHONE = "no_smartphone"
    INFANT = "infant"


class Role(StrEnum):
    """What a person does; each assignment scopes it to a place, an organisation or a household."""

    HOUSEHOLD = "household"
    BUILDING_HEAD = "building_head"
    GRID_WORKER = "grid_worker"
    LIAISON = "liaison"
    PROPERTY_OFFICE = "property_office"
    COMMUNITY_WORKER = "community_worker"
    SUBDISTRICT_OFFICER = "subdistrict_officer"
    SUPPLIER_STAFF = "supplier_staff"
    SUPPLIER_CLERK = "supplier_clerk"
    DRIVER = "driver"
    GATE_KEEPER = "gate_keeper"
    VETTER = "vetter"
    DISINFECTION_WORKER = "disinfection_worker"
    RECEIVER = "receiver"
    GATE_SUPERVISOR = "gate_supervisor"
    VOLUNTEER = "volunteer"
    CARER = "carer"
    HOTLINE_OPERATOR = "hotline_operator"
    MARKET_STEWARD = "market_steward"
    PRICE_INSPECTOR = "price_inspector"
    COMMANDER = "commander"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class TeamKind(StrEnum):
    """What a team is for: squads of helpers (YC5), teams at a gate (SQ10), groups of a response (FC7, YX13b)."""

    PERSUASION = "persuasion"
    SUPPLY = "supply"
    TRANSPORT = "transport"
    DUTY = "duty"
    PATROL = "patrol"
    VETTING = "vetting"
    DISINFECTION = "disinfection"
    SHUTTLE = "shuttle"
    SUPERVISION = "supervision"
    TASK_FORCE = "task_force"
    LEADING_GROUP = "leading_group"
    DELIVERY_TEAM = "delivery_team"
    WORK_GROUP = "work_group"


SQUADS = (TeamKind.PERSUASION, TeamKind.SUPPLY, TeamKind.TRANSPORT, TeamKind.DUTY, TeamKind.PATROL)
"""The five squads of helpers (YC5)."""


class OrganisationKind(StrEnum):
    """Who somebody works for."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    SUBDISTRICT_OFFICE = "subdistrict_office"
    COMMITTEE = "committee"
    PROPERTY_OFFICE = "property_office"
    SUPPLIER = "supplier"
    COURIER = "courier"
    FLEET = "fleet"
    VOLUNTEERS = "volunteers"
    SCHOOL = "school"


class SupplierKind(StrEnum):
    """Kinds of suppliers (FC1, QZ2, ER12b, YX12b)."""

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


class ServiceMode(StrEnum):
    """As what a supplier serves a place."""

    OPEN = "open"
    """On a published list; whoever wants orders there (ER15a), or has it brought to the gate (SQ8)."""
    PROPERTY = "property"
    """Through the property office (QZ14)."""
    GROUP = "group"
    """One list from the liaison (FC2)."""
    PLATFORM = "platform"
    """Each compound has its link (FC3)."""
    FETCHED = "fetched"
    """The place fetches with its own vehicles (FC4)."""
    DIRECT = "direct"
    """Appointed for a sealed place by head count (YX14c)."""
    AREA = "area"
    """Contracted to an area (QZ9a, YX15)."""


class Tier(StrEnum):
    """Whose reserve it is: county before city before province (YX8a)."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
