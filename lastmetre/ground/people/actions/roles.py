"""Roles: those of the catalogue, local ones, and giving them to people."""

from __future__ import annotations

from lastmetre.ground.people.catalogue import CATALOGUE
from lastmetre.ground.people.models import Role


def install_roles() -> None:
    """Write the roles of the catalogue; those that an administrator changed stay as they are."""
    changed = set(Role.objects.filter(is_changed=True).values_list("code", flat=True))
    rows = [
        Role(
            code=role.code,
            name=role.name,
            name_en=role.name_en,
            scope=role.scope,
            permissions=sorted(role.permissions),
            home=role.home,
            is_builtin=True,
        )
        for role in CATALOGUE
        if role.code not in changed
    ]
    Role.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "scope", "permissions", "home", "is_builtin"],
    )
