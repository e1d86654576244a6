"""Addresses of places."""

from __future__ import annotations

from django.urls import path

from lastmetre.ground.places.views import (
    editing,
    households,
    maps,
    parts,
    regimes,
    responses,
    rosters,
    tree,
)

urlpatterns = [
    path("", tree.places, name="places"),
    path("regimes", regimes.all_regimes, name="regimes"),
    path("regimes/new", regimes.edit_regime, name="regime-new"),
    path("regimes/<slug:code>/edit", regimes.edit_regime, name="regime-edit"),
    path("periods/<uuid:pk>/take-back", regimes.take_back_period, name="period-take-back"),
    path("responses", responses.responses, name="responses"),
    path("responses/<uuid:pk>", responses.response, name="response"),
    path("responses/<uuid:pk>/close", responses.close, name="response-close"),
    path("responses/<uuid:pk>/certificate", responses.certify, name="response-certificate"),
    path("households/<uuid:pk>/show", households.show, name="household-show"),
    path("households/<uuid:pk>/edit", households.edit, name="household-edit"),
    path("uploads/<uuid:pk>", rosters.review, name="roster-review"),
    path("uploads/<uuid:pk>/drop", rosters.drop, name="roster-drop"),
    path("parts/<slug:part>/<uuid:pk>", parts.edit_part, name="part-edit"),
    path("parts/<slug:part>/<uuid:pk>/remove", parts.remove_part, name="part-remove"),
    path("<uuid:pk>/", tree.place, name="place"),
    path("<uuid:pk>/edit", editing.edit, name="place-edit"),
    path("<uuid:pk>/add", editing.add, name="place-add"),
    path("<uuid:pk>/move", editing.move, name="place-move"),
    path("<uuid:pk>/end", editing.end, name="place-end"),
    path("<uuid:pk>/restore", editing.restore, name="place-restore"),
    path("<uuid:pk>/survey", editing.survey, name="place-survey"),
    path("<uuid:pk>/compound", parts.compound, name="place-compound"),
    path("<uuid:pk>/parts/<slug:part>", parts.add_part, name="part-add"),
    path("<uuid:pk>/grids/new", parts.grid, name="grid-add"),
    path("<uuid:pk>/grids/<uuid:grid>", parts.grid, name="grid-edit"),
    path("<uuid:pk>/households/new", households.add, name="household-add"),
    path("<uuid:pk>/roster", rosters.listing, name="roster"),
    path("<uuid:pk>/roster/upload", rosters.upload, name="roster-upload"),
    path("<uuid:pk>/roster/export", rosters.export, name="roster-export"),
    path("<uuid:pk>/regime", regimes.regime, name="place-regime"),
    path("<uuid:pk>/regime/lift", regimes.lift_regime, name="place-regime-lift"),
    path("<uuid:pk>/responses/new", responses.open_one, name="response-open"),
    path("<uuid:pk>/map", maps.map_page, name="place-map"),
    path("<uuid:pk>/map.json", maps.map_data, name="place-map-data"),
]
