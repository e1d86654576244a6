"""The API is attacked from its own description: nothing makes it fail, and its answers are as it says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from actors import Town
from django.conf import settings
from django.core import signals
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as limits
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from lastmetre.ground.people.rules import DeviceKind
from lastmetre.web.wsgi import application

EXAMPLES = int(os.environ.get("EXAMPLES", "2"))
"""Requests an operation; `make faults` sends 40."""

# Who is not signed in is refused: tests/security/test_foreign_rows.py. What fits its description may still be
# against a rule (no such supplier), and is then answered 422.
ELSEWHERE = [ignored_auth, positive_data_acceptance]


@pytest.fixture
def token(town: Town, sign_in: Callable[..., Any]) -> str:
    """A program's token of somebody who may do nearly everything."""
    client = Client()
    visitor = sign_in(client, role="administrator", place=town.place["二七区"], token=True)
    assert visitor.kind is DeviceKind.TOKEN
    return str(client.defaults["HTTP_AUTHORIZATION"])


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests stay in the transaction of the test."""
    both = (signals.request_started, signals.request_finished)
    for one in both:
        one.disconnect(close_old_connections)
    yield
    for one in both:
        one.connect(close_old_connections)


@pytest.mark.filterwarnings("ignore::Warning")
@pytest.mark.usefixtures("one_connection")
def test_nothing_makes_the_api_fail_and_its_answers_are_as_it_says(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    faults = [
        f"{operation.ok().label}: {fault}"
        for operation in schema.get_all_operations()
        for fault in _attacked(operation.ok(), token)
    ]
    assert faults == []


def _attacked(operation: Any, token: str) -> list[str]:
    faults: list[str] = []

    @given(case=operation.as_strategy())
    @limits(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def attack(case: Any) -> None:
        with transaction.atomic():
            answer = case.call(headers={"Authorization": token, "Accept-Encoding": "identity"})
            transaction.set_rollback(True)
        try:
            case.validate_response(answer, excluded_checks=ELSEWHERE)
        except BaseException as error:  # a group of everything that is wrong with the answer
            faults.append(f"{case.method} {case.formatted_path} {answer.status_code}: {error}"[:1500])

    attack()
    return faults
