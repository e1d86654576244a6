"""Who may drive a load: the supplier's own drivers, those of the place (FC4d), and of fleets around it (YX9a)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lastmetre.chain.orders.models import Round
from lastmetre.ground.people.models import Assignment
from lastmetre.ground.people.queries.door import running
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.masking import masked_name

ROLE = "driver"
MOST = 100
"""Drivers that are offered: who is behind them is written by name."""


@dataclass(frozen=True, slots=True)
class Driver:
    """Somebody with a driver's role."""

    key: str
    name: str
    """Masked."""
    where: str
    """The firm or place whose driver it is."""
    firm: UUID | None
    """The firm that the driver belongs to; None for a place's own."""
    full_name: str
    phone: str
    """For the load itself, where it is sealed; not for lists."""


def drivers_for(row: Round, *, at: datetime) -> list[Driver]:
    """Return who may be named as driver of a round's load; one query. Their names are handed to actions only."""
    with acting_as(SYSTEM):
        near = Q(path__above=row.path) | Q(path__within=row.path)
        # YX9a: firms' own fleets and the area's are pooled.
        pooled = Q(organisation__seat__path__above=row.path)
        rows = (
            Assignment.objects.filter(running(at), role=ROLE, person__left_at=None)
            .filter(Q(organisation=row.supplier_id) | near | pooled)
            .select_related("person", "place", "organisation")
            .order_by("starts_at", "pk")[:MOST]
        )
        found: dict[str, Driver] = {}
        for one in rows:
            key = str(one.person_id)
            where = one.organisation.name if one.organisation else one.place.name
            name, phone = one.person.name or "", one.person.phone or ""
            driver = Driver(key, masked_name(name), where, one.organisation_id, name, phone)
            found.setdefault(key, driver)
        return sorted(found.values(), key=lambda one: (one.firm != row.supplier_id, one.firm is not None))
