"""Bring a database up to date: migrations, then the data that every installation has.

Run as the owner of the tables (LASTMETRE_AS_OWNER), in a process of its own (`lastmetre.cli.prepare_process`).
"""

from __future__ import annotations

from django.core.management import call_command

from lastmetre.ground.goods.actions.standing import install_categories
from lastmetre.ground.people.actions.roles import install_roles
from lastmetre.ground.places.actions.regimes import install_regimes
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.responses import standing_response
from lastmetre.ground.protection.scope import acting_as


def migrate() -> None:
    """Migrate and install the standing data; safe to run again."""
    call_command("migrate", verbosity=0, interactive=False)
    install_standing_data()


def install_standing_data() -> None:
    """Write what every installation starts with; leaves alone what a place has changed."""
    with acting_as(SYSTEM) as now:
        standing_response(now)
        install_regimes()
        install_roles()
        install_categories()
