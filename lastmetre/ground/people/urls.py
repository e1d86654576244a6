"""Addresses of people."""

from __future__ import annotations

from django.urls import path

from lastmetre.ground.people.views import cards, door, giving, mine, roles, squads, staff

app_name = "people"
urlpatterns = [
    # Before the door
    path("sign-in", door.sign_in, name="sign-in"),
    path("sign-in/code", door.sign_in_code, name="sign-in-code"),
    path("sign-in/set-up", door.set_up_codes, name="set-up-codes"),
    path("sign-out", door.sign_out, name="sign-out"),
    path("card", door.card_code, name="card-code"),
    path("h/<str:token>", door.household_link, name="household-link"),
    path("v/<str:token>", door.volunteer_link, name="volunteer-link"),
    path("invite/<str:token>", door.invitation_link, name="invitation-link"),
    # One's own
    path("account", mine.my_account, name="account"),
    path("devices", mine.my_devices, name="devices"),
    path("devices/token", mine.make_token, name="make-token"),
    path("devices/<uuid:pk>/revoke", mine.revoke_my_device, name="revoke-device"),
    path("hand-over", mine.hand_over_page, name="hand-over"),
    path("assignments/<uuid:pk>/end", mine.end_assignment, name="end-assignment"),
    # The staff
    path("staff/<uuid:place>", staff.staff, name="staff"),
    path("staff/<uuid:place>/add", staff.add_person, name="add-person"),
    path("staff/<uuid:place>/invite", giving.invite, name="invite"),
    path("staff/<uuid:place>/organisations", staff.organisations, name="organisations"),
    path("staff/<uuid:place>/cards", cards.card_list, name="cards"),
    path("staff/<uuid:place>/cards/print", cards.print_cards, name="print-cards"),
    path("staff/<uuid:place>/squads", squads.board, name="squads"),
    path("organisations/<uuid:pk>/staff", staff.organisation_staff, name="organisation-staff"),
    path("organisations/<uuid:pk>/invite", giving.invite_to_organisation, name="organisation-invite"),
    path("people/<uuid:pk>", staff.person, name="person"),
    path("people/<uuid:pk>/change", staff.change_person, name="change-person"),
    path("people/<uuid:pk>/role", giving.give_role, name="give-role"),
    path("people/<uuid:pk>/reveal/<str:what>", staff.reveal, name="reveal-person"),
    path("invitations/<uuid:pk>", giving.invitation, name="invitation"),
    path("invitations/<uuid:pk>/revoke", giving.revoke_invitation, name="revoke-invitation"),
    path("cards/<uuid:pk>/reissue", cards.reissue, name="reissue-card"),
    path("squads/<uuid:pk>", squads.squad, name="squad"),
    path("squads/<uuid:pk>/change", squads.change_squad, name="change-squad"),
    path("shifts/<uuid:pk>", squads.shift, name="shift"),
    path("shifts/<uuid:pk>/change", squads.change_shift, name="change-shift"),
    path("roles", roles.role_list, name="roles"),
    path("roles/<str:code>/end", roles.end_role, name="end-local-role"),
]
