"""Books, accounts, postings; bags and boxes and whose hands they are in; cases and photos."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause, ParcelKind
from lastmetre.ground.goods.models import Product, Supplier
from lastmetre.ground.goods.models.catalogue import choices
from lastmetre.ground.places.models import Household, Placed
from lastmetre.ground.protection.fields import Confidential, PersonalText
from lastmetre.ground.protection.ids import new_id


class Book(Placed):
    """The books of one round at one compound (`place`); written by `ledger.actions` alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="books"
    )
    title = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=40, blank=True)
    fund_pays = models.BooleanField(default=False)
    """What goods cost is pledged by a fund, and never asked of a household (QZ7)."""

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by="")
                | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
                name="book_closed_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="book_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Account(Placed):
    """Where something stands; `place` decides who sees it (a household's own at its door)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=12, choices=choices(AccountKind))
    owner = models.UUIDField(null=True, blank=True)
    may_go_below = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "kind", "owner"], name="account_once_a_book", nulls_distinct=False
            )
        ]


class Posting(Placed):
    """Something that happened to goods or money; its lines add up to 0 for each product and for money."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="postings")
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    """Key of the actor."""
    cause = models.CharField(max_length=16, choices=choices(Cause))
    thing = models.UUIDField(null=True, blank=True)
    """What brought it about: a request, share, hand-over, payment."""

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["book", "cause"], name="posting_of_book")]


class Line(models.Model):
    """One side of a posting. A trigger keeps `Balance` and refuses lines that do not add up."""

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    """None: money. Without an index: of few goods it finds too much, and led the database to read it for each account."""
    amount = models.BigIntegerField()
    """Thousandths of a sale unit, or fen."""

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="line_moves_something")]


class Balance(models.Model):
    """What an account holds of a product, or of money: kept by the database itself."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="balances")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.BigIntegerField()
    may_go_below = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "product"], name="balance_once_an_account", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(may_go_below=True) | Q(amount__gte=0), name="balance_not_below_0"
            ),
        ]


class Parcel(Placed):
    """A household's bag (`place` is its door), or a box of bags (`place` is the compound)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="parcels")
    kind = models.CharField(max_length=4, choices=choices(ParcelKind))
    number = models.PositiveIntegerField()
    """Of the book's bags or boxes, from 1, by building, unit and room (总1/25)."""
    code = models.CharField(max_length=8)
    """Typed or read out; the QR code holds `queries.parcels.qr_of(parcel)`."""
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    box = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="bags")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="parcels")
    """Where it is: one place only."""
    holder = models.CharField(max_length=40)
    """Key of the one who has it in hand."""
    held_since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_cause = models.CharField(max_length=16, choices=choices(Cause), blank=True)
    """How it ended: delivered, fetched, given, one of `rules.UNMET`, or taken back: it was not packed after all."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["book", "kind", "number"], name="parcel_number_once"),
            models.UniqueConstraint(fields=["book", "code"], name="parcel_code_once"),
            models.UniqueConstraint(
                fields=["book", "household"],
                condition=Q(household__isnull=False, ended_at__isnull=True),
                name="parcel_one_bag_a_household",
            ),
            models.CheckConstraint(
                condition=Q(kind=ParcelKind.BAG.value, household__isnull=False)
                | Q(kind=ParcelKind.BOX.value, household__isnull=True, box__isnull=True),
                name="parcel_bag_of_a_household",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_cause="")
                | Q(ended_at__isnull=False) & ~Q(end_cause=""),
                name="parcel_ended_with_cause",
            ),
            models.CheckConstraint(condition=~Q(holder=""), name="parcel_held_by_somebody"),
        ]
        indexes = [models.Index(fields=["code"], name="parcel_by_code")]

    def __str__(self) -> str:
        return self.code


class ParcelItem(models.Model):
    """What is in a bag."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveBigIntegerField()
    """Thousandths of a sale unit still in it."""
    price_fen = models.PositiveIntegerField()
    """For one sale unit, as the household is charged."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "product"], name="parcel_item_once")]


class Handover(models.Model):
    """A parcel changed its place or its holder; the id is made by who scanned it, so it counts once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="handovers")
    source = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=40)
    """Who has it from here on."""
    cause = models.CharField(max_length=16, choices=choices(Cause))
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True, blank=True)
    """When the phone says it was scanned, where that was offline."""
    by = models.CharField(max_length=40)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["parcel", "at"], name="handover_of_parcel")]


class Case(Placed, Confidential):
    """Something that a person has to settle; `place` is the household's door or the compound."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    kind = models.CharField(max_length=16, choices=choices(CaseKind))
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.PositiveBigIntegerField(null=True, blank=True)
    """Thousandths of a sale unit concerned."""
    words = PersonalText()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=40)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=40, blank=True)
    outcome = PersonalText()

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by="")
                | (Q(settled_at__isnull=False) & ~Q(settled_by="")),
                name="case_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("opened_at")),
                name="case_settled_after_opening",
            ),
        ]


class Photo(Placed, Confidential):
    """A picture of goods, of damage or of a bag at a door; sealed like a name, in base64."""

    kind = models.CharField(max_length=16)
    """What it shows: packed, damaged, door, paid."""
    thing = models.UUIDField()
    image = PersonalText()
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=40)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Whose goods it shows: seen by its people as well."""

    class Meta:
        ordering = ["taken_at"]
        indexes = [models.Index(fields=["thing"], name="photo_of_thing")]
