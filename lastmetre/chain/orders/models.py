"""Rounds, what can be asked for in them, and what every household asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lastmetre.chain.ledger.models import Book
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.orders.rules import (
    Channel,
    ContactOutcome,
    MessageState,
    Mode,
    PayRule,
    RequestState,
    RoundState,
)
from lastmetre.ground.goods.models import Offer, Product, Supplier
from lastmetre.ground.goods.models.catalogue import QUANTITY, choices
from lastmetre.ground.places.models import Household, Placed
from lastmetre.ground.places.rules import HandOver
from lastmetre.ground.protection.fields import Confidential, PersonalText
from lastmetre.ground.protection.ids import new_id


class Round(Placed):
    """A round of orders of one compound with one supplier; its books have the same life."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    book = models.OneToOneField(Book, on_delete=models.PROTECT, related_name="round")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="rounds")
    title = models.CharField(max_length=60)
    mode = models.CharField(max_length=12, choices=choices(Mode), default=Mode.SHOP.value)
    state = models.CharField(max_length=12, choices=choices(RoundState), default=RoundState.DRAFT.value)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    """The cut-off."""
    wave_at = models.DateTimeField()
    """When the carrying begins (ER5)."""
    hand_over = models.CharField(max_length=8, choices=choices(HandOver), default=HandOver.DOOR.value)
    pay_rule = models.CharField(max_length=16, choices=choices(PayRule), default=PayRule.AFTER_PACKING.value)
    pay_until = models.DateTimeField(null=True, blank=True)
    """Unpaid then: the bag leaves the batch (FC2d)."""
    every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """A household asks once in so many days (FC5); None: as the regime in force says."""
    minimum_units = models.PositiveIntegerField(null=True, blank=True)
    """Sale units that the whole round must reach for the supplier to come."""
    most_orders = models.PositiveIntegerField(null=True, blank=True)
    """Orders that hands can carry; None: only warned about."""
    repeats_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """A standing round: the next one opens so many days later."""
    repeat_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeats"
    )
    link = models.URLField(blank=True)
    """The platform's own page for this compound (FC3a)."""
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    moved_at = models.DateTimeField()
    """When it came into its state."""
    version = models.PositiveIntegerField(default=1)
    """Grows with every change: two people at one round do not undo each other's."""

    class Meta:
        ordering = ["-closes_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="round_has_a_title"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="round_closes_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(wave_at__gte=F("closes_at")), name="round_carried_after_cut_off"
            ),
            models.UniqueConstraint(
                fields=["repeat_of"], condition=Q(repeat_of__isnull=False), name="round_repeated_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_at"], name="round_by_state")]

    def __str__(self) -> str:
        return self.title


class RoundItem(models.Model):
    """A good of a round, with its price and limits as they stood when the round opened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    """What residents order by: A, B, 12."""
    price_fen = models.PositiveIntegerField()
    case_size = models.PositiveIntegerField(null=True, blank=True)
    limit = models.PositiveIntegerField(null=True, blank=True)
    """Sale units a household (PD8)."""
    stock = models.DecimalField(**QUANTITY, null=True, blank=True)
    """What the supplier has for this round; None: does not say."""
    is_first_come = models.BooleanField(default=False)
    """Sold from stock until it has run out; otherwise shared at the cut-off."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "product"], name="round_item_once"),
            models.UniqueConstraint(fields=["round", "code"], name="round_code_once"),
            models.CheckConstraint(condition=~Q(code=""), name="round_item_has_a_code"),
            models.CheckConstraint(
                condition=Q(is_first_come=False) | Q(stock__isnull=False), name="round_first_come_has_stock"
            ),
            models.CheckConstraint(
                condition=Q(stock__isnull=True) | Q(stock__gte=0), name="round_stock_not_below_0"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.product}"


class Request(Placed, Confidential):
    """What a household asks for in a round, whatever the channel: one row, changed in place (house law 4)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="requests")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="requests")
    state = models.CharField(max_length=10, choices=choices(RequestState), default=RequestState.ACTIVE.value)
    channel = models.CharField(max_length=10, choices=choices(Channel))
    """Of the last change."""
    version = models.PositiveIntegerField(default=1)
    is_late = models.BooleanField(default=False)
    is_proxy = models.BooleanField(default=False)
    """Somebody asked for the household (ER4, YC4a)."""
    says_paid = models.BooleanField(default=False)
    """A claim, never a fact."""
    note = PersonalText()
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "household"], name="request_once_a_household"),
            models.CheckConstraint(
                condition=Q(changed_at__gte=F("asked_at")), name="request_changed_after_asking"
            ),
        ]
        indexes = [models.Index(fields=["household", "-asked_at"], name="request_latest")]


class RequestLine(Confidential):
    """One good of a request."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="lines")
    quantity = models.DecimalField(**QUANTITY)
    substitute = models.ForeignKey(
        RoundItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """What the household takes when this has run out (YX7)."""
    note = PersonalText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "item"], name="request_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="request_line_asks_something"),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("item")),
                name="request_line_substitute_is_another",
            ),
        ]


class Intake(Placed, Confidential):
    """A chat chain that was pasted, a workbook, a telephone call, a numbered sheet of paper: as it came."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="intakes")
    channel = models.CharField(max_length=10, choices=choices(Channel))
    name = PersonalText()
    """The file's name, or who sent it."""
    raw = PersonalText()
    """The whole text; of a workbook the file itself, of a sheet of paper its doors and what was keyed in (JSON)."""
    digest = models.CharField(max_length=64)
    """Of the preview that was confirmed: a stale one is refused."""
    sheet = models.PositiveIntegerField(null=True, blank=True)
    """Number of the sheet of paper: keyed in twice, it counts once."""
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=40)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """When its preview was confirmed; until then nothing of it counts."""
    confirmed_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-taken_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "sheet"], condition=Q(sheet__isnull=False), name="intake_sheet_once"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="intake_confirmed_by_somebody",
            ),
        ]


class Message(Placed, Confidential):
    """One entry of an intake: what somebody wrote, what was understood, what is doubted."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=choices(MessageState))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    raw = PersonalText()
    reading = PersonalText()
    """What was understood, as JSON (`reading.readings`)."""
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "number"], name="message_numbered_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by="")
                | (Q(settled_at__isnull=False) & ~Q(settled_by="")),
                name="message_settled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="message_by_state")]


class Answer(Placed, Confidential):
    """What somebody answered to a doubt: used again where the same words are doubted again."""

    key = models.CharField(max_length=12)
    """Of the words and the doubt (`reading.reviews.review_key`)."""
    text = PersonalText()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "key"], name="answer_once_a_doubt")]


class Contact(Placed):
    """Somebody rang or knocked at a household (`place` is its door)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="contacts")
    outcome = models.CharField(max_length=12, choices=choices(ContactOutcome))
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["household", "-at"], name="contact_latest")]


class Notice(Placed):
    """Something that households are told: at one door, or at all doors of a place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=14, choices=choices(NoticeKind))
    sentence = models.JSONField()
    """`notice_rules.kept`: said in the language of whoever reads it; names nobody."""
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    until = models.DateTimeField(null=True, blank=True)
    """After this it says nothing any more."""

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("at")), name="notice_ends_after_start"
            )
        ]


class Sending(models.Model):
    """A notice on its way out of the product: by SMS, by chat; one row a carrier."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="sendings")
    carrier = models.CharField(max_length=20)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "carrier"], name="sending_once_a_carrier")]
        indexes = [models.Index(fields=["id"], condition=Q(sent_at__isnull=True), name="sending_waiting")]
