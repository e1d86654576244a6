"""The categories that every installation starts with."""

from __future__ import annotations

from lastmetre.ground.goods.models import Category
from lastmetre.ground.goods.standing import CATEGORIES


def install_categories() -> None:
    """Write the categories that are missing; those that a place has changed stay as they are."""
    Category.objects.bulk_create(
        [
            Category(
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                is_watched=row.is_watched,
                ration_g=row.ration_g,
                ration_group=row.ration_group,
                order=row.order,
            )
            for row in CATEGORIES
        ],
        ignore_conflicts=True,
    )
