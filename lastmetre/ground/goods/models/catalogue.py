"""What goods there are: categories, products, packages, substitutes, an area's choice."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lastmetre.ground.goods.rules import Disinfection, Temperature
from lastmetre.ground.places.models import Placed
from lastmetre.ground.protection.ids import new_id

QUANTITY = {"max_digits": 12, "decimal_places": 3}
"""Of sale units: goods are sold by half a 斤."""


def choices(codes: type) -> list[tuple[str, str]]:
    """Return the codes of an enumeration for a column; screens translate them."""
    return [(code.value, code.value) for code in codes]  # type: ignore[attr-defined]


class Category(models.Model):
    """A kind of necessity (YX1, PD2a, SQ4a, ER12a); a place may add its own."""

    code = models.CharField(primary_key=True, max_length=30)
    name = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=40, blank=True)
    is_watched = models.BooleanField(default=False)
    """Reported daily (YX1, ER8a)."""
    ration_g = models.PositiveIntegerField(null=True, blank=True)
    """For one person and day; None where days cannot be counted (soap, masks)."""
    ration_group = models.CharField(max_length=20, blank=True)
    """What shares one ration: rice, flour and noodles are all grain."""
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="category_has_a_name"),
            models.CheckConstraint(
                condition=Q(ration_g__isnull=True, ration_group="") | Q(ration_g__gt=0) & ~Q(ration_group=""),
                name="category_ration_with_its_group",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """A good or package by its sale unit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    """What workbooks and chats call it by."""
    name = models.CharField(max_length=60)
    aliases = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    pinyin = models.CharField(max_length=200, blank=True, editable=False)
    """Initials of name and aliases, for search by keyboard."""
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    owner = models.ForeignKey(
        "goods.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="own_products"
    )
    """The supplier whose own package or good it is (QZ5); None: common to all."""
    specification = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=10, default="份")
    """The sale unit, as residents say it."""
    step = models.DecimalField(**QUANTITY, default=Decimal(1))
    """The smallest quantity sold and the grain of sharing."""
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    volume_ml = models.PositiveIntegerField(null=True, blank=True)
    case_size = models.PositiveIntegerField(null=True, blank=True)
    """Sale units in a case; None where single units are sold. An offer may say otherwise."""
    keeps_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """How long it keeps from delivery; None: months."""
    disinfection = models.CharField(
        max_length=8, choices=choices(Disinfection), default=Disinfection.SPRAY.value
    )
    standing_min = models.PositiveSmallIntegerField(null=True, blank=True)
    """None: as its disinfection class says."""
    temperature = models.CharField(
        max_length=8, choices=choices(Temperature), default=Temperature.AMBIENT.value
    )
    is_package = models.BooleanField(default=False)
    contents = models.CharField(max_length=200, blank=True)
    """Of a package, in words; the lines are `PackageContent`."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it left the catalogue; never deleted, for orders name it."""

    class Meta:
        ordering = ["category__order", "name", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "specification", "owner"],
                condition=Q(ended_at__isnull=True),
                name="product_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(unit=""), name="product_has_a_name"
            ),
            models.CheckConstraint(condition=Q(step__gt=0), name="product_step_positive"),
            models.CheckConstraint(
                condition=Q(case_size__isnull=True) | Q(case_size__gt=0), name="product_case_positive"
            ),
            models.CheckConstraint(
                condition=Q(weight_g__isnull=True) | Q(weight_g__gt=0), name="product_weight_positive"
            ),
            models.CheckConstraint(
                condition=Q(standing_min__isnull=True) | Q(standing_min__lte=240),
                name="product_standing_sane",
            ),
        ]
        indexes = [models.Index(fields=["category", "name"], name="product_of_category")]

    def __str__(self) -> str:
        return f"{self.name} {self.specification}".strip()


class PackageContent(models.Model):
    """One line of what is in a package (QZ5): a product, or words where it is not sold by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    package = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=60)
    """As written: 五花肉1斤."""
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="packages_with"
    )
    quantity = models.DecimalField(**QUANTITY, null=True, blank=True)
    """In the product's sale unit."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="package_line_numbered_once"),
            models.CheckConstraint(condition=~Q(package=F("product")), name="package_not_in_itself"),
            models.CheckConstraint(
                condition=Q(product__isnull=True, quantity__isnull=True)
                | Q(product__isnull=False, quantity__gt=0),
                name="package_line_product_with_quantity",
            ),
            models.CheckConstraint(condition=~Q(what=""), name="package_line_says_what"),
        ]

    def __str__(self) -> str:
        return self.what


class Substitute(models.Model):
    """What can stand in where a good runs out and cannot be brought in (YX7)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="substitutes")
    substitute = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="stands_in_for")
    ratio = models.DecimalField(max_digits=9, decimal_places=3)
    """So many sale units of the substitute replace one."""
    rank = models.PositiveSmallIntegerField(default=1)
    """1 is the best."""

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["product", "substitute"], name="substitute_once"),
            models.CheckConstraint(condition=~Q(product=F("substitute")), name="substitute_is_another"),
            models.CheckConstraint(condition=Q(ratio__gt=0), name="substitute_ratio_positive"),
        ]


class Assortment(Placed):
    """A product that belongs to an area's choice (PD10); an area without any takes what lies above it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="assortments")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "product"], name="assortment_once")]
