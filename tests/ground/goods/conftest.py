"""The goods of the town, and who looks at them, for every test here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from shelves import Shop, acting, shop

__all__ = ["acting", "shop"]
SignIn = Callable[..., Any]


@pytest.fixture
def clerk(shop: Shop, sign_in: SignIn) -> Client:
    client = Client()
    sign_in(client, role="supplier_clerk", organisation=shop.town.supplier)
    return client


@pytest.fixture
def officer(shop: Shop, sign_in: SignIn) -> Client:
    client = Client()
    sign_in(client, role="administrator", place=shop.town.place["二七区"])
    return client


@pytest.fixture
def household(shop: Shop, sign_in: SignIn) -> Client:
    client = Client()
    sign_in(client, household=shop.town.household["101"])
    return client
