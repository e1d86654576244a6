"""What cleans up behind people: devices and failures that are long past, every night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from lastmetre.ground.people.actions.devices import forget_expired
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="forget expired devices")
def forget_expired_devices(timestamp: int) -> None:
    """Remove devices a month after they ended, and failures that no longer count."""
    with acting_as(SYSTEM) as now:
        forget_expired(at=now)
