"""Row-level security and grants, as operations for migrations: one line a table (trust.md 12).

The application's role owns nothing: without `acting_as` it sees no row. The owner (migrations, backup) is
not held by the policies.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations

BELOW = "path <@ ANY (lastmetre_sees())"
ALONG = "path @> ANY (lastmetre_sees())"
EVERYWHERE = "lastmetre_sees_everything()"
_OWN = "{column} = ANY (lastmetre_organisations())"
SIGNED_IN = "lastmetre_is_signed_in()"


def below(table: str) -> migrations.RunSQL:
    """Rows of a place: seen and written by who sees the place (rosters, people)."""
    return _protect(table, read=BELOW, write=BELOW)


def along(table: str) -> migrations.RunSQL:
    """Rows that also hold for all below them (a district's name, a regime): read from there too."""
    return _protect(table, read=f"{BELOW} OR {ALONG}", write=BELOW)


def organisation(table: str, column: str = "organisation_id") -> migrations.RunSQL:
    """Rows of an organisation: read by all signed in, written by its own people and by who sees everything."""
    return _protect(table, read=SIGNED_IN, write=f"{_OWN.format(column=column)} OR {EVERYWHERE}")


def common(table: str) -> migrations.RunSQL:
    """Reference data: read and written by all signed in; actions check who may write."""
    return _protect(table, read=SIGNED_IN, write=SIGNED_IN)


def through(table: str, *, column: str, parent: str) -> migrations.RunSQL:
    """Rows that belong to a row of another table: seen by who sees that row."""
    # The subquery runs under the parent's own policy.
    condition = f"EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.id = {table}.{column})"
    return _protect(table, read=condition, write=condition)


def custom(table: str, *, read: str, write: str) -> migrations.RunSQL:
    """Rows with a rule of their own, in SQL."""
    return _protect(table, read=read, write=write)


def _protect(table: str, *, read: str, write: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY {table}_read ON {table} FOR SELECT USING ({read});
        CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ({write});
        CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({write}) WITH CHECK ({write});
        CREATE POLICY {table}_remove ON {table} FOR DELETE USING ({write});
        """,
        f"""
        DROP POLICY {table}_read ON {table};
        DROP POLICY {table}_add ON {table};
        DROP POLICY {table}_change ON {table};
        DROP POLICY {table}_remove ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def follow_place(table: str, column: str = "place_id") -> migrations.RunSQL:
    """Keep a row's `path` equal to its place's, also when the place moves: by trigger and foreign key."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {table}_path BEFORE INSERT OR UPDATE OF {column} ON {table}
            FOR EACH ROW EXECUTE FUNCTION lastmetre_follow_place('{column}');
        ALTER TABLE {table} ADD CONSTRAINT {table}_follows_place FOREIGN KEY ({column}, path)
            REFERENCES places_place (id, path) ON UPDATE CASCADE;
        CREATE INDEX {table}_path_tree ON {table} USING gist (path);
        """,
        f"""
        DROP INDEX {table}_path_tree;
        ALTER TABLE {table} DROP CONSTRAINT {table}_follows_place;
        DROP TRIGGER {table}_path ON {table};
        """,
    )


class GrantToApplication(migrations.RunSQL):
    """Grants to the application's role; `{role}` in the statement is its name."""

    def __init__(self, sql: str) -> None:
        super().__init__(sql, migrations.RunSQL.noop)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Run the statement with the role's name filled in."""
        role = schema_editor.quote_name(settings.APPLICATION_ROLE)
        self._run_sql(schema_editor, str(self.sql).replace("{role}", role))

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Describe the operation for the migration writer."""
        return self.__class__.__name__, [self.sql], {}


def append_only(table: str) -> GrantToApplication:
    """Let the application add and read rows, never change or remove them."""
    return GrantToApplication(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {{role}};")
