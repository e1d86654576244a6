"""The process that makes a database ready, as its owner, before anything is served."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import django

from lastmetre.cli.database.places import unwritable
from lastmetre.cli.database.reaching import reach
from lastmetre.cli.language import speak
from lastmetre.cli.lifeline import end_with_parent
from lastmetre.cli.speaking import EXIT_INPUT, Progress
from lastmetre.terms import InputError, say


def prepare(what: str = "all", then: str = "") -> None:
    """Make everything ready ("all"), only migrate ("upgrade"), or check that a second machine fits ("join").

    `then` is "scenario" where logins are about to be made.
    """
    end_with_parent()
    try:
        reach(
            os.environ["DATABASE_OWNER_URL" if "LASTMETRE_AS_OWNER" in os.environ else "DATABASE_URL"]
        ).close()
        django.setup()
        from django.conf import settings

        join() if what == "join" else make_ready()
        if what != "upgrade":
            collect_static_files()
        if what == "all" and settings.AS_OWNER and not then:
            say_how_to_begin()
    except InputError as error:
        click.echo(click.style(error.text(speak()), fg="red"), err=True)
        sys.exit(EXIT_INPUT)


def make_ready() -> None:
    """Make the key file and bring the database up to date. Raises InputError where that would do harm."""
    from django.conf import settings

    from lastmetre.cli.versions import check_no_key_is_missed, pending
    from lastmetre.ground.protection.keys import create_key_file
    from lastmetre.web.migrate import install_standing_data, migrate

    waiting, keys = pending(), Path(settings.KEY_FILE)
    if not keys.exists():
        check_no_key_is_missed(keys)
        try:
            create_key_file(keys)
        except OSError as error:
            raise unwritable(keys.parent, error) from error
    if waiting and not settings.AS_OWNER:
        raise InputError(
            say("The database is not up to date, and only its owner may change its tables."),
            remedy=say("Set DATABASE_OWNER_URL for this start."),
        )
    if waiting:
        progress, count = Progress(speak()), len(waiting)
        migrate(
            lambda applied: progress.tell(say("  Tables: {done} of {count} steps", done=applied, count=count))
        )
    elif settings.AS_OWNER:
        install_standing_data()


def join() -> None:
    """Check that a second machine fits the database of the first: same version, same key file."""
    from lastmetre.cli.versions import check_up_to_date
    from lastmetre.ground.protection.keys import keys

    check_up_to_date()
    keys()


def say_how_to_begin() -> None:
    """Where nobody can sign in yet, say how to change that."""
    from lastmetre.ground.people.models import Account

    if not Account.objects.exists():
        begin = say("Nobody can sign in yet: run `lastmetre createadmin` in another window.")
        click.echo(begin.text(speak()))


def collect_static_files() -> None:
    """Put the static files of this version beside the data."""
    from django.conf import settings
    from django.contrib.staticfiles import finders

    from lastmetre.web.collect import collect

    if finders.find("vendor/manifest.json") is None:
        raise InputError(
            say("The icons and scripts of the pages have not been fetched."),
            remedy=say("Run `make ready` in the source folder; an installed package has them."),
        )
    try:
        collect()
    except OSError as error:
        raise unwritable(Path(settings.STATIC_ROOT), error) from error
