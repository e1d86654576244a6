"""Every model: each field classified, each table protected, each relation pointing down, each pair whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from classified import everywhere, listed
from django.apps import apps
from django.db import connection, models
from django.db.models import CheckConstraint, Q
from django.test.utils import isolate_apps

from lastmetre.ground.protection.actor import NOBODY
from lastmetre.ground.protection.fields import MarksField, PersonalText
from lastmetre.ground.protection.paths import PathField
from lastmetre.ground.protection.scope import acting_as

ORDER = [
    *("protection", "journal", "places", "people", "goods"),
    *("ledger", "orders", "allocation", "purchase", "transport", "gate", "sorting", "doorstep", "settlement"),
    "web",
]
"""The apps, each of which may point only at those before it."""
WITHOUT_ROWS_OF_ITS_OWN = {
    "django_migrations": "which migrations ran; the application may read it only",
    "protection_clock": "one row, read by lastmetre_now() for everybody",
    "procrastinate_jobs": "ids and times only; what is personal never becomes a job's argument",
    "procrastinate_events": "states of jobs",
    "procrastinate_periodic_defers": "times of periodic jobs",
    "procrastinate_workers": "signs of life of workers",
}
"""Tables without row-level security, and why that is safe."""


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("lastmetre.")]


# Classes of fields


def unclassified(found: Iterable[type[models.Model]]) -> Iterator[str]:
    """Find fields that are neither personal, nor keys, nor listed."""
    known, common = listed(), everywhere()
    for model in found:
        for field in model._meta.concrete_fields:
            name = f"{model._meta.label}.{field.name}"
            if not (_is_sealed(field) or _is_key(field) or field.name in common or name in known):
                yield name


def _is_sealed(field: Any) -> bool:
    return isinstance(field, PersonalText | MarksField)


def _is_key(field: Any) -> bool:
    opaque = field.primary_key and isinstance(field, models.UUIDField)
    return opaque or field.is_relation or isinstance(field, PathField)


def test_every_field_is_personal_or_listed_with_a_reason() -> None:
    assert list(unclassified(ours())) == []


@isolate_apps()
def test_a_new_field_fails_until_somebody_has_thought_about_it() -> None:
    class Planted(models.Model):
        born_on = models.DateField()
        created_at = models.DateTimeField()
        name = PersonalText()

        class Meta:
            app_label = "planted"

    assert "planted.Planted.born_on" in set(unclassified([Planted]))
    assert "planted.Planted.name" not in set(unclassified([Planted]))


def test_the_list_names_nothing_that_is_gone() -> None:
    there = {f"{model._meta.label}.{field.name}" for model in ours() for field in model._meta.concrete_fields}
    assert listed() - there == set()


SOUNDS_PERSONAL = re.compile(r"phone|mobile|address|identity|id_card|birth|born|wechat|email|diagnos|contact")


def test_nothing_that_sounds_personal_is_kept_in_clear() -> None:
    names = {
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if SOUNDS_PERSONAL.search(field.name) and not _is_sealed(field)
    }
    assert names == set()


# Rows


def unprotected() -> list[str]:
    """Find tables without row-level security, or without a policy for reading and writing."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm') AND (
                NOT c.relrowsecurity OR (
                    SELECT count(DISTINCT p.cmd) FROM pg_policies p WHERE p.tablename = c.relname
                        AND p.cmd IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
                ) < 4
            )""")
        return sorted({name for (name,) in cursor.fetchall()} - WITHOUT_ROWS_OF_ITS_OWN.keys())


def test_every_table_protects_its_rows(db: None) -> None:
    assert unprotected() == []


def test_a_table_without_a_policy_is_found(own_database: str, cluster: Any) -> None:
    import psycopg

    from lastmetre.cli.database.passwords import Role

    with psycopg.connect(cluster.url(Role.KEEPER, "own"), autocommit=True) as keeper:
        keeper.execute("CREATE TABLE planted (id int)")
        keeper.execute("ALTER TABLE people_person DISABLE ROW LEVEL SECURITY")
        keeper.execute("DROP POLICY places_household_read ON places_household")
    assert unprotected() == ["people_person", "places_household", "planted"]


def test_the_application_owns_no_table_and_is_held_by_the_policies(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone()[0] is False


def test_views_ask_with_the_rights_of_who_reads_them(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind = 'v'
                AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)""")
        assert cursor.fetchall() == []


def test_functions_that_run_with_their_owners_rights_are_known(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'public' AND p.prosecdef""")
        assert {name for (name,) in cursor.fetchall()} - KNOWN_DEFINERS == set()


KNOWN_DEFINERS = {"ledger_keep_balances"}
"""Functions that run with the owner's rights: this one keeps what the application may read only."""


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_who_is_not_signed_in_reads_no_row_of_any_table(db: None, model: type[models.Model]) -> None:
    if model._meta.db_table in WITHOUT_ROWS_OF_ITS_OWN:
        pytest.skip(WITHOUT_ROWS_OF_ITS_OWN[model._meta.db_table])
    assert model._base_manager.count() == 0
    with acting_as(NOBODY):
        assert model._base_manager.count() == 0


# Relations and pairs


def upward(found: Iterable[type[models.Model]]) -> list[str]:
    """Find relations to an app further up."""
    return [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in found
        for field in model._meta.concrete_fields
        if field.is_relation
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    ]


def test_relations_point_down_the_order_of_apps() -> None:
    assert {model._meta.app_label for model in ours()} <= set(ORDER)
    assert upward(ours()) == []


def unpaired(model: type[models.Model]) -> list[str]:
    """Find `x_at` (may be null) beside `x_by` without a constraint that names both."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    constrained = [
        _names(one.condition) for one in model._meta.constraints if isinstance(one, CheckConstraint)
    ]
    return [
        f"{model._meta.label}.{name}"
        for name, field in fields.items()
        if name.endswith("_at") and field.null and (by := f"{name[:-3]}_by") in fields
        if not any({name, by} <= names for names in constrained)
    ]


def _names(condition: Any) -> set[str]:
    if isinstance(condition, Q):
        return {name for child in condition.children for name in _names(child)}
    return {str(condition[0]).split("__")[0]} if isinstance(condition, tuple) else set()


def test_when_and_by_whom_stand_together() -> None:
    assert [fault for model in ours() for fault in unpaired(model)] == []


@isolate_apps()
def test_a_relation_that_points_up_is_found() -> None:
    class Planted(models.Model):
        household = models.ForeignKey("places.Household", on_delete=models.CASCADE)

        class Meta:
            app_label = "journal"

    Planted._meta.get_field("household").remote_field.model = apps.get_model("places.Household")
    assert upward([Planted]) == ["journal.Planted.household -> places.Household"]


@isolate_apps()
def test_a_pair_without_a_constraint_is_found() -> None:
    class Planted(models.Model):
        closed_at = models.DateTimeField(null=True)
        closed_by = models.CharField(max_length=40, blank=True)

        class Meta:
            app_label = "planted"

    assert unpaired(Planted) == ["planted.Planted.closed_at"]
