"""The language that the command line and its papers speak."""

from __future__ import annotations

import gettext
import os
import re
from pathlib import Path

import click

from lastmetre.terms import InputError, Source, Translate, say, untranslated

LOCALE = Path(__file__).parents[1] / "locale"


def speak(lang: str | None = None) -> Translate:
    """Return the translator into `lang` ("zh" or "en").

    Without `lang` the variable LASTMETRE_LANG decides, then Chinese: the papers are for residents.
    Spellings like `zh_CN.UTF-8` are understood; another language raises InputError.
    """
    wanted = lang or os.environ.get("LASTMETRE_LANG") or "zh"
    match re.split(r"[-_.]", wanted.lower())[0]:
        case "en":
            return untranslated
        case "zh":
            return _chinese()
    raise InputError(
        say("The language {language} is not spoken here.", language=wanted),
        remedy=say("Take zh or en."),
        source=Source("--lang" if lang else "LASTMETRE_LANG"),
    )


def _chinese() -> Translate:
    try:
        return gettext.translation("lastmetre", LOCALE, ["zh"]).gettext
    except FileNotFoundError:
        # Said in English, for there is no Chinese to say it in.
        click.echo(
            "The Chinese texts are not compiled yet: run `make run` once. English until then.", err=True
        )
        return untranslated
