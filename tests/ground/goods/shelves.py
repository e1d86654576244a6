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
def shop(town: Town) -> Shop:
    """永辉 sells all over 二七区, 邻家 in 邻区 only; the egg offer began ten days ago."""
    with acting_as(SYSTEM) as now:
        return stock_shop(town, now)


def stock_shop(town: Town, now: datetime) -> Shop:
    write: dict[str, Any] = {"by": SYSTEM, "at": now}
    goods = [
        NewProduct("R1", "大米", "rice", specification="5kg", unit="袋", weight_g=5000, case_size=4),
        NewProduct(
            "E1",
            "鸡蛋",
            "eggs",
            aliases=("鲜鸡蛋",),
            specification="30枚",
            unit="板",
            weight_g=1900,
            keeps_days=25,
            disinfection=Disinfection.NONE,
        ),
        NewProduct(
            "B1",
            "豆腐",
            "bean_products",
            specification="400g",
            unit="盒",
            weight_g=420,
            temperature=Temperature.CHILLED,
        ),
        NewProduct("V4", "土豆", "vegetables", unit="斤", step=Decimal("0.5"), weight_g=500),
    ]
    by_code = {row.code: row for row in goods}
    lines = (
        NewLine("大米1袋", by_code["R1"].id, Decimal(1)),
        NewLine("鸡蛋1板", by_code["E1"].id, Decimal(1)),
        NewLine("土豆2斤", by_code["V4"].id, Decimal(2)),
    )
    goods.append(NewProduct("X1", "安心包", "packages", is_package=True, weight_g=7900, lines=lines))
    products = {row.code: row for row in add_products(goods, **write)}
    save_substitutes(
        [NewSubstitute(products["E1"].pk, products["B1"].pk, Decimal(4))], **write
    )  # YX7: bean curd is made next door
    assert town.supplier
    assert town.other_supplier
    home, away = town.place["二七区"], town.place["邻区"]
    ours, other = add_suppliers(
        [
            NewSupplier(
                town.supplier.pk,
                SupplierKind.SUPERMARKET,
                home.pk,
                licence="JY1410103",
                contact_name="周敏",
                contact_phone="13700000001",
            ),
            NewSupplier(town.other_supplier.pk, SupplierKind.SMALL_SHOP, away.pk, licence="JY1410104"),
        ],
        **write,
    )
    add_areas(
        [
            NewArea(ours.pk, home.pk, ServiceMode.OPEN, now - 30 * DAY),
            NewArea(other.pk, away.pk, ServiceMode.OPEN, now - 30 * DAY),
        ],
        **write,
    )
    prices = {"R1": 3280, "E1": 2490, "V4": 250, "X1": 6000}
    offers = add_offers(
        [
            NewOffer(ours.pk, products[code].pk, home.pk, fen, now - 10 * DAY, stock=Decimal(100))
            for code, fen in prices.items()
        ]
        + [NewOffer(other.pk, products["R1"].pk, away.pk, 3500, now - 10 * DAY, stock=Decimal(5))],
        **write,
    )
    offer = dict(zip([*prices, "other R1"], offers, strict=True))
    return Shop(town, now, products, ours, other, offer)


@pytest.fixture
def acting() -> Callable[[Actor], Any]:
    """`with acting(actor) as now:`"""
    return acting_as
