"""Roles, assignments, handing over, invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from lastmetre.ground.people.actions import invitations, roles
from lastmetre.ground.people.api.base import Made, Moment, Reason, Why, one, person_seen, place_for, router
from lastmetre.ground.people.models import Assignment, Invitation, Organisation, Role
from lastmetre.ground.people.queries.invitations import invitation_row, invitations_at
from lastmetre.ground.people.rules import MOST_USES, InvitationKind, Permission, Scope
from lastmetre.ground.places.models import Grid, Place
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, page_of

Code = Annotated[str, Field(max_length=40)]


class RoleOut(Schema):
    """A role and what it may do."""

    code: str
    name: str
    name_en: str
    scope: Scope
    permissions: list[str]
    is_builtin: bool
    place: UUID | None

    @staticmethod
    def resolve_place(row: Any) -> UUID | None:
        """Return the id of the place that added it."""
        found: UUID | None = row.place_id
        return found


class RoleIn(Schema):
    """A role of a place's own."""

    place: UUID
    name: Annotated[str, Field(min_length=1, max_length=40)]
    name_en: Annotated[str, Field(max_length=40)] = ""
    scope: Scope = Scope.PLACE
    permissions: Annotated[list[Code], Field(max_length=60)] = []


class RoleMade(Schema):
    """The code of the role that was made."""

    code: str


class Where(Schema):
    """One place, grid or organisation."""

    place: UUID | None = None
    grid: UUID | None = None
    organisation: UUID | None = None

    def rows(self) -> dict[str, Any]:
        """Return the row that is named; 404 where the caller does not see it."""
        models: dict[str, Any] = {
            "place": Place.objects,
            "grid": Grid.objects,
            "organisation": Organisation.objects,
        }
        named = {name: getattr(self, name) for name in models}
        return {name: one(models[name].all(), pk) for name, pk in named.items() if pk}


class AssignmentIn(Where):
    """A role for somebody."""

    person: UUID
    role: Code
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    why: Why = ""


class HandOverIn(Schema):
    """Who stands in for the caller, until when."""

    deputy: UUID
    assignments: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    ends_at: Moment
    why: Why = ""


class InvitationIn(Where):
    """An invitation to a role by link."""

    role: Code
    uses: Annotated[int, Field(ge=1, le=MOST_USES)] = 1


class InvitationOut(Schema):
    """An invitation and the path of its link."""

    id: UUID
    kind: InvitationKind
    name: str
    where: str
    uses_left: int
    expires_at: datetime
    is_open: bool
    link: str

    @staticmethod
    def resolve_link(row: Any) -> str:
        """Return the path that its holder opens."""
        return f"/{'v' if row.kind is InvitationKind.SHIFT else 'invite'}/{row.token}"


@router.get("/roles", response=Listing[RoleOut])
def role_list(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """List the roles of the catalogue and of the caller's places."""
    return page_of(Role.objects.filter(ended_at=None), by="code", cursor=cursor, size=limit)


@router.post("/roles", response=RoleMade)
def define_role(request: HttpRequest, payload: RoleIn) -> Any:
    """Add a role of a place's own; it may do no more than the caller."""
    place = place_for(request, payload.place, Permission.DEFINE_ROLES)
    return roles.define_role(
        by=request.actor,
        at=request.now,
        place=place,
        name=payload.name,
        name_en=payload.name_en,
        scope=payload.scope,
        permissions=payload.permissions,
    )


@router.put("/roles/{code}/permissions", response={204: None})
def change_role(request: HttpRequest, code: str, payload: list[Code]) -> None:
    """Change what a role may do."""
    roles.change_role(
        one(Role.objects.filter(ended_at=None), code), by=request.actor, at=request.now, permissions=payload
    )


@router.delete("/roles/{code}", response={204: None})
def end_local_role(request: HttpRequest, code: str) -> None:
    """Give a local role to nobody any more."""
    roles.end_local_role(one(Role.objects.filter(ended_at=None), code), by=request.actor, at=request.now)


@router.post("/assignments", response=Made)
def give_role(request: HttpRequest, payload: AssignmentIn) -> Any:
    """Give somebody a role; nobody gives more than they have."""
    return roles.give_role(
        person_seen(payload.person),
        one(Role.objects.all(), payload.role),
        by=request.actor,
        at=request.now,
        starts_at=payload.starts_at,
        ends_at=payload.ends_at,
        why=payload.why,
        **payload.rows(),
    )


@router.post("/assignments/{pk}/end", response={204: None})
def end_assignment(request: HttpRequest, pk: UUID, payload: Reason) -> None:
    """End a role now, with those who stand in for it."""
    roles.end_role(one(Assignment.objects.all(), pk), by=request.actor, at=request.now, why=payload.why)


@router.post("/hand-over", response=list[Made])
def hand_over(request: HttpRequest, payload: HandOverIn) -> Any:
    """Let somebody stand in from now until a time."""
    return roles.hand_over(
        Assignment.objects.select_related("role", "organisation__seat").filter(pk__in=payload.assignments),
        person_seen(payload.deputy),
        by=request.actor,
        at=request.now,
        ends_at=payload.ends_at,
        why=payload.why,
    )


@router.get("/invitations", response=list[InvitationOut])
def invitation_list(request: HttpRequest, place: UUID) -> Any:
    """List the newest invitations for a place and below it, with their links, to who may give accounts there."""
    found = place_for(request, place, Permission.ACCOUNTS)
    return invitations_at(found.path, at=request.now)


@router.post("/invitations", response=InvitationOut)
def invite(request: HttpRequest, payload: InvitationIn) -> Any:
    """Make a link that gives its holders an account with a role."""
    made = invitations.invite(
        one(Role.objects.all(), payload.role),
        by=request.actor,
        at=request.now,
        uses=payload.uses,
        **payload.rows(),
    )
    return invitation_row(made.pk, at=request.now)


@router.post("/persons/{pk}/invitation", response=InvitationOut)
def invite_person(request: HttpRequest, pk: UUID) -> Any:
    """Make a link with which one person gets an account, or a new password."""
    made = invitations.invite_person(person_seen(pk), by=request.actor, at=request.now)
    return invitation_row(made.pk, at=request.now)


@router.delete("/invitations/{pk}", response={204: None})
def revoke_invitation(request: HttpRequest, pk: UUID) -> None:
    """Take a link back."""
    invitations.revoke_invitation(
        one(Invitation.objects.select_related("organisation__seat"), pk), by=request.actor, at=request.now
    )
