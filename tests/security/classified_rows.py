"""Whose rows are whose: the tables that everybody signed in may read, and rows that need a hand to be written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

COMMON = {
    "protection.Response": "names of responses; who seals must find the one that is open",
    "places.Regime": "regimes are the same everywhere",
    "people.Role": "roles are the same everywhere",
    "people.Organisation": "public bodies and firms",
    "goods.Category": "the catalogue is shared",
    "goods.Product": "the catalogue is shared",
    "goods.PackageContent": "the catalogue is shared",
    "goods.Substitute": "the catalogue is shared",
    "goods.Supplier": "a public list (FC1); contacts are sealed and masked",
    "goods.SupplierCapacity": "what a supplier can deliver is part of that list",
    "goods.Payee": "who pays must see whom to pay: another payee shows",
    "goods.PriceCap": "limits of prices are published",
    "goods.BenchmarkPrice": "prices to compare with are public (PD2)",
}
"""Models whose rows everybody signed in may read, with the reason."""

WITHOUT = {
    "protection.Clock": "has one row",
    "journal.Link": "bytes only",
    "ledger.Line": "numbers and keys only; a single one would not add up",
    "ledger.Balance": "numbers and keys only; kept by the database itself",
}
"""Models that carry no text."""

Make = Callable[[Any], Any]
SPECIAL: dict[str, dict[str, Make]] = {
    "people.Device": {
        "kind": lambda own: "account",
        "person": lambda own: own.rows["people.Person"],
        "expires_at": lambda own: own.at + timedelta(days=1),
    },
    "goods.PriceCap": {
        "product": lambda own: own.rows["goods.Product"],
        "category": lambda own: None,
        "price_fen": lambda own: 500,
    },
    "goods.Supplier": {
        "id": lambda own: own.rows["people.Organisation"].pk,
        "plan_filed_on": lambda own: own.at.date(),
    },
    "goods.Substitute": {"substitute": lambda own: own.another("goods.Product")},
    "orders.Round": {
        "closes_at": lambda own: own.at + timedelta(hours=1),
        "wave_at": lambda own: own.at + timedelta(hours=2),
    },
    "orders.RequestLine": {"note": lambda own: own.sentinel("orders.RequestLine.note")},
    "ledger.Parcel": {"household": lambda own: own.rows["places.Household"], "end_cause": lambda own: ""},
    "people.Account": {"username": lambda own: own.plain("people.Account.username")},
    "people.Assignment": {"place": lambda own: own.compound},
    "people.Invitation": {"place": lambda own: own.compound, "role": lambda own: own.rows["people.Role"]},
}
"""Values that constraints ask for, by model and field."""
