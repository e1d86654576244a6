"""Numbered sheets of paper: printed with the doors of a stairwell, keyed in; the same number twice counts once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Max

from lastmetre.chain.orders.actions.bulk import place_many
from lastmetre.chain.orders.actions.requests import Asked, Wish
from lastmetre.chain.orders.intake_rules import MOST_SHEET_ROWS, keyed
from lastmetre.chain.orders.models import Intake, Round, RoundItem
from lastmetre.chain.orders.queries.intake import asked_now
from lastmetre.chain.orders.queries.sheets import Sheet, doors_without_sheet, sheet_of
from lastmetre.chain.orders.queries.sources import items_of
from lastmetre.chain.orders.rules import Channel, Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say

SHEET = "orders.intake"
STANDS = say("Not changed: it was ordered differently elsewhere since. Tick “the sheet counts” to enter it.")


@dataclass(frozen=True, slots=True)
class SheetResult:
    """What keying a sheet in came to."""

    entered: int
    unchanged: int
    refused: Mapping[UUID, Sentence]
    """By household: why it was not entered; everything else of the sheet was."""


def number_sheets(row: Round, *, by: Actor, at: datetime) -> int:
    """Give every door of the compound a line on a numbered sheet; who has one keeps it. Returns how many sheets."""
    by.must(Permission.TAKE, path=row.path)
    with acting_as(SYSTEM):
        Round.objects.select_for_update(no_key=True).get(pk=row.pk)
        held = Intake.objects.filter(round=row, sheet__isnull=False)
        last: int = held.aggregate(last=Max("sheet"))["last"] or 0
        made = [
            Intake(
                response=response_for(stairs.path),
                place_id=stairs.pk,
                path=stairs.path,
                round=row,
                channel=Channel.PAPER,
                raw=json.dumps({"doors": [str(one.pk) for one in homes], "keyed": {}}),
                digest="",
                sheet=number,
                taken_at=at,
                taken_by=by.key,
            )
            for number, (stairs, homes) in enumerate(
                doors_without_sheet(row, MOST_SHEET_ROWS), start=last + 1
            )
        ]
        Intake.objects.bulk_create(made)
        if made:
            record("printed", SHEET, row.pk, by=by, at=at, path=row.path, sheets=len(made))
    return last + len(made)


def key_in(
    intake: Intake,
    typed: Mapping[UUID, str],
    *,
    wins: frozenset[UUID] = frozenset(),
    by: Actor,
    at: datetime,
) -> SheetResult:
    """Enter a sheet's lines: letters and numbers a household; an empty line changes nothing.

    Keyed in again it shows no effect; a line that says something else now changes the order. What was ordered
    differently elsewhere since stands, unless the household is among `wins`.
    """
    by.must(Permission.TAKE, path=intake.path)
    with acting_as(SYSTEM):
        Round.objects.select_for_update(no_key=True).get(pk=intake.round_id)
        held = Intake.objects.select_for_update(of=("self",)).select_related("round").get(pk=intake.pk)
        sheet = sheet_of(held)
        items = items_of(held.round)
        now = asked_now(held.round, {item.pk: code for code, item in items.items()})
        refused: dict[UUID, Sentence] = {}
        wanted: dict[UUID, dict[str, Decimal]] = {}
        for line in sheet.lines:
            text = typed.get(line.household.pk, "").strip()
            if not text:
                continue
            try:
                wanted[line.household.pk] = keyed(text, items)
            except InputError as error:
                refused[line.household.pk] = error.what
        homes = {line.household.pk: line.household for line in sheet.lines}
        orders, unchanged = [], 0
        for pk, goods in wanted.items():
            if goods == now.get(pk, {}):
                unchanged += 1
            elif now.get(pk, {}) != sheet.keyed.get(pk, {}) and pk not in wins:
                refused[pk] = STANDS
            else:
                orders.append((homes[pk], _asked(goods, items)))
        placed = place_many(held.round_id, orders, by=by, at=at)
        refused |= {one.household.pk: one.refusal.what for one in placed if one.refusal}
        _keep(held, sheet, {pk: goods for pk, goods in wanted.items() if pk not in refused}, by=by, at=at)
        entered = sum(one.refusal is None for one in placed)
        record("keyed in", SHEET, held.pk, by=by, at=at, path=held.path, entered=entered)
    return SheetResult(entered, unchanged, refused)


def _asked(goods: Mapping[str, Decimal], items: Mapping[str, RoundItem]) -> Asked:
    wishes = tuple(Wish(items[code].pk, quantity) for code, quantity in goods.items() if quantity)
    return Asked(wishes, Channel.PAPER)


def _keep(
    held: Intake, sheet: Sheet, keyed_now: Mapping[UUID, Mapping[str, Decimal]], *, by: Actor, at: datetime
) -> None:
    known = {**sheet.keyed, **keyed_now}
    held.raw = json.dumps(
        {
            "doors": [str(line.household.pk) for line in sheet.lines],
            "keyed": {
                str(pk): {code: str(qty) for code, qty in goods.items()} for pk, goods in known.items()
            },
        }
    )
    held.confirmed_at, held.confirmed_by = at, by.key
    held.save(update_fields=["raw", "confirmed_at", "confirmed_by"])
