"""Goods, suppliers, what they offer, and what their prices are held against."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lastmetre.cli.loading.context import Context
from lastmetre.ground.goods import drafts
from lastmetre.ground.goods.actions import catalogue, offers, payees, prices, reserves, suppliers
from lastmetre.ground.goods.models import Category, Supplier
from lastmetre.ground.goods.models import Product as ProductRow
from lastmetre.ground.goods.rules import Disinfection, ServiceMode, SupplierKind, Temperature, Tier
from lastmetre.scenarios.goods_rows import Product


def load_goods(context: Context) -> None:
    """Write everything about goods; products that another scenario brought are used as they are."""
    _load_categories(context)
    _load_suppliers(context)
    fresh = _load_products(context)
    _load_offers(context)
    _load_prices(context, fresh)
    _load_payees(context)


def _load_payees(context: Context) -> None:
    """Let suppliers have their collection codes, proposed by their own person: residents of the demo can pay."""
    for one in context.world.suppliers:
        if one.contact:
            own = replace(context.by, key=str(context.id(one.contact)))
            code = f"https://example.org/pay/{one.licence}"
            firm = Supplier.objects.get(organisation=context.id(one.organisation))
            payee = payees.propose_payee(firm, name=one.name, code=code, by=own, at=context.at)
            payees.approve_payee(payee, by=context.by, at=context.at)


def _load_categories(context: Context) -> None:
    there = set(Category.objects.values_list("code", flat=True))
    missing = [
        drafts.NewCategory(one.code, one.name, one.english, one.is_watched)
        for one in context.world.categories
        if one.code not in there
    ]
    if missing:
        catalogue.save_categories(missing, by=context.by, at=context.at)


def _load_suppliers(context: Context) -> None:
    world, by, at = context.world, context.by, context.at
    people = {person.key: person for person in world.people}
    for one in world.suppliers:
        context.name(one.key, context.id(one.organisation))
    suppliers.add_suppliers(
        [
            drafts.NewSupplier(
                organisation=context.id(one.organisation),
                kind=SupplierKind(one.kind),
                place=context.id(one.place),
                licence=one.licence,
                pledged_on=context.date(one.pledged_on) if one.pledged_on else None,
                plan=one.plan,
                plan_filed_on=context.date(world.day) if one.plan else None,
                is_key=one.is_key_supplier,
                heads=one.serves_heads,
                longitude=one.position[0] if one.position else None,
                latitude=one.position[1] if one.position else None,
                contact_name=people[one.contact].name if one.contact else "",
                contact_phone=one.phone,
            )
            for one in world.suppliers
        ],
        by=by,
        at=at,
    )
    suppliers.save_capacities(
        [
            drafts.NewCapacity(context.id(one.supplier), one.category, one.daily_kg)
            for one in world.capacities
        ],
        by=by,
        at=at,
    )
    suppliers.add_areas(
        [
            drafts.NewArea(
                context.id(one.supplier),
                context.id(one.place),
                ServiceMode(one.mode),
                context.start_of(world.day),
                order_url=one.order_url,
            )
            for one in world.contracts
        ],
        by=by,
        at=at,
    )


def _load_products(context: Context) -> set[str]:
    """Add the products that no other scenario has brought; return their keys."""
    there = dict(ProductRow.objects.values_list("code", "pk"))
    for one in context.world.products:
        if one.code in there:
            context.name(one.key, there[one.code])
    fresh = [one for one in context.world.products if one.code not in there]
    fresh.sort(key=lambda one: one.is_package)  # packages name the goods that they hold
    catalogue.add_products([_product(context, one) for one in fresh], by=context.by, at=context.at)
    keys = {one.key for one in fresh}
    substitutes = [
        drafts.NewSubstitute(context.id(one.product), context.id(one.substitute), one.ratio)
        for one in context.world.substitutes
        if one.product in keys
    ]
    if substitutes:
        catalogue.save_substitutes(substitutes, by=context.by, at=context.at)
    pairs = [(context.id(one.place), context.id(one.product)) for one in context.world.assortments]
    catalogue.add_to_assortments(pairs, by=context.by, at=context.at)
    return keys


def _product(context: Context, one: Product) -> drafts.NewProduct:
    inside = [line for line in context.world.package_lines if line.package == one.key]
    return drafts.NewProduct(
        code=one.code,
        name=one.name,
        category=one.category,
        id=context.id(one.key),
        aliases=one.aliases,
        owner=context.id(one.owner) if one.owner else None,
        specification=one.specification,
        unit=one.unit,
        step=one.step,
        weight_g=one.weight_g,
        volume_ml=one.volume_ml,
        case_size=one.case_size,
        keeps_days=one.keeps_days,
        disinfection=Disinfection(one.disinfection),
        temperature=Temperature(one.temperature),
        is_package=one.is_package,
        contents=" ".join(line.what for line in inside),
        lines=tuple(
            drafts.NewLine(line.what, context.id(line.product) if line.product else None, line.quantity)
            for line in inside
        ),
    )


def _load_offers(context: Context) -> None:
    offers.add_offers(
        [
            drafts.NewOffer(
                supplier=context.id(one.supplier),
                product=context.id(one.product),
                place=context.id(one.area),
                price_fen=one.price_fen,
                valid_from=context.moment(one.opens),
                valid_until=context.moment(one.closes),
                id=context.id(one.key),
                code=one.code,
                stock=Decimal(one.stock),
                limit_per_household=one.limit,
            )
            for one in context.world.offers
        ],
        by=context.by,
        at=context.at,
    )


def _load_prices(context: Context, fresh: set[str]) -> None:
    world, by, at = context.world, context.by, context.at
    prices.add_benchmarks(
        [
            drafts.NewBenchmark(context.id(one.product), one.price_fen, one.where, at)
            for one in world.benchmarks
            if one.product in fresh
        ],
        by=by,
        at=at,
    )
    prices.add_caps(
        [
            drafts.NewCap(
                context.id(one.place),
                context.start_of(one.since),
                product=context.id(one.product),
                price_fen=one.price_fen,
                why="价格干预通告（演示）",
            )
            for one in world.price_caps
        ],
        by=by,
        at=at,
    )
    reserves.save_reserves(
        [
            drafts.NewReserve(
                Tier(one.tier), context.id(one.place), one.category, one.kg, holder=context.id(one.holder)
            )
            for one in world.reserves
        ],
        by=by,
        at=at,
    )
