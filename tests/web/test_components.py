"""Components keep their promises to readers and screen readers (/styleguide shows them)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

import lastmetre
from lastmetre.ground.goods.models import Category
from lastmetre.ground.places.forms.choices import RowField
from lastmetre.terms import InputError, say
from lastmetre.web.templatetags import ui
from lastmetre.web.templatetags.ui import STATES

NOW = datetime(2022, 4, 12, 7, 30, tzinfo=UTC)


def drawn(source: str, **values: object) -> str:
    """Draw a piece of a template."""
    return Template(source).render(Context(values))


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_colour_icon_and_word(state: str) -> None:
    made = drawn("{% status state 'Delivered' %}", state=state)
    assert f"status-{state}" in made
    assert f"#{STATES[state]}" in made
    assert "Delivered" in made


def test_what_people_typed_is_escaped_everywhere() -> None:
    bad = "<script>"
    pieces = [
        "{% button bad confirm=bad data_x=bad %}",
        "{% status 'act' bad %}",
        "{% row bad detail=bad href=bad state='act' words=bad figure=bad %}",
        "{% card title=bad %}{{ bad }}{% endcard %}",
        "{% cell bad %}{{ bad }}{% endcell %}",
        "{% table caption=bad %}{{ bad }}{% endtable %}",
        "{% person bad role=bad tail=bad tel=bad %}",
        "{% masked bad reveal='/x' what=bad %}",
        "{% stat bad bad note=bad unit=bad %}{% giant bad bad %}",
        "{% alert 'act' title=bad %}{{ bad }}{% endalert %}{% empty title=bad %}{{ bad }}{% endempty %}",
        "{% qr bad bad code=bad %}",
    ]
    for piece in pieces:
        assert bad not in drawn(piece, bad=bad), piece


def test_a_button_that_cannot_be_used_says_why_in_words() -> None:
    made = drawn("{% button 'Close' refused=why %}", why=say("26 orders still wait for an answer."))
    assert "disabled" in made
    assert "26个订单" in made


def test_a_button_with_only_an_icon_still_has_its_name() -> None:
    assert '<span class="unseen">Call</span>' in drawn("{% button 'Call' icon='phone' bare=True %}")


def test_an_icon_that_does_not_ship_is_refused_with_the_way_to_add_it() -> None:
    with pytest.raises(LookupError, match=r"icons\.txt"):
        ui.icon("no-such-icon")


def test_sentences_and_errors_are_said_in_the_language_of_the_page() -> None:
    error = InputError(say("This file is too large."), remedy=say("Go back and use the button on the page."))
    assert "文件太大了" in ui.said(error)
    with translation.override("en"):
        assert ui.said(say("This file is too large.")) == "This file is too large."


def test_pages_speak_the_one_catalogue_and_djangos_own_words() -> None:
    with translation.override("zh-hans"):
        assert drawn("{% translate 'Search' %}") == "查找"
        assert "必填" in str(forms.CharField().error_messages["required"])
    with translation.override("en"):
        assert drawn("{% translate 'Search' %}") == "Search"


def test_a_countdown_is_right_without_javascript() -> None:
    made = drawn("{% countdown soon now 'closed' %}", soon=NOW + timedelta(minutes=90), now=NOW)
    assert 'data-countdown="5400"' in made
    assert "30" in made
    assert ">closed<" in drawn("{% countdown past now 'closed' %}", past=NOW - timedelta(hours=1), now=NOW)


class RoomForm(forms.Form):
    room = forms.CharField(label="Room", help_text="As on the door.")
    note = forms.CharField(label="Note", required=False)
    when = forms.ChoiceField(label="When", choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_form_ties_label_hint_and_error_to_the_field_and_links_from_the_summary() -> None:
    made = str(RoomForm({"note": ""}))
    assert '<label for="id_room">' in made
    assert 'aria-describedby="id_room_helptext id_room_error"' in made
    assert 'id="id_room_error"' in made
    assert 'aria-invalid="true"' in made
    assert 'href="#id_room"' in made
    assert "<legend>When" in made


def test_only_fields_that_may_stay_empty_say_so() -> None:
    made = str(RoomForm())
    assert made.count("可不填") == 1


def test_a_qr_code_is_drawn_with_its_border_and_its_typed_code() -> None:
    made = drawn("{% qr 'LM23CF9KXWHKMR67' 'Bag' code='23CF-9KXW' %}")
    assert "23CF-9KXW" in made
    assert 'viewBox="0 0 29 29"' in made


def test_no_paragraph_holds_a_form() -> None:
    """A browser closes a paragraph before a form: the number of a `masked` would be shown nowhere."""
    inside = re.compile(r"<p\b[^>]*>(?:(?!</p>).)*?(?:\{% masked|<form|<div|<ul)", re.DOTALL)
    pages = sorted(Path(lastmetre.__file__).parent.rglob("*.html"))
    assert len(pages) > 100
    assert [page.name for page in pages if inside.search(page.read_text())] == []


def test_a_line_never_ends_inside_a_date() -> None:
    made = drawn("{{ at|day_time }}|{{ none|day_time }}", at=NOW, none=None)
    assert made == "4-\N{WORD JOINER}12 15:30|"
    folder = Path(lastmetre.__file__).parent
    plain = [
        page for page in folder.rglob("*.html") if re.search(r'date:"(n-j|m-d) H:i"', page.read_text("utf-8"))
    ]
    assert plain == [], "write |day_time"


@pytest.mark.parametrize(("required", "words"), [(True, "请选一个"), (False, "都不选")])
def test_a_choice_of_rows_says_in_words_what_stands_before_one_is_chosen(required: bool, words: str) -> None:
    class Chosen(forms.Form):
        category = RowField(Category.objects.none(), required=required)

    assert f'<option value="" selected>{words}</option>' in drawn("{{ form.category }}", form=Chosen())
    folder = Path(lastmetre.__file__).parent
    others = [one for one in folder.rglob("*.py") if "= forms.ModelChoiceField" in one.read_text("utf-8")]
    assert others == [], "write RowField: its first entry is no row of dashes"
