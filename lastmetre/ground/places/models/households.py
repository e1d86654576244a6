"""Households: the unit of record (house law 4), and all that is personal about them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from lastmetre.ground.places.models.tree import Placed
from lastmetre.ground.protection.fields import Confidential, PersonalText, Searchable
from lastmetre.ground.protection.search import term_of_need, terms_of_person


class Household(Placed, Searchable):
    """Who lives behind a door: `place` is the door."""

    place = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="household")
    floor = models.SmallIntegerField(null=True, blank=True)
    head_count = models.PositiveSmallIntegerField(null=True, blank=True)
    """None where nobody knows (trust.md: collected are door, phone, head count, coded needs)."""
    name = PersonalText()
    phone = PersonalText()
    needs = PersonalText()
    """Codes of `rules.Need`, joined by spaces; sealed, for they say who is old or alone."""
    note = PersonalText()
    """What the household wants its helpers to know, in its own words."""

    class Meta(Searchable.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.place_id)

    def search_terms(self) -> Iterable[str]:
        """Return what the household can be found by: name, phone, needs."""
        yield from terms_of_person(name=self.name, phone=self.phone)
        yield from (term_of_need(code) for code in (self.needs or "").split())


class RosterUpload(Placed, Confidential):
    """A roster that somebody uploaded and has not yet taken over: sealed, and emptied when it is settled."""

    file_name = PersonalText()
    content = PersonalText()
    """What was read from it, as JSON; the workbook itself is not kept."""
    uploaded_by = models.CharField(max_length=40)
    uploaded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    """When it was taken over or put aside."""

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return str(self.pk)
