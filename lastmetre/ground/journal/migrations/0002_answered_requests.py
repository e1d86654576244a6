import django.db.models.deletion
from django.db import migrations, models

import lastmetre.ground.protection.fields
import lastmetre.ground.protection.ids
from lastmetre.ground.protection import policies

OWN = f"actor = current_setting('lastmetre.actor', true) OR {policies.EVERYWHERE}"


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0001_initial"),
        ("protection", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnsweredRequest",
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
                ("actor", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=100)),
                ("asked", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("answer", lastmetre.ground.protection.fields.PersonalText(blank=True, default="")),
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
                "indexes": [models.Index(fields=["at"], name="answered_request_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("actor", "key"), name="request_key_once_an_actor")
                ],
            },
        ),
        policies.custom("journal_answeredrequest", read=OWN, write=OWN),
    ]
