"""The language that the command line and its papers speak."""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path

import click

from lastmetre.terms import Translate, untranslated

LOCALE = Path(__file__).parents[1] / "locale"


def speak(lang: str | None = None) -> Translate:
    """Return the translator into `lang` ("zh" or "en").

    Without `lang` the variable LASTMETRE_LANG decides (en, en_GB.UTF-8: English; anything else: Chinese),
    then it is Chinese, for the papers are for residents.
    """
    wanted = lang or os.environ.get("LASTMETRE_LANG") or "zh"
    return untranslated if wanted.lower().startswith("en") else _chinese(LOCALE)


@cache
def _chinese(locale: Path) -> Translate:
    try:
        return gettext.translation("lastmetre", locale, ["zh"]).gettext
    except FileNotFoundError:
        # Said in English, for there is no Chinese to say it in.
        click.echo("The Chinese texts are not compiled yet: run `make run`. English until then.", err=True)
        return untranslated
