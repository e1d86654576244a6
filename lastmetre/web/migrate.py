"""Bring a database up to date: migrations, then the data that every installation has.

Run as the owner of the tables (LASTMETRE_AS_OWNER), in a process of its own (`lastmetre.cli.prepare_process`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command

from lastmetre.ground.goods.actions.standing import install_categories
from lastmetre.ground.people.actions.roles import install_roles
from lastmetre.ground.places.actions.regimes import install_regimes
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.responses import standing_response
from lastmetre.ground.protection.scope import acting_as


class Counting(Command):
    """Django's command, which says after each migration how many it has applied."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        super().__init__()
        self._tell = tell
        self._applied = 0

    def migration_progress_callback(self, action: str, *args: Any, **options: Any) -> None:
        """Count what is applied; Django calls this around every step."""
        if action == "apply_success":
            self._applied += 1
            self._tell(self._applied)


def migrate(tell: Callable[[int], None] = lambda applied: None) -> None:
    """Migrate and install the standing data; safe to run again. `tell` hears how many migrations are applied."""
    call_command(Counting(tell), verbosity=0, interactive=False)
    install_standing_data()


def install_standing_data() -> None:
    """Write what every installation starts with; leaves alone what a place has changed."""
    with acting_as(SYSTEM) as now:
        standing_response(now)
        install_regimes()
        install_roles()
        install_categories()
