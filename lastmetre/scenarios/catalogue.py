"""The shared goods: categories, products, packages, substitutes, and what each kind of shop sells."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from .codes import SupplierKind
from .draft import Draft
from .goods_rows import Benchmark, Category, PackageLine, Product, Substitute

FRESH = ("vegetables", "eggs", "pork", "fruit", "bean_products")
STAPLES = ("rice", "flour", "oil", "condiments", "ham_sausage", "instant_noodles", "water", "noodles")
EVERYTHING = (*FRESH, *STAPLES, "milk", "daily_use", "cooked_meals", "masks", "wipes", "packages")
SELLS = {
    SupplierKind.SMALL_SHOP: (*FRESH, *STAPLES, "packages"),
    SupplierKind.PLATFORM: EVERYTHING,
    SupplierKind.SUPERMARKET: EVERYTHING,
    SupplierKind.MOBILE_CANTEEN: ("cooked_meals",),
    SupplierKind.COOKED_MEALS: ("cooked_meals",),
    SupplierKind.WHOLESALE_MARKET: (*FRESH, "rice", "flour", "oil", "noodles"),
    SupplierKind.FARM_MARKET: FRESH,
    SupplierKind.COOPERATIVE: (*STAPLES, "eggs", "milk", "daily_use", "masks", "wipes"),
    SupplierKind.PRODUCER: ("vegetables", "eggs", "pork"),
    SupplierKind.FARMER: ("vegetables",),
}
"""Kind of supplier to the categories that it has."""
ONLINE_FLAGSHIP = Decimal("1.10")
"""So much dearer than the reference is the invented online flagship store (PD2b)."""


@cache
def _shared() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((files(__package__) / "goods.yaml").read_text(encoding="utf-8"))
    return data


def fen(yuan: float) -> int:
    """Turn yuan into fen."""
    return round(yuan * 100)


def product(draft: Draft, entry: dict[str, Any]) -> Product:
    """Make one product of an entry of goods.yaml."""
    return Product(
        key=draft.key("goods", entry["code"]),
        code=entry["code"],
        name=entry["name"],
        category=entry["category"],
        specification=entry["specification"],
        unit=entry["unit"],
        reference_fen=fen(entry["yuan"]),
        aliases=tuple(entry.get("aliases", ())),
        step=Decimal(str(entry.get("step", 1))),
        weight_g=entry.get("weight_g"),
        volume_ml=entry.get("volume_ml"),
        case_size=entry.get("case_size"),
        keeps_days=entry.get("keeps_days"),
        disinfection=entry.get("disinfection", "none" if entry.get("fresh") else "spray"),
        temperature=entry.get("temperature", "ambient"),
        is_package=entry["category"] == "packages",
    )


def contents(draft: Draft, entry: dict[str, Any], by_code: dict[str, Product]) -> list[PackageLine]:
    """Say what is in a package (QZ5)."""
    lines = []
    for number, (code, amount) in enumerate(entry.get("contents", ()), start=1):
        part = by_code[code]
        quantity = Decimal(str(amount))
        lines.append(
            PackageLine(
                package=draft.key("goods", entry["code"]),
                number=number,
                what=f"{part.name}{quantity.normalize():f}{part.unit}",
                product=part.key,
                quantity=quantity,
            )
        )
    return lines


def add_goods(draft: Draft) -> dict[str, Product]:
    """Add categories, products, packages, substitutes and benchmark prices; return products by code."""
    shared = _shared()
    draft.add(
        *(
            Category(entry["code"], entry["name"], entry["english"], entry["row"], entry["watched"])
            for entry in shared["categories"]
        )
    )
    entries = shared["products"]
    by_code = {entry["code"]: product(draft, entry) for entry in entries}
    draft.add(*by_code.values())
    for entry in entries:
        draft.add(*contents(draft, entry, by_code))
    for code, other, ratio in shared["substitutes"]:
        draft.add(Substitute(by_code[code].key, by_code[other].key, Decimal(str(ratio))))
    draft.add(
        *(
            Benchmark(one.key, int(one.reference_fen * ONLINE_FLAGSHIP), "网络旗舰店（虚构）")
            for one in by_code.values()
        )
    )
    return by_code
