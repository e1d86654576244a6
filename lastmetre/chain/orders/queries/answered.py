"""What an answer to a doubt changes of a round's plan: only what it touches is read and judged anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from lastmetre.chain.orders.models import Intake, Round
from lastmetre.chain.orders.queries.intake import (
    Given,
    Plan,
    answers_of,
    doubts_in,
    judge,
    plan_of,
    texts_of,
)
from lastmetre.chain.orders.queries.sources import READ, Desk, items_of, offer_of
from lastmetre.ground.places.models import Building, Household, Place, Unit
from lastmetre.ground.places.models import Compound as CompoundRow
from lastmetre.ground.protection.memory import SealedMemory
from lastmetre.ground.protection.responses import response_for
from lastmetre.reading.resolving import Resolver
from lastmetre.reading.sources import Round as Read
from lastmetre.reading.standing import Standing
from lastmetre.terms import Compound, Home, Offer

MEMORY = SealedMemory(4)
"""Rounds whose doubts are being settled. What is kept follows from what was said, the roster, the list of goods and
the answers that are kept with it: another process, or an answer that was rolled back, only makes more be read anew."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A round as it was read last."""

    compound: Compound
    doors: Mapping[Home, UUID]
    """The household at each home."""
    standing: Standing
    answers: Given


def keep(plan: Plan) -> None:
    """Remember a plan of all that was said and confirmed, so that an answer has only what it touches read anew."""
    desk = plan.desk
    doors = {home: one.pk for home, one in desk.households.items()}
    standing = Standing.of(plan.said, plan.read.reading.lines, plan.read.asked)
    _keep(desk.row, desk.offer, Kept(desk.compound, doors, standing, plan.answers))


def plan_after(row: Round, again: Collection[UUID]) -> Plan:
    """Return the plan of what was answered since the round was read last; as SYSTEM.

    `again` are households that are judged anew besides: their orders were refused, or changed elsewhere. All is
    read where nothing is remembered, or anything but answers has changed.
    """
    items = items_of(row)
    offer = offer_of(row, items)
    found = MEMORY.recalled(response_for(row.path).pk, _given(row, offer))
    if not found:
        plan = plan_of(row)
        keep(plan)
        return plan
    kept: Kept = found[0]
    answers = answers_of(row, kept.answers)
    changed = {
        key for key in answers.keys() | kept.answers.keys() if answers.get(key) != kept.answers.get(key)
    }
    texts = texts_of(answers)
    wanted = set(again)
    reread = kept.standing.reread(
        changed,
        [home for home, pk in kept.doors.items() if pk in wanted],
        before=texts_of(kept.answers),
        after=texts,
        resolver=Resolver.of(kept.compound, offer),
    )
    _keep(row, offer, Kept(kept.compound, kept.doors, reread.standing, answers))
    households = _households(kept.doors, _homes_in(reread.before, reread.after))
    desk = Desk(row, items, offer, kept.compound, households)
    judged, conflicts = judge(desk, reread.after, texts, [one.pk for one in households.values()])
    return Plan(
        desk,
        tuple(judged),
        (*doubts_in(reread.after, desk), *conflicts),
        (),
        (),
        0,
        "",
        reread.after,
        (),
        answers,
        frozenset(one.asking.key for one in doubts_in(reread.before, desk)),
    )


def _homes_in(*readings: Read) -> set[Home]:
    lines = {line.home for read in readings for line in read.reading.lines if line.home}
    return lines | {order.home for read in readings for order in read.orders}


def _households(doors: Mapping[Home, UUID], homes: Iterable[Home]) -> dict[Home, Household]:
    home_of = {doors[home]: home for home in homes if home in doors}
    found = Household.objects.filter(pk__in=home_of).select_related("place__parent__parent")
    return {home_of[one.pk]: one for one in found}


def _keep(row: Round, offer: Offer, kept: Kept) -> None:
    MEMORY.keep(response_for(row.path).pk, _given(row, offer), kept)


def _given(row: Round, offer: Offer) -> object:
    """Return what stands for all that a reading hangs on besides answers: one query over sealed rows, none opened."""
    tables = [one._meta.db_table for one in (Place, Household, CompoundRow, Building, Unit)]
    places = [f"SELECT {_SUM} FROM {table} AS held WHERE held.path <@ %s::ltree" for table in tables]
    of_round = "held.round_id = %s AND held.channel = ANY(%s) AND held.confirmed_at IS NOT NULL"
    said = f"SELECT {_SUM} FROM {Intake._meta.db_table} AS held WHERE {of_round}"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join((*places, said)), [*[row.path] * len(tables), row.pk, list(READ)])
        return row.pk, offer, cursor.fetchall()


_SUM = "count(*), sum(hashtextextended(held::text, 0)::numeric)"
