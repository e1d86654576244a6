"""Fixtures of the tests of places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from actors import Town
from django.test import Client
from small_district import small

__all__ = ["small"]
SignIn = Callable[..., Any]


@pytest.fixture
def committee(town: Town, sign_in: SignIn, client: Client) -> Client:
    sign_in(client, role="community_worker", place=town.place["康桥社区"])
    return client


@pytest.fixture
def commander(town: Town, sign_in: SignIn, client: Client) -> Client:
    sign_in(client, role="commander", place=town.place["二七区"])
    return client
