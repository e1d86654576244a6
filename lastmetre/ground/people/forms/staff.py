"""Forms about people, their roles, squads and shifts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from lastmetre.ground.people.rules import EARLIEST, LATEST, OrganisationKind, Scope, SquadKind
from lastmetre.ground.places.forms.households import PhoneField

ORGANISATION_KINDS = [
    (OrganisationKind.GOVERNMENT, _("Government")),
    (OrganisationKind.DEPARTMENT, _("Department")),
    (OrganisationKind.SUBDISTRICT_OFFICE, _("Sub-district office")),
    (OrganisationKind.COMMITTEE, _("Residents' committee")),
    (OrganisationKind.PROPERTY_OFFICE, _("Property office")),
    (OrganisationKind.SUPPLIER, _("Supplier")),
    (OrganisationKind.PLATFORM, _("Platform")),
    (OrganisationKind.COURIER, _("Courier firm")),
    (OrganisationKind.FLEET, _("Fleet")),
    (OrganisationKind.VOLUNTEERS, _("Volunteers")),
    (OrganisationKind.SCHOOL, _("School")),
    (OrganisationKind.OTHER, _("Other")),
]
SQUAD_KINDS = [
    (SquadKind.SUPPLY, _("Supply")),
    (SquadKind.TRANSPORT, _("Transport")),
    (SquadKind.DUTY, _("Duty at the gate")),
    (SquadKind.PATROL, _("Patrol")),
    (SquadKind.PERSUASION, _("Persuasion")),
    (SquadKind.VETTING, _("Vetting")),
    (SquadKind.DISINFECTION, _("Disinfection")),
    (SquadKind.SHUTTLE, _("Shuttle")),
    (SquadKind.SUPERVISION, _("Supervision")),
    (SquadKind.TASK_FORCE, _("Task force")),
    (SquadKind.LEADING_GROUP, _("Leading group")),
    (SquadKind.DELIVERY_TEAM, _("Delivery team")),
    (SquadKind.WORK_GROUP, _("Work group")),
]
SCOPES = [
    (Scope.PLACE, _("A place")),
    (Scope.ORGANISATION, _("An organisation")),
    (Scope.HOUSEHOLD, _("A single door")),
    (Scope.EITHER, _("A place or an organisation")),
]
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A time of the place, picked on phones by their own picker; a year of two digits is a slip."""

    def __init__(self, *, label: Any, required: bool = True) -> None:
        super().__init__(
            label=label,
            required=required,
            input_formats=[MOMENT_FORMAT, "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT_FORMAT),
            validators=[
                MinValueValidator(EARLIEST, _("Check the year.")),
                MaxValueValidator(LATEST, _("Check the year.")),
            ],
        )


class SearchForm(forms.Form):
    """Narrows a list of people."""

    q = forms.CharField(
        label=_("Name, pinyin initials or phone tail"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"type": "search"}),
    )


class PersonForm(forms.Form):
    """How somebody is called and reached."""

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = PhoneField(
        label=_("Phone number"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )


class ContactForm(forms.Form):
    """A new name or number; what is left empty stays, for the page shows neither in full."""

    name = forms.CharField(label=_("New name"), max_length=60, required=False)
    phone = PhoneField(
        label=_("New phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
    )


class OrganisationForm(forms.Form):
    """A new organisation of a place."""

    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=ORGANISATION_KINDS)
    name = forms.CharField(label=_("Its name"), max_length=80)


class RoleChoiceForm(forms.Form):
    """Which role, where; the choices are what the giver may give."""

    role = forms.ChoiceField(label=_("Role"))
    where = forms.ChoiceField(label=_("For which place or organisation"))
    ends_at = MomentField(label=_("Until when"), required=False)

    def __init__(
        self, *args: Any, roles: list[tuple[str, str]], places: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles
        self.fields["where"].choices = places


class InviteForm(RoleChoiceForm):
    """An invitation to a role by link."""

    uses = forms.IntegerField(
        label=_("For how many people"),
        min_value=1,
        max_value=200,
        initial=1,
        help_text=_("Each use makes one account."),
    )
    field_order = ["role", "where", "uses"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["ends_at"]


class WhyForm(forms.Form):
    """A reason for the journal."""

    why = forms.CharField(label=_("Why"), max_length=200, required=False)


class FitnessForm(forms.Form):
    """Whether somebody feels well today (FC8)."""

    is_fit = forms.TypedChoiceField(
        label=_("Feels well today: no fever, no cough?"),
        choices=[("yes", _("Yes, feels well")), ("no", _("No, unwell"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    tested_at = MomentField(label=_("Last negative test taken at"), required=False)


class TrainingForm(forms.Form):
    """A training before duty (YX20)."""

    topic = forms.CharField(label=_("Training in"), max_length=60)
    trained_on = forms.DateField(
        label=_("Trained on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class HandOverForm(forms.Form):
    """Who stands in, until when, for which roles."""

    deputy = forms.ChoiceField(label=_("Who stands in for you"), widget=forms.RadioSelect)
    ends_at = MomentField(label=_("Until when"))
    roles = forms.MultipleChoiceField(label=_("Which of your roles"), widget=forms.CheckboxSelectMultiple)
    why = forms.CharField(
        label=_("Why"), max_length=200, required=False, help_text=_("Kept sealed in the journal.")
    )

    def __init__(
        self, *args: Any, deputies: list[tuple[UUID, str]], roles: list[tuple[UUID, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].choices = [(str(key), name) for key, name in deputies]
        self.fields["roles"].choices = [(str(key), name) for key, name in roles]


class SquadForm(forms.Form):
    """A new squad, gate team or work group."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SQUAD_KINDS)
    name = forms.CharField(label=_("Called"), max_length=60)
    duty = forms.CharField(
        label=_("Duty"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )


class ShiftPlanForm(forms.Form):
    """One wave of a squad's work (ER5)."""

    starts_at = MomentField(label=_("Starts at"))
    ends_at = MomentField(label=_("Ends at"))
    wanted = forms.IntegerField(label=_("Hands wanted"), min_value=1, max_value=500)


class MemberForm(forms.Form):
    """Somebody to be put into a squad."""

    person = forms.ChoiceField(label=_("Who"))
    is_leader = forms.BooleanField(label=_("Leads the squad"), required=False)

    def __init__(self, *args: Any, people: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(key), name) for key, name in people]


class RoleForm(forms.Form):
    """A role of a place's own."""

    name = forms.CharField(label=_("Called"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=40, required=False)
    scope = forms.ChoiceField(label=_("Is given for"), choices=SCOPES)
    permissions = forms.MultipleChoiceField(
        label=_("What it may do"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, permissions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].choices = permissions


class PasswordChangeForm(forms.Form):
    """One's own new password."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=200,
        help_text=_("At least 12 characters. Three or four words that nobody expects do well."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class TokenForm(forms.Form):
    """A token for a program, which may do what one of one's roles may."""

    label = forms.CharField(label=_("What is it for"), max_length=60)
    assignment = forms.ChoiceField(label=_("With which of your roles"))

    def __init__(self, *args: Any, roles: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignment"].choices = [(str(key), name) for key, name in roles]
