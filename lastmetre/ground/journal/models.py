"""The journal's lines, never changed, never removed; and the requests that were answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lastmetre.ground.protection.actor import ActorKind
from lastmetre.ground.protection.fields import Confidential, PersonalText
from lastmetre.ground.protection.paths import PathField


class Entry(Confidential):
    """One line: an actor did something to a thing, at a place, for a reason.

    Actors and things are opaque keys: a page that names them joins `people` (in `web`).
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ActorKind])
    device = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    """What the thing is, such as `places.household`."""
    thing = models.UUIDField(null=True)
    path = PathField()
    """Of the place where it happened; '' for what concerns the whole installation."""
    why = PersonalText()
    """As somebody typed it: may name people, so it is sealed."""
    detail = models.JSONField(default=dict)
    """Facts that name nobody: counts, codes, ids, states before and after."""
    mark = models.BinaryField()
    """Keyed digest of the heading: only who holds the key file can write a genuine line."""

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(verb=""), name="entry_says_what")]
        indexes = [
            models.Index(fields=["-at", "-id"], name="entry_latest"),
            models.Index(fields=["thing", "-at"], name="entry_of_thing"),
            models.Index(fields=["actor", "-at"], name="entry_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.kind}"


class Link(models.Model):
    """A line's place in the chain that seals the journal; written after the line, by one sealer at a time.

    No foreign key: the link of a line that somebody deletes must stay and tell of it.
    """

    position = models.BigIntegerField(primary_key=True)
    """1, 2, 3 ... without holes."""
    entry = models.UUIDField(unique=True)
    digest = models.BinaryField()
    """Keyed digest of the link before and the line (docs/reasons/070)."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(position__gt=0), name="link_position_positive")]

    def __str__(self) -> str:
        return str(self.position)


class AnsweredRequest(Confidential):
    """A request key of an actor and the answer that it got, kept for 30 days (trust.md 2)."""

    actor = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    asked = models.BinaryField()
    """Keyed digest of method, address and body: the same key must come with the same request."""
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    """None only within the transaction that works on it."""
    answer = PersonalText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="request_key_once_an_actor")]
        indexes = [models.Index(fields=["at"], name="answered_request_age")]

    def __str__(self) -> str:
        return f"{self.actor} {self.key}"
