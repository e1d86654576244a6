"""What is to be said of offers' prices: caps, benchmarks, the price before the emergency, bundles.

A fixed number of queries for any number of offers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from lastmetre.ground.goods.models import (
    BenchmarkPrice,
    Offer,
    OfferCost,
    OfferPrice,
    PackageContent,
    SupplierArea,
)
from lastmetre.ground.goods.queries.caps import CapsInForce
from lastmetre.ground.goods.queries.periods import in_force, priced, valid
from lastmetre.ground.goods.rules import (
    BundleLine,
    Finding,
    Known,
    bundle_findings,
    cap_finding,
    gouging_findings,
    reference_finding,
)
from lastmetre.ground.protection.actor import EVERYWHERE, is_within
from lastmetre.ground.protection.models import Response

Findings = dict[UUID, tuple[Finding, ...]]


def findings_of(offers: Sequence[Offer], at: datetime, *, path: str | None = None) -> Findings:
    """Return what is to be said of each offer's price; `path` is the place that buys, else the offer's area.

    Offers are annotated by `priced` and carry their product. Costs count as far as the actor may see them.
    """
    caps = CapsInForce((offer.product for offer in offers), at)
    benchmarks = benchmarks_of({offer.product_id for offer in offers})
    began = _beginnings(offers)
    known = _History(offers, at, began)
    lines = _bundle_lines([offer for offer in offers if offer.product.is_package], benchmarks, at)
    found: Findings = {}
    for offer in offers:
        price, where = offer.price_fen, path if path is not None else offer.path
        if price is None:
            found[offer.pk] = ()
            continue
        now, before = known.now(offer), known.before(offer)
        benchmark = benchmarks.get(offer.product_id)
        said = [
            cap_finding(price, cap, weight_g=offer.product.weight_g, cost_fen=now.cost_fen)
            for cap in caps.over(offer.product, where)
        ]
        said.append(reference_finding(price, *benchmark) if benchmark else None)
        said += gouging_findings(now, before)
        said += bundle_findings(price, lines[offer.pk]) if offer.pk in lines else ()
        found[offer.pk] = tuple(one for one in said if one)
    return found


def benchmarks_of(products: Iterable[UUID]) -> dict[UUID, tuple[int, str]]:
    """Return the latest benchmark of each product: price in fen, and whose it is (PD2b)."""
    rows = BenchmarkPrice.objects.filter(product__in=products).order_by("product_id", "-seen_at")
    return {row.product_id: (row.price_fen, row.where) for row in rows.distinct("product_id")}


def _beginnings(offers: Sequence[Offer]) -> dict[UUID, datetime]:
    """Return when the emergency began where each offer holds; nothing where none is declared."""
    responses = list(Response.objects.filter(closed_at__isnull=True).exclude(path=EVERYWHERE))
    found = {}
    for offer in offers:
        over = [response for response in responses if is_within(offer.path, response.path)]
        if over:
            found[offer.pk] = max(over, key=lambda response: len(response.path)).opened_at
    return found


class _History:
    """Prices, costs and fees of offers, now and when the emergency began."""

    def __init__(self, offers: Sequence[Offer], at: datetime, began: dict[UUID, datetime]) -> None:
        self.at, self.began = at, began
        costs = OfferCost.objects.filter(offer__in=[offer.pk for offer in offers])
        self.costs: dict[UUID, list[tuple[datetime, int]]] = defaultdict(list)
        for pk, since, fen in costs.values_list("offer", "stated_at", "cost_fen"):
            self.costs[pk].append((since, fen))
        self.prices = self._prices_before() if began else {}
        self.fees: dict[UUID, list[SupplierArea]] = defaultdict(list)
        for area in SupplierArea.objects.filter(supplier__in={offer.supplier_id for offer in offers}):
            self.fees[area.supplier_id].append(area)

    def now(self, offer: Offer) -> Known:
        return Known(offer.price_fen, self._cost(offer, self.at), self._fee(offer, self.at))

    def before(self, offer: Offer) -> Known | None:
        then = self.began.get(offer.pk)
        if then is None:
            return None
        price = self.prices.get((offer.pk, then))
        if price is None:
            return None
        return Known(price, self._cost(offer, then), self._fee(offer, then))

    def _prices_before(self) -> dict[tuple[UUID, datetime], int]:
        """Return what each offer cost when its emergency began; one query for all emergencies."""
        began = Q(pk__in=[])
        for then in set(self.began.values()):
            began |= in_force(then)
        rows = OfferPrice.objects.filter(began, offer__in=list(self.began)).order_by()
        found = {}
        for pk, fen, since, until in rows.values_list("offer", "price_fen", "starts_at", "ends_at"):
            then = self.began[pk]
            if since <= then and (until is None or until > then):
                found[pk, then] = fen
        return found

    def _cost(self, offer: Offer, at: datetime) -> int | None:
        return next((fen for since, fen in self.costs.get(offer.pk, ()) if since <= at), None)

    def _fee(self, offer: Offer, at: datetime) -> int | None:
        fees = [
            area
            for area in self.fees[offer.supplier_id]
            if _holds(area, at) and is_within(offer.path, area.path)
        ]
        return max(fees, key=lambda area: len(area.path)).fee_fen if fees else None


def _holds(row: SupplierArea, at: datetime) -> bool:
    return bool(row.starts_at <= at and (row.ends_at is None or row.ends_at > at))


def _bundle_lines(
    packages: Sequence[Offer], benchmarks: dict[UUID, tuple[int, str]], at: datetime
) -> dict[UUID, list[BundleLine]]:
    """Return the contents of each offered package with what each costs by itself.

    That is the same supplier's price, else the benchmark, else the lowest price anybody asks.
    """
    if not packages:
        return {}
    by_package: dict[UUID, list[PackageContent]] = defaultdict(list)
    for line in PackageContent.objects.filter(package__in={offer.product_id for offer in packages}):
        by_package[line.package_id].append(line)
    inside = {line.product_id for lines in by_package.values() for line in lines if line.product_id}
    alone = priced(Offer.objects.filter(valid(at), product__in=inside), at).filter(price_fen__isnull=False)
    own: dict[tuple[UUID, UUID], int] = {}
    lowest: dict[UUID, int] = {}
    for offer in alone.order_by():
        own[offer.supplier_id, offer.product_id] = offer.price_fen
        lowest[offer.product_id] = min(offer.price_fen, lowest.get(offer.product_id, offer.price_fen))
    marks = {product: price for product, (price, _) in (benchmarks | benchmarks_of(inside)).items()}
    return {
        offer.pk: [
            BundleLine(
                line.what,
                line.quantity or Decimal(0),
                own.get(
                    (offer.supplier_id, line.product_id),
                    marks.get(line.product_id, lowest.get(line.product_id)),
                ),
            )
            for line in by_package[offer.product_id]
        ]
        for offer in packages
    }
