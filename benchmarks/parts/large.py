"""A compound of thousands, written by the dozen: for what must hold at size and in a rush."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from lastmetre.chain.orders.actions.bulk import Placed, place_many
from lastmetre.chain.orders.actions.requests import Asked, Wish
from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, open_round, prepare_round
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import Channel, PayRule
from lastmetre.ground.goods.actions.catalogue import add_products
from lastmetre.ground.goods.actions.suppliers import add_suppliers
from lastmetre.ground.goods.drafts import NewProduct, NewSupplier
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.rules import SupplierKind
from lastmetre.ground.people.actions.accounts import create_administrator
from lastmetre.ground.people.actions.devices import sign_in_device
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.people.rules import DeviceKind, OrganisationKind
from lastmetre.ground.places.actions.bulk import NewHousehold, NewPlace, add_households, add_places
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id

GOODS = (("A", "蔬菜包", "vegetables", 5000), ("B", "大米", "rice", 3280), ("C", "鸡蛋", "eggs", 2490))
DOORS = 50
"""Of a unit; two units a building."""
HOUR = timedelta(hours=1)


@dataclass
class Large:
    """A compound, its households in the order of their doors, and one supplier."""

    compound: Place
    supplier: Supplier
    homes: list[Household]
    products: list[Any]


def build(households: int, at: datetime, *, name: str = "东辰心语") -> Large:
    """Write district, community and compound with so many households; within SYSTEM."""
    top = NewPlace(PlaceKind.DISTRICT, f"{name}一带", None)
    community = NewPlace(PlaceKind.COMMUNITY, "东辰社区", top.id)
    compound = NewPlace(PlaceKind.COMPOUND, name, community.id)
    stairs, doors = [top, community, compound], []
    for number in range(1, households // (2 * DOORS) + 2):
        building = NewPlace(PlaceKind.BUILDING, f"{number}号楼", compound.id)
        units = [NewPlace(PlaceKind.UNIT, f"{unit}单元", building.id) for unit in (1, 2)]
        stairs += [building, *units]
        doors += [(number, unit.id, room) for unit in units for room in range(DOORS)]
    add_places(stairs, by=SYSTEM, at=at)
    add_households(
        [
            NewHousehold(
                unit, f"{room // 2 + 1}{room % 2 + 1:02}", name="王芳", phone=f"138{serial:08}", head_count=2
            )
            for serial, (_, unit, room) in enumerate(doors[:households])
        ],
        by=SYSTEM,
        at=at,
    )
    place = Place.objects.get(pk=compound.id)
    homes = list(Household.objects.filter(path__within=place.path).select_related("place").order_by("pk"))
    seat = Place.objects.get(pk=top.id)
    shop = Organisation(kind=OrganisationKind.SUPPLIER, name="永辉超市", seat=seat)
    shop.save(force_insert=True)
    (supplier,) = add_suppliers(
        [NewSupplier(shop.pk, SupplierKind.SUPERMARKET, seat.pk, licence=f"JY{new_id().hex[-8:]}")],
        by=SYSTEM,
        at=at,
    )
    products = add_products(
        [
            NewProduct(
                f"{code}{compound.id.hex[-6:]}", title, kind, specification=name, unit="份", weight_g=2000
            )
            for code, title, kind, _ in GOODS
        ],
        by=SYSTEM,
        at=at,
    )
    return Large(place, supplier, homes, products)


def begin(
    large: Large,
    at: datetime,
    *,
    stock: Sequence[int | None] = (None, None, None),
    first_come: bool = False,
    rule: PayRule = PayRule.AFTER_PACKING,
) -> Round:
    """Open a round of the three goods; `stock` of each, `first_come` sells the first until it has run out."""
    items = tuple(
        NewItem(
            product.pk,
            code,
            fen,
            stock=None if held is None else Decimal(held),
            is_first_come=first_come and place == 0,
        )
        for place, (product, (code, _, _, fen), held) in enumerate(
            zip(large.products, GOODS, stock, strict=True)
        )
    )
    new = NewRound("大批", at - HOUR, at + 5 * HOUR, at + 20 * HOUR, items, every_days=0, pay_rule=rule)
    row = prepare_round(large.compound, large.supplier, new, by=SYSTEM, at=at)
    return open_round(row, by=SYSTEM, at=at)


def ask_all(row: Round, homes: Sequence[Household], at: datetime) -> list[Placed]:
    """Every household asks for one of each good, some for two."""
    items = list(row.items.values_list("pk", flat=True))
    orders = [
        (
            home,
            Asked(
                tuple(Wish(pk, Decimal(1 + (place + good) % 2)) for good, pk in enumerate(items)),
                Channel.CHAT,
            ),
        )
        for place, home in enumerate(homes)
    ]
    return place_many(row.pk, orders, by=SYSTEM, at=at)


def desk_of(large: Large, at: datetime) -> str:
    """Sign in somebody who runs the compound's rounds; returns the token of the device."""
    name = new_id().hex[-8:]
    account = create_administrator(
        by=SYSTEM,
        at=at,
        place=large.compound,
        name="张桂芳",
        username=f"desk{name}",
        password=f"desk-{name}-of-tests",
    )
    account.totp_confirmed_at = at
    account.save(update_fields=["totp_confirmed_at"])
    _, token = sign_in_device(
        by=SYSTEM, at=at, kind=DeviceKind.ACCOUNT, path=large.compound.path, person=account.person
    )
    return token
