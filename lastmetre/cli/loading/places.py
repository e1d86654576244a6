"""The tree, its compounds with all they have, the households, and what is in force."""

from __future__ import annotations

import datetime

from lastmetre.cli.loading.context import Context
from lastmetre.ground.places.actions import bulk, compounds, grids, regimes, responses
from lastmetre.ground.places.models import Place as PlaceRow
from lastmetre.ground.places.rules import PlaceKind, Risk
from lastmetre.scenarios.place_rows import Building, Place


def any_place() -> bool:
    """Whether the database holds any place at all."""
    return PlaceRow.objects.exists()


def load_places(context: Context) -> None:
    """Write everything about places; the response is opened first, so that it seals all that is personal."""
    world = context.world
    stairs = {one.place: one for one in world.buildings}
    root, *others = [_place(context, place, stairs) for place in world.places]
    (top,) = bulk.add_places([root], by=context.by, at=context.at)
    responses.open_response(top, name=world.title, by=context.by, at=context.at)
    bulk.add_places(others, by=context.by, at=context.at)
    bulk.add_households(
        [
            bulk.NewHousehold(
                parent=context.id(one.place),
                room=one.room,
                id=context.id(one.key),
                door=context.door(one.key),
                floor=one.floor,
                name=one.name,
                phone=one.phone,
                head_count=one.head_count,
                needs=tuple(one.needs),
            )
            for one in world.households
        ],
        by=context.by,
        at=context.at,
    )
    _load_compounds(context)
    _load_grids(context)
    _load_regimes(context)


def _place(context: Context, place: Place, stairs: dict[str, Building]) -> bulk.NewPlace:
    building = stairs.get(place.key) or stairs.get(place.parent)
    longitude, latitude = place.position or (None, None)
    return bulk.NewPlace(
        kind=PlaceKind(place.kind),
        name=place.name,
        parent=context.id(place.parent) if place.parent else None,
        id=context.id(place.key),
        aliases=place.aliases,
        longitude=longitude,
        latitude=latitude,
        outline=place.outline,
        head_count=place.head_count,
        household_count=place.household_count,
        floors=building.floors if building else None,
        has_lift=building.has_lift if building else False,
    )


def _load_compounds(context: Context) -> None:
    world, by, at = context.world, context.by, context.at
    places = PlaceRow.objects.in_bulk([context.id(one.place) for one in world.compounds])
    for one in world.compounds:
        compounds.edit_compound(
            places[context.id(one.place)],
            lanes=one.lanes,
            two_parts=one.two_parts,
            three_parts=one.three_parts,
            hands_per_wave=one.hands_per_wave,
            waves_per_day=one.waves_per_day,
            by=by,
            at=at,
        )
    compounds.add_gates(
        [
            compounds.NewGate(
                context.id(one.place),
                one.name,
                context.id(one.key),
                *one.position,
                takes_vehicles=one.takes_vehicles,
            )
            for one in world.gates
        ],
        by=by,
        at=at,
    )
    gates = {one.place: context.id(one.key) for one in world.gates}
    compounds.add_unloading_points(
        [
            compounds.NewUnloadingPoint(
                context.id(one.place),
                one.name,
                context.id(one.key),
                one.number,
                gates.get(one.place),
                *one.position,
            )
            for one in world.unloading_points
        ],
        by=by,
        at=at,
    )
    compounds.add_carts(
        [
            compounds.NewCart(context.id(one.compound), one.number, context.id(one.unit))
            for one in world.carts
        ],
        by=by,
        at=at,
    )


def _load_grids(context: Context) -> None:
    places = PlaceRow.objects.in_bulk([context.id(one.place) for one in context.world.grids])
    for one in context.world.grids:
        grids.save_grid(
            places[context.id(one.place)],
            name=one.name,
            members=[context.id(member) for member in one.members],
            id=context.id(one.key),
            by=context.by,
            at=context.at,
        )


def _load_regimes(context: Context) -> None:
    regimes.add_history(
        [
            regimes.NewPeriod(
                place=context.id(one.place),
                regime=one.regime,
                risk=Risk(one.risk),
                starts_at=context.start_of(one.since),
                ends_at=context.start_of(one.until) if one.until else None,
                announced_at=context.start_of(one.since),
                notice=one.notice,
            )
            for one in context.world.regimes
        ],
        by=context.by,
        at=context.at,
    )


def load_points(context: Context) -> None:
    """Write the points of service, after the people and suppliers who keep them."""
    compounds.add_points(
        [
            compounds.NewPoint(
                context.id(one.place),
                one.kind,
                one.name,
                context.id(one.key),
                *one.position,
                opens_at=datetime.time.fromisoformat(one.opens) if one.opens else None,
                keeper=context.id(one.keeper) if one.keeper else None,
            )
            for one in context.world.points
        ],
        by=context.by,
        at=context.at,
    )
