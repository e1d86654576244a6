"""The roles that every installation starts with: least privilege, one first page each.

Permissions are the strings that the apps declare (a test compares them); apps above this one as text.
"""

from __future__ import annotations

from dataclasses import dataclass

from lastmetre.ground.people.rules import Permission as People
from lastmetre.ground.people.rules import Scope
from lastmetre.ground.places.rules import Permission as Places


@dataclass(frozen=True, slots=True)
class BuiltinRole:
    """A role of the catalogue."""

    code: str
    name: str
    name_en: str
    scope: Scope
    permissions: frozenset[str] = frozenset()
    home: str = "office"
    """Code of the first page (`web.homes`)."""


HOUSEHOLD = "household"
VOLUNTEER = "volunteer"
ADMINISTRATOR = "administrator"
GRID_WORKER = "grid_worker"

# Goods (an app above this one)
_CALL_SUPPLIER = "goods.supplier.contact"
_SELL = frozenset({"goods.offer.edit", "goods.payee.propose"})
_ADMIT = frozenset(
    {"goods.supplier.edit", "goods.assortment.edit", "goods.payee.propose", "goods.payee.approve"}
)
_PRICE = frozenset({"goods.price.control", "goods.offer.costs", _CALL_SUPPLIER})
_GOODS = _ADMIT | _PRICE | {"goods.catalogue.edit", "goods.offer.edit", "goods.reserve.edit"}

# The relay (apps above this one)
_HANDS = frozenset({"gate.receive", "gate.watch", "sorting.sort", "doorstep.deliver", "ledger.cases"})
"""Who takes in, sorts, carries, and says what went wrong."""
_WATCH = frozenset({"gate.watch"})
_TAKE = frozenset({"orders.take", "settlement.confirm"}) | _HANDS
_RELAY = (
    frozenset(
        {"orders.rounds", "allocation.decide", "purchase.order", "transport.dispatch", "transport.drive"}
    )
    | {"doorstep.plan", "settlement.close", "ledger.read"}
    | _TAKE
)
_SUPPLY = frozenset(
    {"purchase.supply", "transport.dispatch", "transport.drive", "settlement.confirm", "ledger.read"}
)

_SEE = frozenset({Places.SEE_ROSTER, People.SEE})
_CALL = _SEE | {Places.REVEAL, People.REVEAL, _CALL_SUPPLIER}
"""Who telephones households and helpers: each full number is recorded."""
_STEWARD = _CALL | {Places.EDIT_ROSTER, People.CARDS} | _TAKE
_COMPOUND = _STEWARD | {People.EDIT, People.SQUADS, People.GIVE_ROLES} | _RELAY
_COMMITTEE = _COMPOUND | {Places.EDIT_PLACES, Places.EXPORT_ROSTER, People.ACCOUNTS} | _ADMIT
_COMMAND = _COMMITTEE | {Places.DECIDE_REGIME, Places.MANAGE_RESPONSE} | _GOODS


CATALOGUE: tuple[BuiltinRole, ...] = (
    BuiltinRole(HOUSEHOLD, "住户", "Household", Scope.HOUSEHOLD, home="resident"),
    BuiltinRole("building_head", "楼栋长", "Building head", Scope.PLACE, _STEWARD, home="steward"),
    BuiltinRole(GRID_WORKER, "网格员", "Grid worker", Scope.PLACE, _STEWARD, home="steward"),
    BuiltinRole("liaison", "联络人（信息员）", "Liaison", Scope.PLACE, _COMPOUND, home="steward"),
    BuiltinRole(
        "property_office",
        "物业",
        "Property office",
        Scope.PLACE,
        _CALL | {People.SQUADS} | _RELAY,
        home="steward",
    ),
    BuiltinRole(
        "community_worker", "社区工作人员", "Community worker", Scope.PLACE, _COMMITTEE, home="office"
    ),
    BuiltinRole(
        "subdistrict_officer", "街道干部", "Sub-district officer", Scope.PLACE, _COMMITTEE, home="office"
    ),
    BuiltinRole(
        "supplier_staff",
        "供应商员工",
        "Supplier's staff",
        Scope.ORGANISATION,
        frozenset({"goods.offer.edit"}) | _SUPPLY,
        home="supplier",
    ),
    BuiltinRole(
        "supplier_clerk",
        "供应商客服（云小二）",
        "Supplier's clerk",
        Scope.ORGANISATION,
        frozenset({People.SEE, People.EDIT, People.GIVE_ROLES}) | _SELL | _SUPPLY,
        home="supplier",
    ),
    BuiltinRole("driver", "司机", "Driver", Scope.EITHER, frozenset({"transport.drive"}), home="driver"),
    BuiltinRole(
        "gate_keeper",
        "卡口值守员",
        "Gate keeper",
        Scope.PLACE,
        frozenset({"gate.receive", "gate.watch", "ledger.cases"}),
        home="gate",
    ),
    BuiltinRole("vetter", "入场审核员", "Vetter", Scope.PLACE, _WATCH, home="gate"),
    BuiltinRole("disinfection_worker", "消杀员", "Disinfection worker", Scope.PLACE, _WATCH, home="gate"),
    BuiltinRole("receiver", "收货员", "Receiver", Scope.PLACE, _HANDS, home="gate"),
    BuiltinRole(
        "gate_supervisor", "卡口监督员", "Gate supervisor", Scope.PLACE, _WATCH | {People.SEE}, home="gate"
    ),
    BuiltinRole(
        VOLUNTEER,
        "志愿者",
        "Volunteer",
        Scope.PLACE,
        frozenset({"sorting.sort", "doorstep.deliver"}),
        home="volunteer",
    ),
    BuiltinRole(
        "carer",
        "关爱员",
        "Carer",
        Scope.HOUSEHOLD,
        frozenset({Places.SEE_ROSTER, Places.REVEAL, "orders.take", "ledger.cases"}),
        home="carer",
    ),
    BuiltinRole(
        "hotline_operator",
        "热线接线员",
        "Hotline operator",
        Scope.PLACE,
        _CALL | {"orders.take"},
        home="hotline",
    ),
    BuiltinRole(
        "market_steward", "暖当家", "Market steward", Scope.PLACE, frozenset({_CALL_SUPPLIER}), home="market"
    ),
    BuiltinRole("price_inspector", "价格检查员", "Price inspector", Scope.PLACE, _PRICE, home="prices"),
    BuiltinRole("commander", "指挥员", "Commander", Scope.PLACE, _COMMAND, home="command"),
    BuiltinRole(
        "auditor", "审计员", "Auditor", Scope.PLACE, _SEE | {"journal.read", "ledger.read"}, home="audit"
    ),
    BuiltinRole(
        ADMINISTRATOR,
        "管理员",
        "Administrator",
        Scope.PLACE,
        frozenset(People)
        | {Places.EDIT_PLACES, Places.SEE_ROSTER, Places.EDIT_ROSTER, Places.EXPORT_ROSTER, "journal.read"}
        | _GOODS
        | _RELAY,
        home="office",
    ),
)
