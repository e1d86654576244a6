"""What orders do by themselves."""

from __future__ import annotations

from procrastinate.contrib.django import app

from lastmetre.chain.orders.actions.notices import send_waiting
from lastmetre.ground.protection import clock


@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="send notices")
def send_notices(timestamp: int) -> None:
    """Hand waiting notices to the carriers."""
    while send_waiting(at=clock.now()):
        pass
