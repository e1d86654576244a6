"""A town with goods: two suppliers, four products, prices that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from actors import Town

from lastmetre.ground.goods.actions.catalogue import add_products, save_substitutes
from lastmetre.ground.goods.actions.offers import add_offers
from lastmetre.ground.goods.actions.suppliers import add_areas, add_suppliers
from lastmetre.ground.goods.drafts import (
    NewArea,
    NewLine,
    NewOffer,
    NewProduct,
    NewSubstitute,
    NewSupplier,
)
from lastmetre.ground.goods.models import Offer, Product, Supplier
from lastmetre.ground.goods.rules import Disinfection, ServiceMode, SupplierKind, Temperature
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind, Grant
from lastmetre.ground.protection.scope import acting_as

DAY = timedelta(days=1)


@dataclass
class Shop:
    """The town and its goods: rows by the words of the tests."""

    town: Town
    now: datetime
    product: dict[str, Product]
    supplier: Supplier
    other: Supplier
    offer: dict[str, Offer]

    def clerk(self, supplier: Supplier | None = None) -> Actor:
        """A clerk of one supplier, who sees no place."""
        who = (supplier or self.supplier).pk
        permissions = frozenset({"goods.offer.edit", "goods.payee.propose"})
        return Actor(
            f"clerk-{who.hex[-6:]}",
            ActorKind.STAFF,
            organisations=(who,),
            grants=(Grant(permissions, organisation=who),),
        )

    def officer(self, *permissions: str, path: str = "d", key: str = "officer") -> Actor:
        """Somebody with permissions at a place."""
        return Actor(key, ActorKind.STAFF, sees=(path,), grants=(Grant(frozenset(permissions), path=path),))


@pytest.fixture
def shop(scene: dict[str, Any]) -> Shop:
    """A town with goods."""
    shop: Shop = scene["shop"]
    return shop


def stock_shop(town: Town, now: datetime) -> Shop:
    """永辉 sells all over 二七区, 邻家 in 邻区 only; the egg offer began ten days ago."""
    products = _products(now)
    ours, other = _suppliers(town, now)
    home, away = town.place["二七区"].pk, town.place["邻区"].pk
    prices = {"R1": 3280, "E1": 2490, "V4": 250, "X1": 6000}
    rows = [
        NewOffer(ours.pk, products[code].pk, home, fen, now - 10 * DAY, stock=Decimal(100))
        for code, fen in prices.items()
    ]
    rows.append(NewOffer(other.pk, products["R1"].pk, away, 3500, now - 10 * DAY, stock=Decimal(5)))
    offers = add_offers(rows, by=SYSTEM, at=now)
    return Shop(town, now, products, ours, other, dict(zip([*prices, "other R1"], offers, strict=True)))


def _products(now: datetime) -> dict[str, Product]:
    fresh: dict[str, Any] = {"disinfection": Disinfection.NONE, "keeps_days": 25}
    cold: dict[str, Any] = {"temperature": Temperature.CHILLED}
    rice = NewProduct("R1", "大米", "rice", specification="5kg", unit="袋", weight_g=5000, case_size=4)
    eggs = NewProduct(
        *("E1", "鸡蛋", "eggs"), aliases=("鲜鸡蛋",), specification="30枚", unit="板", weight_g=1900, **fresh
    )
    curd = NewProduct("B1", "豆腐", "bean_products", specification="400g", unit="盒", weight_g=420, **cold)
    potatoes = NewProduct("V4", "土豆", "vegetables", unit="斤", step=Decimal("0.5"), weight_g=500)
    lines = (
        NewLine("大米1袋", rice.id, Decimal(1)),
        NewLine("鸡蛋1板", eggs.id, Decimal(1)),
        NewLine("土豆2斤", potatoes.id, Decimal(2)),
    )
    package = NewProduct("X1", "安心包", "packages", is_package=True, weight_g=7900, lines=lines)
    rows = add_products([rice, eggs, curd, potatoes, package], by=SYSTEM, at=now)
    # YX7: bean curd is made next door
    save_substitutes([NewSubstitute(eggs.id, curd.id, Decimal(4))], by=SYSTEM, at=now)
    return {row.code: row for row in rows}


def _suppliers(town: Town, now: datetime) -> list[Supplier]:
    assert town.supplier
    assert town.other_supplier
    home, away = town.place["二七区"].pk, town.place["邻区"].pk
    contact = {"contact_name": "周敏", "contact_phone": "13700000001"}
    rows = [
        NewSupplier(town.supplier.pk, SupplierKind.SUPERMARKET, home, licence="JY1410103", **contact),
        NewSupplier(town.other_supplier.pk, SupplierKind.SMALL_SHOP, away, licence="JY1410104"),
    ]
    suppliers = add_suppliers(rows, by=SYSTEM, at=now)
    begun = now - 30 * DAY
    areas = [(town.supplier.pk, home), (town.other_supplier.pk, away)]
    add_areas([NewArea(who, where, ServiceMode.OPEN, begun) for who, where in areas], by=SYSTEM, at=now)
    return suppliers


@pytest.fixture
def acting() -> Callable[[Actor], Any]:
    """`with acting(actor) as now:`"""
    return acting_as
