"""Commands that speak the user's language: help texts, errors, exit codes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from lastmetre.cli.language import speak
from lastmetre.terms import InputError, Sentence, Translate, say

EXIT_DOUBTS = 3
"""Done, but doubts wait in review.xlsx."""
EXIT_INPUT = 4
"""An input cannot be read; nothing was written."""

LANG = say("Language of screen and papers: zh or en.")


class Progress:
    """Says how far a long step is: nobody waits before a silent screen, and no log fills up."""

    def __init__(self, translate: Translate, *, every_s: float = 3.0) -> None:
        self._translate = translate
        self._every_s = every_s
        self._said_at = time.monotonic()

    def tell(self, sentence: Sentence) -> None:
        """Say it, where some seconds have passed since the last one."""
        now = time.monotonic()
        if now - self._said_at >= self._every_s:
            self._said_at = now
            click.echo(sentence.text(self._translate))


class SpokenOption(click.Option):
    """An option whose help is a sentence, said in the language in force."""

    def __init__(self, *args: Any, sentence: Sentence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sentence = sentence

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the names and the translated help."""
        self.help = self.sentence.text(speak(ctx.params.get("lang")))
        return super().get_help_record(ctx)


class SpokenCommand(click.Command):
    """A command whose help is a sentence, said in the language in force."""

    def __init__(self, *args: Any, sentence: Sentence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sentence = sentence

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the translated help."""
        self.help = self.sentence.text(speak(ctx.params.get("lang")))
        super().format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the translated help for the list of commands."""
        return self.sentence.text(speak())


def option(*names: str, sentence: Sentence, **kwargs: Any) -> Callable[[Any], Any]:
    """Declare an option with a translated help."""
    return click.option(*names, cls=SpokenOption, sentence=sentence, **kwargs)


def command(name: str, sentence: Sentence) -> Callable[[Callable[..., int | None]], click.Command]:
    """Declare a command: it gets `translate`, returns its exit code, and says errors in the user's language."""

    def declare(function: Callable[..., int | None]) -> click.Command:
        @wraps(function)
        def run(lang: str | None, **options: Any) -> None:
            try:
                translate = speak(lang)
                sys.exit(function(translate=translate, **options) or 0)
            except InputError as error:
                click.echo(
                    click.style(error.text(speak(lang if lang in ("zh", "en") else None)), fg="red"), err=True
                )
                sys.exit(EXIT_INPUT)

        spoken = option("--lang", sentence=LANG, type=click.Choice(["zh", "en"]), is_eager=True)(run)
        return click.command(name, cls=SpokenCommand, sentence=sentence)(spoken)

    return declare
