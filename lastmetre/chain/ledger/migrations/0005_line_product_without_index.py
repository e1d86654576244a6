from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_fund_pays"),
    ]

    operations = [
        migrations.AlterField(
            model_name="line",
            name="product",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="goods.product",
            ),
        ),
    ]
