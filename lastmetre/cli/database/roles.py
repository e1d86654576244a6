"""Roles and databases inside the server: made when missing, brought in step at every start."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from lastmetre.cli.database.passwords import Role
from lastmetre.cli.database.settings import APP_LIMITS

Connection = psycopg.Connection[tuple[object, ...]]


def make_roles(keeper: Connection, passwords: Mapping[Role, str]) -> None:
    """Make the owner and the application's role: neither is superuser or steps around row-level security."""
    there = {name for (name,) in keeper.execute("SELECT rolname FROM pg_roles")}
    for role in (Role.OWNER, Role.APP):
        verb = sql.SQL("ALTER" if role in there else "CREATE")
        keeper.execute(
            sql.SQL(
                "{} ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
            ).format(verb, sql.Identifier(role), sql.Literal(passwords[role]))
        )
    for name, value in APP_LIMITS.items():
        keeper.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(Role.APP), sql.Identifier(name), sql.Literal(value)
            )
        )


def has_database(keeper: Connection, name: str) -> bool:
    """Whether a database of this name is there."""
    return keeper.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def make_database(keeper: Connection, name: str, template: str | None = None) -> None:
    """Make a database that belongs to the owner; nobody but owner and application may connect."""
    keeper.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(Role.OWNER), sql.Identifier(template or "template0")
        )
    )
    keeper.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    keeper.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(Role.APP))
    )


def open_schema(keeper: Connection) -> None:
    """In a new database: the application may use the schema, and nobody but the owner may add to it."""
    keeper.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    keeper.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(Role.APP)))
    # What is in a table, migrations grant table by table: journal lines, say, are never updated.


def end_database(keeper: Connection, name: str) -> None:
    """Drop a database, with whoever is connected to it."""
    keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
