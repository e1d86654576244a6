"""The tables of goods, a file a subject."""

from lastmetre.ground.goods.models.catalogue import (
    Assortment,
    Category,
    PackageContent,
    Product,
    Substitute,
)
from lastmetre.ground.goods.models.offers import Offer, OfferCost, OfferPrice
from lastmetre.ground.goods.models.prices import BenchmarkPrice, PriceCap
from lastmetre.ground.goods.models.reserves import Reserve
from lastmetre.ground.goods.models.suppliers import Payee, Supplier, SupplierArea, SupplierCapacity

__all__ = [
    "Assortment",
    "BenchmarkPrice",
    "Category",
    "Offer",
    "OfferCost",
    "OfferPrice",
    "PackageContent",
    "Payee",
    "PriceCap",
    "Product",
    "Reserve",
    "Substitute",
    "Supplier",
    "SupplierArea",
    "SupplierCapacity",
]
