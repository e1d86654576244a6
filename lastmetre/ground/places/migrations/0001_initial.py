import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import lastmetre.ground.places.models.regimes
import lastmetre.ground.protection.fields
import lastmetre.ground.protection.ids
import lastmetre.ground.protection.paths
from lastmetre.ground.protection import policies

# A child's path begins with its parent's, also when both change at once: the database itself sees to it.
PLACE_TREE = migrations.RunSQL(
    """
    CREATE INDEX places_place_path_tree ON places_place USING gist (path);
    ALTER TABLE places_place ADD COLUMN parent_path ltree
        GENERATED ALWAYS AS (CASE WHEN nlevel(path) > 1 THEN subpath(path, 0, -1) END) STORED;
    ALTER TABLE places_place ADD CONSTRAINT places_place_below_parent FOREIGN KEY (parent_id, parent_path)
        REFERENCES places_place (id, path);
    ALTER TABLE places_place ADD CONSTRAINT places_place_root_is_short
        CHECK ((parent_id IS NULL) = (nlevel(path) = 1));
    """,
    """
    ALTER TABLE places_place DROP CONSTRAINT places_place_root_is_short;
    ALTER TABLE places_place DROP CONSTRAINT places_place_below_parent;
    ALTER TABLE places_place DROP COLUMN parent_path;
    DROP INDEX places_place_path_tree;
    """,
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("protection", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("city", "city"),
                            ("district", "district"),
                            ("county", "county"),
                            ("subdistrict", "subdistrict"),
                            ("township", "township"),
                            ("community", "community"),
                            ("village", "village"),
                            ("village_group", "village_group"),
                            ("compound", "compound"),
                            ("urban_village", "urban_village"),
                            ("campus", "campus"),
                            ("building", "building"),
                            ("unit", "unit"),
                            ("household", "household"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("path", lastmetre.ground.protection.paths.PathField(editable=False, unique=True)),
                ("sort_key", models.CharField(db_collation="C", editable=False, max_length=120)),
                ("pinyin", models.CharField(blank=True, editable=False, max_length=120)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("outline", models.JSONField(blank=True, null=True)),
                ("head_count", models.PositiveIntegerField(blank=True, null=True)),
                ("household_count", models.PositiveIntegerField(blank=True, null=True)),
                ("need_counts", models.JSONField(blank=True, default=dict)),
                ("surveyed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_key"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("parent", "name"),
                        name="place_name_once_a_parent",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(fields=("id", "path"), name="place_id_path"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="place_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="place_position_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Regime",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("name_en", models.CharField(blank=True, max_length=40)),
                ("strictness", models.PositiveSmallIntegerField()),
                (
                    "supply_modes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("request_every_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("outing_every_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("outing_persons", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "hand_over",
                    models.CharField(choices=[("door", "door"), ("pickup", "pickup")], max_length=8),
                ),
                ("shop_capped", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["strictness", "code"],
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="places.place",
                    ),
                ),
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                ("lane", models.CharField(blank=True, max_length=20)),
                ("floors", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("has_lift", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="places.place",
                    ),
                ),
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                ("floors", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("has_lift", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Cart",
            fields=[
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carts",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("place", "number"), name="cart_number_once_a_compound"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)), name="cart_number_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Gate",
            fields=[
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("opens_at", models.TimeField(blank=True, null=True)),
                ("closes_at", models.TimeField(blank=True, null=True)),
                ("takes_vehicles", models.BooleanField(default=True)),
                ("is_closed", models.BooleanField(default=False)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "name"), name="gate_name_once_a_compound"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes_at__isnull", True), ("opens_at__isnull", True)),
                            models.Q(("closes_at__isnull", False), ("opens_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="gate_hours_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grid",
            fields=[
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "name"), name="grid_name_once_a_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="GridMember",
            fields=[
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="places.grid"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("place",), name="place_in_one_grid")],
            },
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "search_marks",
                    lastmetre.ground.protection.fields.MarksField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                ("floor", models.SmallIntegerField(blank=True, null=True)),
                ("head_count", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("name", lastmetre.ground.protection.fields.PersonalText(blank=True, default="")),
                ("phone", lastmetre.ground.protection.fields.PersonalText(blank=True, default="")),
                ("needs", lastmetre.ground.protection.fields.PersonalText(blank=True, default="")),
                ("note", lastmetre.ground.protection.fields.PersonalText(blank=True, default="")),
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="household",
                        to="places.place",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protection.response",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["search_marks"], name="household_marks")
                ],
            },
        ),
        migrations.CreateModel(
            name="Point",
            fields=[
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivery_point", "delivery_point"),
                            ("temporary_sale_point", "temporary_sale_point"),
                            ("emergency_point", "emergency_point"),
                            ("market_point", "market_point"),
                            ("front_warehouse", "front_warehouse"),
                            ("mobile_stop", "mobile_stop"),
                            ("transit_station", "transit_station"),
                            ("shelf", "shelf"),
                        ],
                        max_length=24,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("capacity", models.PositiveIntegerField(blank=True, null=True)),
                ("opens_at", models.TimeField(blank=True, null=True)),
                ("closes_at", models.TimeField(blank=True, null=True)),
                ("keeper", models.UUIDField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("place", "kind", "name"),
                        name="point_name_once_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="point_position_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_at__isnull", True), ("opens_at__isnull", False), _connector="OR"
                        ),
                        name="point_hours_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegimePeriod",
            fields=[
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        choices=[("low", "low"), ("medium", "medium"), ("high", "high")], max_length=8
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("planned_end", models.DateTimeField(blank=True, null=True)),
                ("announced_at", models.DateTimeField(blank=True, null=True)),
                ("notice", models.TextField(blank=True)),
                ("decided_by", models.CharField(max_length=40)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "regime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="places.regime",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                        ),
                        name="regime_ends_after_start",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("place", "="),
                            (
                                lastmetre.ground.places.models.regimes.TimeRange(
                                    "starts_at",
                                    "ends_at",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="regime_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterUpload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                ("file_name", lastmetre.ground.protection.fields.PersonalText(blank=True, default="")),
                ("content", lastmetre.ground.protection.fields.PersonalText(blank=True, default="")),
                ("uploaded_by", models.CharField(max_length=40)),
                ("uploaded_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protection.response",
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at"],
            },
        ),
        migrations.CreateModel(
            name="UnloadingPoint",
            fields=[
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                (
                    "id",
                    models.UUIDField(
                        default=lastmetre.ground.protection.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("name", models.CharField(max_length=60)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("route", models.TextField(blank=True)),
                (
                    "gate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unloading_points",
                        to="places.gate",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["number", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "name"), name="unloading_point_name_once_a_compound"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Compound",
            fields=[
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="places.place",
                    ),
                ),
                ("path", lastmetre.ground.protection.paths.PathField(editable=False)),
                (
                    "lanes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("two_parts", models.CharField(default="building-room", max_length=40)),
                ("three_parts", models.CharField(default="building-unit-room", max_length=40)),
                ("hands_per_wave", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("waves_per_day", models.PositiveSmallIntegerField(default=2)),
                ("doors_per_hour", models.PositiveSmallIntegerField(default=30)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("doors_per_hour__gt", 0)), name="compound_doors_per_hour_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("waves_per_day__gt", 0)), name="compound_waves_positive"
                    ),
                ],
            },
        ),
        policies.along("places_place"),
        policies.common("places_regime"),
        PLACE_TREE,
        policies.follow_place("places_building"),
        policies.along("places_building"),
        policies.follow_place("places_unit"),
        policies.along("places_unit"),
        policies.follow_place("places_compound"),
        policies.along("places_compound"),
        policies.follow_place("places_cart"),
        policies.along("places_cart"),
        policies.follow_place("places_gate"),
        policies.along("places_gate"),
        policies.follow_place("places_unloadingpoint"),
        policies.along("places_unloadingpoint"),
        policies.follow_place("places_grid"),
        policies.along("places_grid"),
        policies.follow_place("places_gridmember"),
        policies.along("places_gridmember"),
        policies.follow_place("places_point"),
        policies.along("places_point"),
        policies.follow_place("places_household"),
        policies.below("places_household"),
        policies.follow_place("places_rosterupload"),
        policies.below("places_rosterupload"),
        policies.follow_place("places_regimeperiod"),
        policies.along("places_regimeperiod"),
    ]
