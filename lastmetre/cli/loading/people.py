"""Organisations, people with their roles, squads and shifts."""

from __future__ import annotations

import datetime

from lastmetre.cli.loading.context import Context
from lastmetre.ground.people.actions import bulk
from lastmetre.ground.people.rules import OrganisationKind, SquadKind
from lastmetre.scenarios.codes import PlaceKind, Role
from lastmetre.scenarios.people_rows import Assignment, Person
from lastmetre.scenarios.place_rows import Household

SMALL = {PlaceKind.BUILDING, PlaceKind.UNIT}


def load_people(context: Context) -> None:
    """Write everything about people; residents sign in by card and are no staff."""
    world, by, at = context.world, context.by, context.at
    bulk.add_organisations(
        [
            bulk.NewOrganisation(
                OrganisationKind(one.kind),
                one.name,
                context.id(one.place) if one.place else None,
                context.id(one.key),
            )
            for one in world.organisations
        ],
        by=by,
        at=at,
    )
    bulk.add_persons(_persons(context), by=by, at=at)
    bulk.give_roles(
        [_assignment(context, one) for one in world.assignments if one.role is not Role.HOUSEHOLD],
        by=by,
        at=at,
    )
    bulk.add_squads(
        [
            bulk.NewSquad(
                place=context.id(one.place),
                kind=SquadKind(one.kind),
                name=one.name,
                duty=one.duty,
                leader=context.id(one.leader),
                members=tuple(context.id(member) for member in one.members),
                id=context.id(one.key),
            )
            for one in world.teams
        ],
        by=by,
        at=at,
    )
    bulk.add_shifts(
        [
            bulk.NewShift(
                squad=context.id(one.team),
                starts_at=context.moment(one.starts),
                ends_at=context.moment(one.ends),
                wanted=one.wanted,
                members=tuple(context.id(member) for member in one.members),
                id=context.id(one.key),
            )
            for one in world.shifts
        ],
        by=by,
        at=at,
    )


def _assignment(context: Context, one: Assignment) -> bulk.NewAssignment:
    if one.grid:
        return bulk.NewAssignment(context.id(one.person), one.role, grid=context.id(one.grid))
    place = context.id(one.place) if one.place else None
    if one.household:
        place = context.door(one.household)
    organisation = context.id(one.organisation) if one.organisation else None
    return bulk.NewAssignment(context.id(one.person), one.role, place=place, organisation=organisation)


def _persons(context: Context) -> list[bulk.NewPerson]:
    world = context.world
    first: dict[str, Assignment] = {}
    for one in world.assignments:
        first.setdefault(one.person, one)
    seats = {one.key: one.place for one in world.organisations}
    homes = {one.key: one for one in world.households}
    parents = {place.key: place.parent for place in world.places if place.kind in SMALL}
    return [
        _person(
            context, one, _counted_at(first[one.key], seats, homes, parents) or world.name, first[one.key]
        )
        for one in world.people
        if first[one.key].role is not Role.HOUSEHOLD
    ]


def _person(context: Context, one: Person, place: str, duty: Assignment) -> bulk.NewPerson:
    tested_at = None
    if one.tested_on:
        tested_at = min(context.start_of(one.tested_on) + datetime.timedelta(hours=7), context.at)
    return bulk.NewPerson(
        place=context.id(place),
        name=one.name,
        phone=one.phone,
        organisation=context.id(one.organisation) if one.organisation else None,
        outlives_response=duty.role is not Role.VOLUNTEER,
        is_fit=one.is_fit if one.trained_on else None,
        tested_at=tested_at,
        trained_on=context.date(one.trained_on) if one.trained_on else None,
        id=context.id(one.key),
    )


def _counted_at(
    duty: Assignment, seats: dict[str, str], homes: dict[str, Household], parents: dict[str, str]
) -> str:
    """Return where somebody is counted among the staff: the place or seat of the first duty, or the compound."""
    if duty.household:
        place = homes[duty.household].place
        while place in parents:
            place = parents[place]
        return place
    return duty.place or seats.get(duty.organisation, "")
