"""Addresses of people."""

from __future__ import annotations

from django.urls import path

from lastmetre.ground.people.views import door

urlpatterns = [
    path("sign-in", door.sign_in, name="sign-in"),
    path("sign-in/code", door.sign_in_code, name="sign-in-code"),
    path("sign-in/set-up", door.set_up_codes, name="set-up-codes"),
    path("sign-out", door.sign_out, name="sign-out"),
    path("card", door.card_code, name="card-code"),
    path("h/<str:token>", door.household_link, name="household-link"),
    path("v/<str:token>", door.volunteer_link, name="volunteer-link"),
    path("invite/<str:token>", door.invitation_link, name="invitation-link"),
]
