"""Rows of the intake by id as the actor sees them: foreign and missing ids are the same 404."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from lastmetre.chain.orders.models import Intake, Message, Round
from lastmetre.chain.orders.rules import MessageState, Permission
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import Actor, is_within


def round_for_taking(pk: UUID, actor: Actor) -> Round:
    """Return a round where the actor takes orders, for all of its compound or a part; raises Denied, Http404."""
    row: Round = get_object_or_404(Round.objects.select_related("place", "supplier__organisation"), pk=pk)
    if not any(
        Permission.TAKE in grant.permissions and grant.path and is_within(grant.path, row.path)
        for grant in actor.grants
    ):
        actor.must(Permission.TAKE, path=row.path)
    return row


def intake_or_404(pk: UUID) -> Intake:
    """Return a paste, workbook or sheet with its round."""
    found: Intake = get_object_or_404(Intake.objects.select_related("round__place", "place__parent"), pk=pk)
    return found


def message_or_404(pk: UUID) -> Message:
    """Return an entry with its intake."""
    found: Message = get_object_or_404(Message.objects.select_related("intake"), pk=pk)
    return found


def household_or_404(pk: UUID) -> Household:
    """Return a household in use, with its door."""
    rows = Household.objects.filter(place__ended_at__isnull=True).select_related("place__parent__parent")
    found: Household = get_object_or_404(rows, pk=pk)
    return found


def place_or_404(pk: UUID) -> Place:
    """Return a place in use."""
    found: Place = get_object_or_404(Place.objects.filter(ended_at__isnull=True), pk=pk)
    return found


def doubts_of(row: Round) -> list[Message]:
    """Return what waits for a person in a round, in the order in which it came; one query."""
    found = Message.objects.filter(intake__round=row, state=MessageState.DOUBT).select_related("intake")
    return list(found.order_by("intake__taken_at", "number"))
