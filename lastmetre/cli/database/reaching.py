"""Reaching a database, ours or another's, and saying in a sentence why it cannot be reached."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from lastmetre.terms import InputError, Sentence, say

CONNECT_S = 5


def reach(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """Connect outside a transaction, or raise InputError; a password is never part of the sentence."""
    server = name_of(url)
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_S, application_name="lastmetre")
    except psycopg.OperationalError as error:
        what, remedy = _reason(str(error), server)
        raise InputError(what, remedy=remedy) from error


def name_of(url: str) -> str:
    """Name a database without its password: user@host/database. Raises InputError for an address nobody can read."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise InputError(
            say("The database address cannot be read."),
            remedy=say("DATABASE_URL has the form postgresql://USER:PASSWORD@HOST:5432/DATABASE."),
        ) from error
    if not url.strip():
        raise InputError(
            say("The database address is empty."),
            remedy=say("Set DATABASE_URL to postgresql://USER:PASSWORD@HOST:5432/DATABASE, or unset it."),
        )
    host = str(given.get("host") or given.get("hostaddr") or "localhost")
    port = f":{given['port']}" if given.get("port") and not host.startswith("/") else ""
    return f"{given.get('user') or ''}@{host}{port}/{given.get('dbname') or ''}"


def _reason(said: str, server: str) -> tuple[Sentence, Sentence]:
    if "password authentication failed" in said or "no password supplied" in said:
        return (
            say("The database {server} refuses this user or password.", server=server),
            say("Correct user and password in the address (DATABASE_URL, DATABASE_OWNER_URL)."),
        )
    if "does not exist" in said:
        return (
            say("The server answers, but has no such database or user: {server}.", server=server),
            say("Make it (createdb, createuser), or correct the name in the address."),
        )
    if "no pg_hba.conf entry" in said:
        return (
            say("The server lets nobody in from here: {server}.", server=server),
            say("Allow this machine in the server's pg_hba.conf."),
        )
    if "too many" in said or "remaining connection slots" in said:
        return (
            say("The database {server} has no connection left.", server=server),
            say("Raise max_connections on the server, or end what does not need one."),
        )
    return (
        say("The database {server} cannot be reached.", server=server),
        say("Check that the server runs and that name and port in the address are right."),
    )
