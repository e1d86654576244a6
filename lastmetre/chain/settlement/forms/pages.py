"""What people type about money, made into what actions take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastmetre.chain.ledger.rules import CAUSE_WORDS, Cause
from lastmetre.chain.settlement.models import Fund
from lastmetre.chain.settlement.rules import HOW_WORDS, How
from lastmetre.ground.goods.forms.pages import Form, PlaceField, YuanField
from lastmetre.ground.places.forms.choices import RowField

ALLOWED_CAUSES = (
    Cause.SHORT,
    Cause.MISSING,
    Cause.DAMAGED,
    Cause.SPOILED,
    Cause.REFUSED,
    Cause.SUPPLIER_FAILED,
)


class Once(Form):
    """A form whose id the page makes: sent twice, it counts once."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)


class ClaimForm(Once):
    """I have paid."""

    amount_fen = YuanField(label=_("How much (yuan)"))
    reference = forms.CharField(
        label=_("Last four digits of the transaction number"),
        min_length=4,
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("In the payment app, under the details of this payment."),
    )
    paid_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    photo = forms.FileField(
        label=_("Screenshot"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )


class PaymentForm(Once):
    """A payment that nobody claimed."""

    amount_fen = YuanField(label=_("How much (yuan)"))
    how = forms.ChoiceField(label=_("How it is known"))
    reference = forms.CharField(label=_("Transaction number"), max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [
            (one.value, HOW_WORDS[one].text(gettext)) for one in (How.LIAISON, How.CASH)
        ]


class MoneyForm(Once):
    """An amount and why."""

    amount_fen = YuanField(label=_("How much (yuan)"))
    why = forms.CharField(label=_("Why"), max_length=200, required=False)


class AllowanceForm(MoneyForm):
    """Taken off the bill, with a cause."""

    cause = forms.ChoiceField(label=_("Cause"))
    field_order = ("amount_fen", "cause", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = causes()


class FreeForm(MoneyForm):
    """Paid by a fund."""

    fund = RowField(Fund.objects.none(), label=_("Fund"))
    field_order = ("fund", "amount_fen", "why")

    def __init__(self, *args: Any, funds: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.filter(ended_at=None) if funds is None else funds


class FundForm(Once):
    """A gift."""

    place = PlaceField()
    name = forms.CharField(label=_("Name of the fund"), max_length=60)
    donor = forms.CharField(label=_("Given by"), max_length=80)
    given_fen = YuanField(label=_("How much (yuan)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_fen"].max_digits = 12
        self.fields["given_fen"].validators = []


class StatementForm(Form):
    """A statement of a payment app."""

    file = forms.FileField(
        label=_("Statement"), help_text=_("The bill that WeChat Pay or Alipay exports, as CSV or workbook.")
    )


class BillForm(Once):
    """What the supplier asks for."""

    amount_fen = YuanField(label=_("The supplier's bill (yuan)"))
    why = forms.CharField(
        label=_("Why it differs"),
        max_length=200,
        required=False,
        help_text=_("Only where both sides have agreed on it."),
    )


class SpareForm(Once):
    """What becomes of spare goods."""

    product = forms.UUIDField(widget=forms.HiddenInput)
    quantity = forms.DecimalField(label=_("How much"), min_value=0, max_digits=9, decimal_places=3)
    home = forms.CharField(label=_("Door"), max_length=40, required=False)


def causes() -> list[tuple[str, str]]:
    """Return why something is not delivered, in words."""
    return [(one.value, CAUSE_WORDS[one].text(gettext)) for one in ALLOWED_CAUSES]
