"""One login for each role, told once: who tries the product wants to be everybody in turn."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from lastmetre.cli.loading.context import Context
from lastmetre.ground.people.actions import bulk, cards, invitations
from lastmetre.ground.people.models import Role as RoleRow
from lastmetre.ground.people.models import Shift as ShiftRow
from lastmetre.ground.people.queries.cards import cards_at, to_print
from lastmetre.ground.people.queries.invitations import INVITATION
from lastmetre.ground.people.tokens import token_of
from lastmetre.ground.places.models import Place as PlaceRow
from lastmetre.scenarios.codes import Role, TeamKind
from lastmetre.scenarios.people_rows import Assignment

WITHOUT_ACCOUNT = {Role.HOUSEHOLD, Role.VOLUNTEER}
OF_THE_WHOLE = {
    Role.COMMANDER, Role.AUDITOR, Role.ADMINISTRATOR, Role.PRICE_INSPECTOR, Role.HOTLINE_OPERATOR,
}  # fmt: skip
PASSWORD_WORDS = (
    "apple", "bread", "carrot", "flour", "ginger", "honey", "melon", "onion", "peanut", "pepper", "potato",
    "pumpkin", "radish", "sesame", "spinach", "tomato",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """How to sign in as somebody of one role: a user name, or a link that needs no password."""

    role: RoleRow
    where: str
    username: str = ""
    link: str = ""
    """Below the address of the pages."""


@dataclass(frozen=True, slots=True)
class Logins:
    """All of them, and the one password of the staff."""

    password: str
    links: tuple[Login, ...]
    staff: tuple[Login, ...]


def give_logins(context: Context) -> Logins:
    """Make an account for each role that somebody holds, a card for a household, a link for a shift."""
    roles = RoleRow.objects.in_bulk()
    words = (secrets.choice(PASSWORD_WORDS) for _ in range(4))
    password = "-".join([*words, str(secrets.randbelow(90) + 10)])
    chosen = _chosen(context)
    usernames = {role: f"{context.world.name}.{role}" for role in chosen}
    bulk.add_accounts(
        [bulk.NewAccount(context.id(one.person), usernames[role], password) for role, one in chosen.items()],
        by=context.by,
        at=context.at,
    )
    staff = tuple(Login(roles[role], _where(context, one), usernames[role]) for role, one in chosen.items())
    return Logins(password, (*_household(context, roles), *_volunteer(context, roles)), staff)


def _chosen(context: Context) -> dict[Role, Assignment]:
    """Choose somebody for each role: at the top for who watches the whole, else where the household lives."""
    compound, top = _compound(context), context.world.places[0].key
    chosen: dict[Role, Assignment] = {}
    taken: set[str] = set()
    for role in Role:
        if role in WITHOUT_ACCOUNT:
            continue
        held = [one for one in context.world.assignments if one.role is role and one.person not in taken]
        wanted = top if role in OF_THE_WHOLE else compound
        there = [one for one in held if one.place == wanted or one.place.startswith(f"{compound}/")]
        there.sort(key=lambda one: one.place != wanted)
        if held:
            chosen[role] = (there or held)[0]
            taken.add(chosen[role].person)
    return chosen


def _compound(context: Context) -> str:
    """Return the compound of the household that signs in."""
    home = next(one.household for one in context.world.assignments if one.role is Role.HOUSEHOLD)
    counted = [place.key for place in context.world.places if place.household_count]
    return next(key for key in counted if home.startswith(f"{key}/"))


def _where(context: Context, one: Assignment) -> str:
    """Name the place, organisation or home that a role is for."""
    if one.organisation:
        return next(row.name for row in context.world.organisations if row.key == one.organisation)
    if one.household:
        return _home(context, one.household)
    if one.grid:
        return next(row.name for row in context.world.grids if row.key == one.grid)
    compound = _compound(context)
    names = {place.key: place.name for place in context.world.places}
    inside = one.place.startswith(f"{compound}/")
    return f"{names[compound]} {names[one.place]}" if inside else names[one.place]


def _home(context: Context, household: str) -> str:
    """Name a home: 3-2-503, or 桃园沟村 12号."""
    places = {place.key: place for place in context.world.places}
    row = next(row for row in context.world.households if row.key == household)
    parts, key = [row.room], row.place
    while not places[key].household_count:
        parts.insert(0, places[key].name)
        key = places[key].parent
    return f"{places[key].name} {'-'.join(parts)}"


def _household(context: Context, roles: dict[str, RoleRow]) -> Iterator[Login]:
    """Make the card of the household that the scenario names; its link signs in without a password."""
    for one in context.world.assignments:
        if one.role is Role.HOUSEHOLD:
            door = PlaceRow.objects.get(pk=context.door(one.household))
            cards.issue_cards(door, by=context.by, at=context.at)
            card = to_print(cards_at(door))[0]
            yield Login(roles[one.role], _home(context, one.household), link=f"/h/{card.token}")


def _volunteer(context: Context, roles: dict[str, RoleRow]) -> Iterator[Login]:
    """Make the link of a supply squad's next shift: volunteers need no account."""
    squads = {team.key for team in context.world.teams if team.kind is TeamKind.SUPPLY}
    shifts = [one for one in context.world.shifts if one.team in squads]
    coming = [one for one in shifts if context.moment(one.ends) > context.at]
    if coming:
        key = min(coming, key=lambda one: one.ends).key
        shift = ShiftRow.objects.select_related("squad__place").get(pk=context.id(key))
        invitation = invitations.invite_to_shift(shift, by=context.by, at=context.at)
        link = f"/v/{token_of(invitation.pk, INVITATION)}"
        yield Login(roles[Role.VOLUNTEER], shift.squad.name, link=link)
