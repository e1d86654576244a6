"""The tables of people, a file a subject."""

from lastmetre.ground.people.models.accounts import Account, Device, HouseholdCard, Invitation, Throttle
from lastmetre.ground.people.models.persons import Fitness, Organisation, Person, Training
from lastmetre.ground.people.models.roles import Assignment, Role
from lastmetre.ground.people.models.squads import Shift, ShiftDuty, Squad, SquadMember

__all__ = [
    "Account",
    "Assignment",
    "Device",
    "Fitness",
    "HouseholdCard",
    "Invitation",
    "Organisation",
    "Person",
    "Role",
    "Shift",
    "ShiftDuty",
    "Squad",
    "SquadMember",
    "Throttle",
    "Training",
]
