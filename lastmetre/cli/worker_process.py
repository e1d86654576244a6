"""The process of background jobs."""

from __future__ import annotations

import asyncio

import django

from lastmetre.cli.lifeline import end_with_parent

AT_ONCE = 2
"""Jobs run side by side."""
GRACE_S = 5.0
"""What a running job gets to end in; one that does not is tried again by another worker."""


def work() -> None:
    """Run jobs until asked to stop."""
    end_with_parent()
    django.setup()
    asyncio.run(_work())


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    running = app.with_connector(DjangoConnector().get_worker_connector())
    async with running.open_async():
        await running.run_worker_async(
            concurrency=AT_ONCE, shutdown_graceful_timeout=GRACE_S, delete_jobs="successful"
        )
