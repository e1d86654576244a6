"""Extensions, the functions that policies ask, grants, responses and the clock."""

import datetime

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension
from django.db import migrations, models

from lastmetre.ground.protection import ids, paths, policies

FUNCTIONS = """
CREATE FUNCTION lastmetre_sees() RETURNS ltree[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('lastmetre.sees', true), '')::ltree[] $$;
CREATE FUNCTION lastmetre_sees_everything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(''::ltree = ANY (nullif(current_setting('lastmetre.sees', true), '')::ltree[]), false) $$;
CREATE FUNCTION lastmetre_organisations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('lastmetre.organisations', true), '')::uuid[] $$;
CREATE FUNCTION lastmetre_is_signed_in() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('lastmetre.actor', true), '') NOT IN ('', 'nobody') $$;
-- clock_timestamp() would differ within a transaction; a day's order must not.
CREATE FUNCTION lastmetre_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT now() + coalesce((SELECT "offset" FROM protection_clock), interval '0') $$;
CREATE FUNCTION lastmetre_follow_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE place uuid;
BEGIN
    EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) USING NEW INTO place;
    IF place IS NULL THEN
        NEW.path := NULL;
    ELSE
        SELECT p.path INTO NEW.path FROM places_place p WHERE p.id = place;
    END IF;
    RETURN NEW;
END $$;
INSERT INTO protection_clock (id, "offset", is_demo) VALUES (true, interval '0', false);
"""
NO_FUNCTIONS = """
DROP FUNCTION lastmetre_follow_place(), lastmetre_now(), lastmetre_is_signed_in(), lastmetre_organisations(),
    lastmetre_sees_everything(), lastmetre_sees();
"""
GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
"""


class Migration(migrations.Migration):
    initial = True
    # Its tables are granted to the application by the default privileges set here.
    run_before = [("procrastinate", "0001_initial")]
    dependencies = []
    operations = [
        policies.GrantToApplication(GRANTS),
        CreateExtension("ltree"),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Clock",
            fields=[
                (
                    "id",
                    models.BooleanField(default=True, editable=False, primary_key=True, serialize=False),
                ),
                ("offset", models.DurationField(default=datetime.timedelta(0))),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", True)), name="clock_one_row")
                ]
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=100)),
                ("path", paths.PathField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("key_fingerprint", models.CharField(blank=True, max_length=16)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            ("closed_at__gte", models.F("opened_at")),
                            _connector="OR",
                        ),
                        name="response_closed_after_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="response_erased_when_closed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("path",),
                        name="response_one_open_a_territory",
                    ),
                ]
            },
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        policies.custom("protection_response", read=policies.SIGNED_IN, write=policies.BELOW),
    ]
