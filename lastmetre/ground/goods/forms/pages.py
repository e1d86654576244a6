"""Forms of the pages: what people type, made into drafts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastmetre.ground.goods.drafts import NewCap, NewLine, NewProduct, NewReserve, NewSupplier
from lastmetre.ground.goods.forms.cells import texts
from lastmetre.ground.goods.models import Category, Product
from lastmetre.ground.goods.queries.catalogue import TOO_SMALL
from lastmetre.ground.goods.rules import (
    Disinfection,
    ServiceMode,
    SupplierKind,
    Temperature,
    Tier,
    name_of,
)
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.places.forms.choices import RowField
from lastmetre.ground.places.forms.households import PhoneField
from lastmetre.ground.places.models import Place
from lastmetre.terms import InputError

FEN_PER_YUAN = 100
_NUMBER = {"inputmode": "decimal"}


def named(codes: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the codes of an enumeration with their names, for a list to choose from."""
    return [(code.value, name_of(code).text(gettext)) for code in codes]


class YuanField(forms.DecimalField):
    """An amount typed in yuan, handed on in fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}))
        super().__init__(min_value=Decimal(0), max_digits=8, decimal_places=2, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return the amount in fen; None where nothing was typed."""
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * FEN_PER_YUAN)

    def prepare_value(self, value: Any) -> Any:
        """Show fen as yuan."""
        return f"{value / FEN_PER_YUAN:.2f}" if isinstance(value, int) else value


class CategoryField(RowField):
    """A category, chosen by its name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Category"))
        super().__init__(Category.objects.all(), **kwargs)


def areas() -> Any:
    """Return the places, down to compounds, that somebody may choose from."""
    return Place.objects.filter(ended_at__isnull=True).exclude(kind__in=TOO_SMALL)


class PlaceField(RowField):
    """A place that the actor sees, down to compounds."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Place"))
        super().__init__(areas(), **kwargs)


class Form(forms.Form):
    """A form that can take what an action refused."""

    def refuse(self, error: InputError) -> None:
        """Show the sentence of a refusal above the fields."""
        self.add_error(None, error.text(gettext))


class ProductForm(Form):
    """A product."""

    code = forms.CharField(label=_("Product code"), max_length=40)
    name = forms.CharField(label=_("Product name"), max_length=60)
    category = CategoryField()
    specification = forms.CharField(label=_("Specification"), max_length=60, required=False)
    aliases = forms.CharField(
        label=_("Aliases"), required=False, help_text=_("What residents also call it: 西红柿、番茄")
    )
    unit = forms.CharField(label=_("Sale unit"), max_length=10, initial="份")
    step = forms.DecimalField(
        label=_("Step"), initial=1, max_digits=6, decimal_places=3, widget=forms.NumberInput(attrs=_NUMBER)
    )
    weight_g = forms.IntegerField(label=_("Weight (g)"), required=False, min_value=1)
    volume_ml = forms.IntegerField(label=_("Volume (ml)"), required=False, min_value=1)
    case_size = forms.IntegerField(label=_("Case size"), required=False, min_value=1)
    keeps_days = forms.IntegerField(label=_("Keeps (days)"), required=False, min_value=0, max_value=3650)
    temperature = forms.ChoiceField(label=_("Temperature"))
    disinfection = forms.ChoiceField(label=_("Disinfection"))
    standing_min = forms.IntegerField(
        label=_("Standing (minutes)"), required=False, min_value=0, max_value=240
    )
    is_package = forms.BooleanField(label=_("It is a package"), required=False)
    lines = forms.CharField(
        label=_("Contents line by line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One thing a line, such as 大米1袋; add (R1*1) where it is sold by itself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["temperature"].choices = named(Temperature)
        self.fields["disinfection"].choices = named(Disinfection)

    def draft(self, lines: tuple[NewLine, ...], *, owner: UUID | None, id: UUID) -> NewProduct:
        """Return what was typed as a product."""
        given = {key: value for key, value in self.cleaned_data.items() if key != "lines"}
        given |= {
            "category": given["category"].pk,
            "aliases": texts(given["aliases"]),
            "disinfection": Disinfection(given["disinfection"]),
            "temperature": Temperature(given["temperature"]),
        }
        return NewProduct(id=id, owner=owner, lines=lines, **given)


class SupplierForm(Form):
    """A supplier's papers; contact fields left empty stay as they are."""

    kind = forms.ChoiceField(label=_("Kind"))
    licence = forms.CharField(label=_("Licence number"), max_length=40, required=False)
    licence_from = forms.DateField(label=_("Licence from"), required=False)
    licence_until = forms.DateField(label=_("Licence until"), required=False)
    is_key = forms.BooleanField(label=_("Key supplier"), required=False)
    heads = forms.IntegerField(label=_("Serves people"), required=False, min_value=0)
    contact_name = forms.CharField(label=_("Contact person"), max_length=40, required=False)
    contact_phone = PhoneField(
        label=_("Contact phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("Sealed. Leave both empty to keep what is known."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = named(SupplierKind)
        for name in ("licence_from", "licence_until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def values(self) -> dict[str, Any]:
        """Return what was typed; contacts only where something was."""
        given = {**self.cleaned_data, "kind": SupplierKind(self.cleaned_data["kind"])}
        return {
            key: value
            for key, value in given.items()
            if value or key not in ("contact_name", "contact_phone")
        }


class NewSupplierForm(SupplierForm):
    """An organisation that becomes a supplier, or a new one."""

    name = forms.CharField(label=_("Name of the firm"), max_length=80)
    place = PlaceField(label=_("Seat"))

    field_order = ("name", "place", "kind")

    def draft(self, organisation: UUID) -> NewSupplier:
        """Return what was typed as a supplier."""
        given = self.values()
        given.pop("name")
        return NewSupplier(organisation, place=given.pop("place").pk, **given)

    def known(self) -> Organisation | None:
        """Return the organisation of this name and seat, where there is one."""
        typed = self.cleaned_data
        rows = Organisation.objects.filter(name=typed["name"], ended_at__isnull=True)
        return rows.filter(seat=typed["place"]).first() or rows.filter(seat=None).first()


class AreaForm(Form):
    """Where a supplier serves."""

    place = PlaceField()
    mode = forms.ChoiceField(label=_("How"))
    order_url = forms.URLField(label=_("Order link"), required=False, assume_scheme="https")
    fee_fen = YuanField(label=_("Delivery fee (yuan)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = named(ServiceMode)


class FeeForm(Form):
    """What bringing an order costs."""

    fee_fen = YuanField(label=_("Delivery fee (yuan)"))


class CapacityForm(Form):
    """What a supplier can bring of a category in a day."""

    category = CategoryField()
    daily_kg = forms.IntegerField(label=_("Kilograms a day"), min_value=0, max_value=2_000_000_000)


class SubstituteForm(Form):
    """What can stand in for a product."""

    substitute = RowField(Product.objects.filter(ended_at__isnull=True), label=_("What stands in"))
    ratio = forms.DecimalField(
        label=_("How many replace one"),
        min_value=Decimal("0.001"),
        max_digits=8,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    rank = forms.IntegerField(
        label=_("Rank"), initial=1, min_value=1, max_value=100, help_text=_("1 is the best.")
    )


class PayeeForm(Form):
    """Whom residents pay."""

    name = forms.CharField(label=_("Payee"), max_length=60)
    code = forms.CharField(
        label=_("What the collection code says"),
        max_length=300,
        help_text=_("Scan the supplier's own code and paste its text."),
    )


class TermsForm(Form):
    """What can be changed of an offer beside price and stock."""

    cost_fen = YuanField(
        label=_("Cost (yuan)"), required=False, help_text=_("Seen by you and by price inspectors only.")
    )
    code = forms.CharField(label=_("Letter in the list"), max_length=20, required=False)
    case_size = forms.IntegerField(label=_("Case size"), required=False, min_value=1)
    minimum = forms.IntegerField(label=_("Minimum"), required=False, min_value=1)
    limit_per_household = forms.IntegerField(label=_("Limit a household"), required=False, min_value=1)


class StockField(forms.DecimalField):
    """Sale units in stock; empty: not counted."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Stock"))
        widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
        super().__init__(
            required=False, min_value=0, max_digits=12, decimal_places=3, widget=widget, **kwargs
        )


class OfferForm(TermsForm):
    """An offer of a supplier."""

    product = RowField(Product.objects.none(), label=_("Product"))
    place = forms.ChoiceField(label=_("Area"))
    price_fen = YuanField(label=_("Price (yuan)"))
    stock = StockField()

    field_order = ("product", "place", "price_fen", "stock")


class PriceForm(Form):
    """Price and stock of one offer, changed where they stand."""

    price_fen = YuanField(label=_("Price (yuan)"))
    stock = StockField()


class CapForm(Form):
    """A cap of a product or category."""

    place = PlaceField()
    product = RowField(Product.objects.filter(ended_at__isnull=True), label=_("Product"), required=False)
    category = CategoryField(
        required=False, help_text=_("Instead of a product: then the price is for a kilogram.")
    )
    price_fen = YuanField(label=_("Highest price (yuan)"), required=False)
    margin_percent = forms.DecimalField(
        label=_("Highest margin (%)"),
        required=False,
        min_value=0,
        max_value=999,
        decimal_places=1,
        widget=forms.NumberInput(attrs=_NUMBER),
    )
    why = forms.CharField(label=_("Published as"), max_length=200, required=False)

    def draft(self, at: datetime) -> NewCap:
        """Return what was typed as a cap from now on."""
        given = dict(self.cleaned_data)
        place, product, category = (given.pop(name) for name in ("place", "product", "category"))
        return NewCap(
            place.pk,
            at,
            product=product.pk if product else None,
            category=category.pk if category else None,
            **given,
        )


class BenchmarkForm(Form):
    """A price to stay below."""

    product = RowField(Product.objects.filter(ended_at__isnull=True), label=_("Product"))
    price_fen = YuanField(label=_("Price (yuan)"))
    where = forms.CharField(label=_("Whose price"), max_length=80)


class ReserveForm(Form):
    """A reserve."""

    tier = forms.ChoiceField(label=_("Tier"))
    place = PlaceField()
    category = CategoryField()
    weight_kg = forms.IntegerField(label=_("Weight (kg)"), min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier"].choices = named(Tier)

    def draft(self) -> NewReserve:
        """Return what was typed as a reserve."""
        given = self.cleaned_data
        return NewReserve(Tier(given["tier"]), given["place"].pk, given["category"].pk, given["weight_kg"])


class FileForm(Form):
    """A file to import."""

    file = forms.FileField(
        label=_("File"), help_text=_("xlsx, xls, ods or csv; the export is the best pattern.")
    )


class OfferFileForm(FileForm):
    """An offer file, and where its goods are sold."""

    place = forms.ChoiceField(label=_("Area"))
    category = CategoryField(help_text=_("For goods that the catalogue does not have yet."))
