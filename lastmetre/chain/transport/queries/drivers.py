"""Who may drive a load: the supplier's own drivers, and those of the place (FC4d)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lastmetre.chain.orders.models import Round
from lastmetre.ground.people.models import Assignment
from lastmetre.ground.people.queries.door import running
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.masking import masked_name

ROLE = "driver"


@dataclass(frozen=True, slots=True)
class Driver:
    """Somebody with a driver's role."""

    key: str
    name: str
    """Masked."""
    where: str
    """The firm or place whose driver it is."""
    full_name: str
    phone: str
    """For the load itself, where it is sealed; not for lists."""


def drivers_for(row: Round, *, at: datetime) -> list[Driver]:
    """Return who may be named as driver of a round's load; one query. Their names are handed to actions only."""
    with acting_as(SYSTEM):
        near = Q(path__above=row.path) | Q(path__within=row.path)
        rows = (
            Assignment.objects.filter(running(at), role=ROLE, person__left_at=None)
            .filter(Q(organisation=row.supplier_id) | near)
            .select_related("person", "place", "organisation")
            .order_by("-organisation", "starts_at")
        )
        found: dict[str, Driver] = {}
        for one in rows:
            key = str(one.person_id)
            where = one.organisation.name if one.organisation else one.place.name
            name, phone = one.person.name or "", one.person.phone or ""
            found.setdefault(key, Driver(key, masked_name(name), where, name, phone))
        return list(found.values())
