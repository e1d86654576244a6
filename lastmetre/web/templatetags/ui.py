"""The components of the screens, as template tags; every one is shown with its rule at /styleguide.

Words may be strings or `Sentence`s; attributes such as `hx_post` or `data_x` become `hx-post`, `data-x`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from lastmetre.papers.qr import qr_drawing
from lastmetre.web.icons import icon_address
from lastmetre.web.saying import called, day_time
from lastmetre.web.saying import said as _said

register = template.Library()

LONG_FIGURE, LONGEST_FIGURE = 6, 8
"""Signs of a figure beyond which it needs smaller letters, as ¥148.00, and still smaller ones, as ¥19,320.70."""
STATES = {"good": "circle-check", "now": "loader", "wait": "clock", "act": "alert-triangle", "idle": "circle"}
"""What a state may be, and its icon: done, under way, waiting, someone must act, nothing to say."""


@register.filter
def said(words: object) -> str:
    """Say a `Sentence` or an `InputError` in the reader's language."""
    return _said(words)


register.filter("called", called)
register.filter("day_time", day_time)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of icons.txt; without `label` it is decoration and screen readers skip it."""
    spoken = (
        format_html('role="img" aria-label="{}"', _said(label)) if label else mark_safe('aria-hidden="true"')
    )
    return format_html('<svg class="icon" {}><use href="{}"/></svg>', spoken, icon_address(name))


def _attributes(given: Mapping[str, Any]) -> SafeString:
    named = {key.rstrip("_").replace("_", "-"): value for key, value in given.items()}
    return flatatt(
        {
            key: _said(value) if value is not True else True
            for key, value in named.items()
            if value not in (None, False)
        }
    )


def _render(component: str, /, **values: Any) -> SafeString:
    return mark_safe(render_to_string(f"ui/{component}.html", values))


@register.simple_tag
def button(
    label: object,
    kind: str = "plain",
    icon: str = "",
    href: str = "",
    type: str = "submit",
    wide: bool = False,
    big: bool = False,
    bare: bool = False,
    refused: object = "",
    confirm: object = "",
    copy: str = "",
    **attributes: Any,
) -> SafeString:
    """Draw a button or, with `href`, a link that looks like one.

    `kind`: primary (one a page), plain, quiet, danger. `bare` shows only the icon. `refused` is the sentence
    why it cannot be used now; `confirm` is asked first; `copy` is put on the clipboard.
    """
    if confirm:
        attributes["data_confirm"] = confirm
    if copy:
        attributes["data_copy"] = copy
        type = "button"
    classes = ["button", f"button-{kind}", *(["wide"] * wide), *(["big"] * big), *(["bare"] * bare)]
    return _render(
        "button",
        label=_said(label),
        classes=" ".join(classes),
        icon=icon,
        href=href,
        type=type,
        bare=bare,
        refused=_said(refused),
        attributes=_attributes(attributes),
    )


@register.simple_tag
def status(state: str, words: object, icon: str = "") -> SafeString:
    """Show a state as colour, icon and word; `state` is one of good, now, wait, act, idle."""
    return _render("status", state=state, icon=icon or STATES[state], words=_said(words))


@register.simple_tag
def row(
    title: object,
    detail: object = "",
    href: str = "",
    icon: str = "",
    state: str = "",
    words: object = "",
    figure: object = "",
) -> SafeString:
    """One row of a `<ul class="rows">`: what it is, one line about it, its state, and where a tap leads."""
    badge = status(state, words) if state else ""
    return _render(
        "row",
        title=_said(title),
        detail=_said(detail),
        href=href,
        icon=icon,
        badge=badge,
        figure=_said(figure),
    )


@register.simple_block_tag
def card(
    content: str, title: object = "", icon: str = "", href: str = "", state: str = "", level: int = 2
) -> SafeString:
    """A surface with a heading; with `href` the heading leads on; `state` colours its edge."""
    return _render(
        "card", content=content, title=_said(title), icon=icon, href=href, state=state, level=level
    )


@register.simple_block_tag
def table(content: str, caption: object, hidden: bool = False, dense: bool = False) -> SafeString:
    """A table with a caption; on phones each row becomes a card whose cells carry their column's name."""
    return _render("table", content=content, caption=_said(caption), hidden=hidden, dense=dense)


@register.simple_block_tag
def cell(content: str, column: object, number: bool = False, broad: bool = False) -> SafeString:
    """A cell of a `table`: the column's name is repeated where the table stacks; above it if `broad`."""
    kinds = " ".join([*(["number"] * number), *(["broad"] * broad)])
    return format_html(
        '<td data-label="{}" class="{}">{}</td>', _said(column), kinds, mark_safe(content.strip())
    )


@register.inclusion_tag("ui/masked.html", takes_context=True)
def masked(
    context: template.Context, hidden: object, reveal: str = "", what: object = "", label: object = ""
) -> dict[str, Any]:
    """A personal value shown in part; the button posts to `reveal`, which records who looked.

    With `label` it is a large button with words: where ringing is what the page is for.
    """
    shown: dict[str, object] = {"hidden": _said(hidden), "what": _said(what), "label": _said(label)}
    return {**shown, "reveal": reveal, "csrf_token": context.get("csrf_token", "")}


@register.simple_tag
def revealed(value: str, phone: bool = False) -> SafeString:
    """The value in full, as the answer to a `masked` button; a phone number can be rung and copied."""
    return _render("revealed", value=value, phone=phone)


@register.simple_tag
def countdown(until: datetime, now: datetime, over: object = "") -> SafeString:
    """How long until a moment; right without JavaScript at the time of loading, live with it."""
    return _render(
        "countdown",
        until=until,
        now=now,
        seconds=max(0, int((until - now).total_seconds())),
        over=_said(over),
    )


@register.simple_tag
def running(since: datetime, now: datetime) -> SafeString:
    """For how long something has lasted, in hours, minutes and seconds; live with JavaScript."""
    seconds = max(0, int((now - since).total_seconds()))
    shown = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return _render("running", since=since, seconds=seconds, shown=shown)


@register.simple_tag
def giant(figure: object, label: object, state: str = "") -> SafeString:
    """The one giant figure of a page: the number of a cart, legible at arm's length and in the sun."""
    shown = _said(figure)
    words = not shown.isascii() or len(shown) > 3
    icon = STATES.get(state, "")
    return _render("giant", figure=shown, words=words, label=_said(label), state=state, icon=icon)


@register.simple_block_tag(takes_context=True)
def scan(
    context: template.Context,
    content: str,
    label: object,
    action: str = "",
    name: str = "code",
    focus: bool = False,
) -> SafeString:
    """The scan box: camera, typed short code or hand scanner; holds hidden fields of its form.

    The page names `lastmetre/scan/box.js` in its scripts, and its view is marked by `protection.scanning.scans`.
    """
    return _render(
        "scan",
        content=mark_safe(content.strip()),
        label=_said(label),
        action=action,
        name=name,
        focus=focus,
        id=f"scan-{name}",
        csrf_token=context.get("csrf_token", ""),
    )


@register.simple_tag
def stat(
    figure: object, label: object, state: str = "", note: object = "", href: str = "", unit: object = ""
) -> SafeString:
    """A figure with its name, to be put side by side in `<div class="stats">`."""
    words: dict[str, object] = {"label": _said(label), "note": _said(note), "unit": _said(unit)}
    shown = _said(figure)
    words["size"] = (len(shown) > LONG_FIGURE) + (len(shown) > LONGEST_FIGURE)
    return _render("stat", figure=shown, state=state, href=href, icon=STATES.get(state, ""), **words)


@register.simple_block_tag
def filters(content: str, label: object, action: str = "") -> SafeString:
    """A bar that narrows the list below by GET, so that the result has an address."""
    return _render("filters", content=content, label=_said(label), action=action)


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: template.Context, page: object) -> dict[str, Any]:
    """Lead to the next and previous page of a list; `page` has `next` and `previous` cursors, "" if none."""
    return {"page": page, "request": context["request"]}


@register.simple_tag
def crumbs(trail: Iterable[tuple[object, str]]) -> SafeString:
    """Where this page is: places from the largest down, as (name, address); the last one is here."""
    return _render("crumbs", trail=[(_said(name), address) for name, address in trail])


@register.simple_block_tag
def dialog(content: str, id: str, title: object) -> SafeString:
    """A dialog, opened by a button with `href="#id"`; works without JavaScript too."""
    return _render("dialog", content=content, id=id, title=_said(title))


@register.simple_tag
def tabs(items: Iterable[tuple[object, str, bool]], label: object) -> SafeString:
    """Views of one thing, as (name, address, is it this one); each is a page with its own address."""
    return _render(
        "tabs", items=[(_said(name), address, here) for name, address, here in items], label=_said(label)
    )


@register.simple_block_tag
def moment(
    content: str, at: datetime | None, who: object = "", icon: str = "point", state: str = ""
) -> SafeString:
    """One entry of an `<ol class="timeline">`: when, who, what."""
    return _render("moment", content=content, at=at, who=_said(who), icon=icon, state=state)


@register.simple_block_tag
def empty(content: str, title: object, icon: str = "package") -> SafeString:
    """What a list says when it has nothing: why, and the one thing to do next."""
    return _render("empty", content=content, title=_said(title), icon=icon)


@register.simple_tag
def qr(text: str, label: object, code: str = "") -> SafeString:
    """A QR code with its typed short code beside it; it holds an opaque id, never personal data."""
    size, path = qr_drawing(text)
    return _render("qr", size=size, path=path, label=_said(label), code=code)


@register.simple_tag
def person(name: object, role: object = "", tail: str = "", tel: str = "", href: str = "") -> SafeString:
    """A person as a chip: masked name, what they do, the last four digits; `tel` makes it ring."""
    return _render("person", name=_said(name), role=_said(role), tail=tail, tel=tel, href=href)


@register.simple_block_tag
def alert(content: str, state: str, title: object = "") -> SafeString:
    """A sentence that must be seen before the rest: what happened and what to do."""
    return _render("alert", content=content, state=state, icon=STATES[state], title=_said(title))


@register.simple_tag
def steps(names: Iterable[object], current: int) -> SafeString:
    """Where somebody is in a task: all steps by name, the `current` one (from 1) marked."""
    return _render("steps", names=[_said(name) for name in names], current=current)


@register.simple_block_tag
def map(content: str, source: str, label: object, tiles: str = "") -> SafeString:
    """A map of the GeoJSON at `source`; what is inside is its list in words, for all who see no map."""
    return _render("map", content=content, source=source, label=_said(label), tiles=tiles)
