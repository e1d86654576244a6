"""A pass for what a phone still has to say after its shift has ended: it sends scans, and shows nothing."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from lastmetre.chain.doorstep.rules import GRACE, WAVE_LASTS, Permission
from lastmetre.ground.people.models import Device
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind, Grant
from lastmetre.ground.protection.scope import acting_as

_SALT = "cart pass"
LASTS = 2 * WAVE_LASTS + GRACE


def pass_for(by: Actor) -> str:
    """Return the pass of whoever takes carts to doors: who, from which device, and where they may deliver."""
    paths = [grant.path for grant in by.grants if Permission.DELIVER in grant.permissions and grant.path]
    return signing.dumps([by.key, by.kind.value, by.device, paths], salt=_SALT)


def holder_of(text: str) -> Actor | None:
    """Return the actor of a pass, who may say what happened at doors and no more; None for a forged or old one.

    A device that was signed out (a stolen phone) says nothing more.
    """
    try:
        key, kind, device, paths = signing.loads(text, salt=_SALT, max_age=LASTS.total_seconds())
        found = UUID(device)
    except (signing.BadSignature, ValueError):
        return None
    with acting_as(SYSTEM):
        if not Device.objects.filter(pk=found, revoked_at=None).exists():
            return None
    grants = tuple(Grant(frozenset({Permission.DELIVER.value}), path=path) for path in paths)
    return Actor(key, ActorKind(kind), sees=tuple(paths), grants=grants, device=device)
