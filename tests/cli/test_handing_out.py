"""What an export may hold, of every model there is."""

from django.apps import apps

from lastmetre.cli.handing_out import KEPT_BACK, _cell, handed_out


def test_nothing_that_signs_people_in_is_handed_out() -> None:
    columns = {
        f"{model._meta.label}.{one.name}" for model in handed_out() for one in model._meta.concrete_fields
    }
    assert {
        label for label in columns if any(sign in label for sign in ("token", "password", "secret", "hash"))
    } == set()
    assert {model._meta.label for model in apps.get_models()} >= KEPT_BACK


def test_no_cell_is_run_as_a_formula() -> None:
    assert _cell("=1+1") == "'=1+1"
    assert _cell("@cmd") == "'@cmd"
    assert (_cell(-3), _cell(True), _cell(None), _cell(["五"])) == ("-3", "true", "", '["五"]')
