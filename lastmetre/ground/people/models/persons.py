"""Organisations and the persons who work for them or help."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q

from lastmetre.ground.people.rules import OrganisationKind
from lastmetre.ground.places.models import Place, Placed
from lastmetre.ground.protection.fields import PersonalText, Searchable
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.search import search_terms_of


class Organisation(models.Model):
    """An office, supplier, property office, committee or group of volunteers that people belong to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in OrganisationKind])
    name = models.CharField(max_length=80)
    pinyin = models.CharField(max_length=160, blank=True, editable=False)
    """Initials of the name, for search by keyboard."""
    seat = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
            models.UniqueConstraint(
                fields=["kind", "name", "seat"],
                condition=Q(ended_at__isnull=True),
                name="organisation_once_a_seat",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Person(Placed, Searchable):
    """Somebody who works or helps; `place` is where they are counted among the staff."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="persons"
    )
    name = PersonalText()
    phone = PersonalText()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta(Searchable.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.pk)

    def search_terms(self) -> Iterable[str]:
        """Return what a person can be found by: name, initials, phone."""
        return search_terms_of(self)


class Fitness(models.Model):
    """A person's word that they feel well, and their last test; never a diagnosis (FC8, YX14d)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="fitness")
    declared_at = models.DateTimeField()
    is_fit = models.BooleanField()
    tested_at = models.DateTimeField(null=True, blank=True)
    """When the sample of the last negative test was taken; None where it was not asked."""

    class Meta:
        ordering = ["-declared_at"]
        indexes = [models.Index(fields=["person", "-declared_at"], name="fitness_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(tested_at__isnull=True) | Q(tested_at__lte=F("declared_at")),
                name="fitness_tested_before_declared",
            )
        ]


class Training(models.Model):
    """A person was trained in a topic before duty (FC8, YX20)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="trainings")
    topic = models.CharField(max_length=60)
    trained_on = models.DateField()

    class Meta:
        ordering = ["-trained_on"]
        constraints = [
            models.CheckConstraint(condition=~Q(topic=""), name="training_has_a_topic"),
            models.UniqueConstraint(fields=["person", "topic", "trained_on"], name="training_once_a_day"),
        ]
