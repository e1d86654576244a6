"""How people sign in: accounts, devices, cards, invitations. Secrets are stored as keyed hashes only."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lastmetre.ground.people.models.persons import Organisation, Person
from lastmetre.ground.people.models.roles import Assignment, Role
from lastmetre.ground.people.models.squads import Shift
from lastmetre.ground.people.rules import DeviceKind, InvitationKind
from lastmetre.ground.places.models import Grid, Household, Place, Placed
from lastmetre.ground.protection.fields import Confidential, PersonalText
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paths import PathField

HASH_BYTES = 32


class Account(Confidential):
    """A person's user name, password and second factor."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="account")
    username = models.CharField(max_length=40, unique=True)
    password = models.CharField(max_length=200)
    """argon2id over a keyed hash: useless without the key file."""
    totp_secret = PersonalText()
    totp_confirmed_at = models.DateTimeField(null=True, blank=True)
    totp_last_step = models.BigIntegerField(null=True, blank=True)
    """The 30-second step of the last code taken: no code works twice."""
    recovery_codes = ArrayField(models.BinaryField(max_length=HASH_BYTES), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()
    password_changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._-]{2,39}$"), name="account_username_plain"
            ),
            models.CheckConstraint(condition=~Q(password=""), name="account_has_a_password"),
        ]

    def __str__(self) -> str:
        return self.username


class Device(models.Model):
    """A phone, computer or program that is signed in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in DeviceKind])
    token_hash = models.BinaryField(max_length=HASH_BYTES, unique=True)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="devices"
    )
    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    card = models.ForeignKey(
        "HouseholdCard", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    """The card that it signed in with: revoking a stolen card signs its devices out."""
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    """A token may carry one of its person's assignments only."""
    label = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-seen_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind=DeviceKind.HOUSEHOLD,
                    household__isnull=False,
                    person__isnull=True,
                    shift__isnull=True,
                )
                | Q(
                    kind=DeviceKind.VOLUNTEER,
                    person__isnull=False,
                    household__isnull=True,
                    shift__isnull=False,
                )
                | Q(
                    kind__in=[DeviceKind.ACCOUNT, DeviceKind.TOKEN],
                    person__isnull=False,
                    household__isnull=True,
                    shift__isnull=True,
                ),
                name="device_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(assignment__isnull=True) | Q(kind=DeviceKind.TOKEN),
                name="device_only_tokens_are_narrowed",
            ),
            models.CheckConstraint(
                condition=Q(card__isnull=True) | Q(kind=DeviceKind.HOUSEHOLD), name="device_card_of_household"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
                name="device_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="device_expires_after_creation"
            ),
        ]


class HouseholdCard(Placed):
    """The card on which a household's QR code and typed code are printed; `place` is the door.

    Both secrets are derived from the key file and the card's id, so that a card can be printed again; stored
    are only their keyed hashes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="cards")
    token_hash = models.BinaryField(max_length=HASH_BYTES, unique=True)
    code_hash = models.BinaryField(max_length=HASH_BYTES, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=40)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(revoked_at__isnull=True), name="card_one_a_household"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
                name="card_revoked_by_somebody",
            ),
        ]


class Invitation(models.Model):
    """A link that gives its holder an account with a role, or a shift without an account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in InvitationKind])
    token_hash = models.BinaryField(max_length=HASH_BYTES, unique=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    path = PathField(null=True, editable=False)
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shift = models.ForeignKey(
        Shift, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    """Whom it is for, where that is known: a new account or a new password for them."""
    uses_left = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    given_by = models.CharField(max_length=40)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False, organisation__isnull=True)
                | Q(place__isnull=True, organisation__isnull=False, grid__isnull=True),
                name="invitation_place_or_organisation",
            ),
            models.CheckConstraint(
                condition=Q(kind=InvitationKind.SHIFT, shift__isnull=False, role__isnull=True)
                | (
                    Q(kind=InvitationKind.ACCOUNT, shift__isnull=True)
                    & (Q(role__isnull=False) | Q(person__isnull=False))
                ),
                name="invitation_of_one_kind",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_expires_after_creation"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
                name="invitation_revoked_by_somebody",
            ),
        ]


class Throttle(models.Model):
    """Failed attempts at one door, by a keyed hash of who tried; never an address of the network."""

    key = models.BinaryField(primary_key=True, max_length=HASH_BYTES)
    failures = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    open_again_at = models.DateTimeField(null=True, blank=True)
