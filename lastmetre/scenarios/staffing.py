"""People with duties: offices, compound staff, helpers and their teams."""

from __future__ import annotations

from collections.abc import Sequence

from .codes import SQUADS, Need, OrganisationKind, PlaceKind, Role, TeamKind
from .draft import Draft
from .people_rows import Assignment, Organisation, Person, Shift, Team
from .place_rows import Building, Household, Place

OFFICE_ROLES = (Role.COMMANDER, Role.AUDITOR, Role.ADMINISTRATOR)
COMPOUND_ROLES = (Role.PROPERTY_OFFICE, Role.LIAISON, Role.GRID_WORKER, Role.GATE_KEEPER, Role.RECEIVER)
OF_THE_PROPERTY = {Role.PROPERTY_OFFICE, Role.GATE_KEEPER}
NEEDS_A_CARER = {Need.LIVES_ALONE, Need.OVER_80, Need.NO_KIN, Need.DISABLED, Need.HARDLY_MOBILE}
HOMES_PER_CARER = 12
SQUAD_NAMES = {
    TeamKind.PERSUASION: "劝导队",
    TeamKind.SUPPLY: "保供队",
    TeamKind.TRANSPORT: "运输队",
    TeamKind.DUTY: "值守队",
    TeamKind.PATROL: "巡查队",
}


def organisation(draft: Draft, kind: OrganisationKind, slug: str, name: str, place: str = "") -> str:
    """Add an organisation and return its key."""
    key = draft.key("organisations", slug)
    draft.add(Organisation(key, kind, name, place))
    return key


def person(
    draft: Draft,
    role: Role,
    *,
    place: str = "",
    at: str = "",
    household: str = "",
    works_for: str = "",
    grid: str = "",
) -> str:
    """Add somebody with one role scoped to a place, an organisation (`at`) or a household; return the key."""
    key = draft.key("people", len(draft.rows(Person)) + 1)
    helper = role in {Role.VOLUNTEER, Role.RECEIVER, Role.DISINFECTION_WORKER, Role.GATE_KEEPER, Role.DRIVER}
    draft.add(
        Person(
            key=key,
            name=draft.directory.person(),
            phone=draft.directory.phone(),
            organisation=works_for or at,
            trained_on=draft.date(-3) if helper else None,  # FC8: trained before duty, tested on schedule
            tested_on=draft.date(-draft.rng.choice((0, 0, 1))) if helper else None,
        ),
        Assignment(key, role, place=place, organisation=at, household=household, grid=grid),
    )
    return key


def also(draft: Draft, who: str, role: Role, *, place: str = "", at: str = "") -> None:
    """Give somebody a further role."""
    draft.add(Assignment(who, role, place=place, organisation=at))


def staff_root(draft: Draft, root: str, office: str, *, operators: int = 2) -> str:
    """Staff the top of a scenario: command, books, prices, hotline; return the commander."""
    commander, *_ = (person(draft, role, place=root, works_for=office) for role in OFFICE_ROLES)
    prices = organisation(draft, OrganisationKind.DEPARTMENT, "market-supervision", "市场监管局", root)
    for _ in range(2):
        person(draft, Role.PRICE_INSPECTOR, place=root, works_for=prices)
    for _ in range(operators):
        person(draft, Role.HOTLINE_OPERATOR, place=root, works_for=office)
    return commander


def staff_offices(draft: Draft) -> None:
    """Give every sub-district, town, community and village an office with an officer (FC7)."""
    kinds = {
        PlaceKind.SUBDISTRICT: (OrganisationKind.SUBDISTRICT_OFFICE, Role.SUBDISTRICT_OFFICER, "办事处"),
        PlaceKind.TOWNSHIP: (OrganisationKind.SUBDISTRICT_OFFICE, Role.SUBDISTRICT_OFFICER, "政府"),
        PlaceKind.COMMUNITY: (OrganisationKind.COMMITTEE, Role.COMMUNITY_WORKER, "居委会"),
        PlaceKind.VILLAGE: (OrganisationKind.COMMITTEE, Role.COMMUNITY_WORKER, "村委会"),
    }
    for place in list(draft.rows(Place)):
        if place.kind in kinds:
            kind, role, ending = kinds[place.kind]
            slug = place.key.removeprefix(f"{draft.name}/").replace("/", "-")
            office = organisation(draft, kind, slug, place.name + ending, place.key)
            person(draft, role, place=place.key, works_for=office)


def staff_compound(
    draft: Draft, compound: str, *, property_name: str = "", roles: Sequence[Role] = COMPOUND_ROLES
) -> dict[Role, str]:
    """Staff a compound: property office, liaison, grid worker, gate keeper, and a head for each building."""
    slug = compound.removeprefix(f"{draft.name}/").replace("/", "-")
    title = property_name or f"{draft.titles[compound]}物业"
    office = organisation(draft, OrganisationKind.PROPERTY_OFFICE, f"{slug}-property", title, compound)
    staff = {
        role: person(draft, role, place=compound, works_for=office if role in OF_THE_PROPERTY else "")
        for role in roles
    }
    for building in list(draft.rows(Building)):
        if building.place.rpartition("/")[0] == compound:
            person(draft, Role.BUILDING_HEAD, place=building.place)
    return staff


def name_carers(draft: Draft, compound: str, settled: Sequence[Household], works_for: str = "") -> None:
    """Give each household in need of care a named carer (ER2), a dozen homes each at most."""
    cared_for = [household for household in settled if NEEDS_A_CARER & set(household.needs)]
    for start in range(0, len(cared_for), HOMES_PER_CARER):
        homes = cared_for[start : start + HOMES_PER_CARER]
        carer = person(draft, Role.CARER, household=homes[0].key, works_for=works_for)
        draft.add(*(Assignment(carer, Role.CARER, household=home.key) for home in homes[1:]))


def sign_in(draft: Draft, household: Household) -> None:
    """Let a household of the demo sign in as itself (role household)."""
    key = draft.key("people", len(draft.rows(Person)) + 1)
    draft.add(
        Person(key, household.name, household.phone),
        Assignment(key, Role.HOUSEHOLD, household=household.key),
    )


def squads(
    draft: Draft,
    compound: str,
    sizes: dict[TeamKind, int],
    organisations: Sequence[str],
    row: str,
    *,
    supply_places: Sequence[str] = (),
) -> dict[TeamKind, Team]:
    """Add helpers in squads (YC5), drawn from the organisations in turn; each squad has a leader.

    `supply_places` names the building of each member of the supply squad, where officers have one each.
    """
    made = {}
    index = 0
    for kind in SQUADS:
        members = []
        for number in range(sizes.get(kind, 0)):
            works_for = organisations[index % len(organisations)]
            own = supply_places[number] if kind is TeamKind.SUPPLY and supply_places else compound
            members.append(person(draft, Role.VOLUNTEER, place=own, works_for=works_for))
            index += 1
        if members:
            team = Team(
                key=f"{compound}/squads/{kind}",
                kind=kind,
                place=compound,
                name=f"{draft.titles[compound]}{SQUAD_NAMES[kind]}",
                leader=members[0],
                members=tuple(members),
                row=row,
            )
            draft.add(team)
            made[kind] = team
    return made


def shifts(
    draft: Draft, team: Team, waves: Sequence[tuple[str, str]], *, days: Sequence[int] = (-1, 0, 1, 2)
) -> None:
    """Plan a squad's waves: half of it in each, in turn, as ER5's mornings and afternoons."""
    for day in days:
        for number, (starts, ends) in enumerate(waves):
            turn = team.members[(number + day) % 2 :: 2] if len(team.members) > 3 else team.members
            draft.add(
                Shift(
                    key=f"{team.key}/{draft.date(day)}/{number + 1}",
                    team=team.key,
                    starts=draft.time(day, starts),
                    ends=draft.time(day, ends),
                    wanted=len(turn),
                    members=turn,
                )
            )


def group(
    draft: Draft,
    kind: TeamKind,
    place: str,
    slug: str,
    name: str,
    *,
    duty: str,
    members: Sequence[str],
    row: str,
) -> None:
    """Add a work group, led by its first member."""
    draft.add(Team(f"{place}/groups/{slug}", kind, place, name, duty, members[0], tuple(members), row))


def groups(
    draft: Draft, place: str, entries: Sequence[dict[str, str]], role: Role, *, size: int, row: str
) -> None:
    """Add the groups that a scenario's sheet lists under a place, each with people of one role."""
    for entry in entries:
        members = [person(draft, Role(entry.get("role", role)), place=place) for _ in range(size)]
        kind = TeamKind(entry.get("kind", TeamKind.WORK_GROUP))
        group(draft, kind, place, entry["slug"], entry["name"], duty=entry["duty"], members=members, row=row)
