"""What a page asks of the database."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

NO_QUESTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT current_setting")
"""What frames questions: transactions, and whose rows may be seen."""


def asked(client: Client, address: str) -> tuple[list[str], Any]:
    """Return the questions that a page asks, and its answer."""
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
        said = [str(one["sql"]) for one in seen.captured_queries]  # the next request forgets them
    return [one for one in said if not one.startswith(NO_QUESTION)], answer
