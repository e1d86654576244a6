"""Translations: collect the sentences of code and templates, check the catalogues, compile them for gettext.

build_hook.py compiles them into wheels and editable installs. By hand: `python translations.py extract | compile | check`.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent / "lastmetre"
KEYWORDS = {"say": None, "_": None, "gettext": None}
DOMAINS = ("lastmetre", "django")
"""One catalogue, compiled under two names: the command line asks for the first, the pages for the second."""


def catalogue_paths(package: Path) -> list[Path]:
    """Return the .po files, one a language."""
    return sorted(package.glob("locale/*/LC_MESSAGES/lastmetre.po"))


def read_catalogue(path: Path) -> Catalog:
    """Read a .po file; its language is the name of its folder."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], domain="lastmetre")


def sentences(package: Path) -> Catalog:
    """Collect every `say("...")`, `_("...")` and template sentence below a package, with file and line."""
    found = Catalog()
    # Babel complains of any f-string near a sentence; ruff (INT) of one that should be a sentence.
    with redirect_stderr(io.StringIO()):
        extracted = list(extract_from_dir(package, keywords=KEYWORDS))
    for file, line, text, _comments, context in extracted:
        found.add(text, locations=[(f"{package.name}/{file}", line)], context=context)
    for path in sorted(package.glob("**/templates/**/*.html")):
        for line, text, context in _of_template(path):
            file = path.relative_to(package).as_posix()
            found.add(text, locations=[(f"{package.name}/{file}", line)], context=context)
    return found


def _of_template(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """Yield line, text and context of a template's sentences: Django turns it into gettext calls."""
    from django.utils.translation.template import templatize  # not there when a wheel is built

    code = io.BytesIO(templatize(path.read_text(encoding="utf-8"), origin=path.name).encode())
    for line, text, _comments, context in extract("python", code, DEFAULT_KEYWORDS):
        yield line, text, context


def collect(package: Path = PACKAGE) -> None:
    """Bring every catalogue up to date with the code; translations that still fit are kept."""
    for path in catalogue_paths(package):
        catalogue = read_catalogue(path)
        catalogue.update(sentences(package), update_creation_date=False, no_fuzzy_matching=True)
        written = io.BytesIO()
        # Line numbers would change the catalogue with every edit of the code.
        write_po(written, catalogue, width=110, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
        path.write_bytes(written.getvalue())


def compile_catalogues(package: Path = PACKAGE) -> None:
    """Write each .po file's .mo beside it, once for every domain."""
    for path in catalogue_paths(package):
        compiled = io.BytesIO()
        write_mo(compiled, read_catalogue(path))
        for domain in DOMAINS:
            path.with_name(f"{domain}.mo").write_bytes(compiled.getvalue())


def problems(package: Path = PACKAGE) -> list[str]:
    """List what is untranslated, unconfirmed, at odds with its English, or no longer in the code."""
    found = []
    wanted = sentences(package)
    for path in catalogue_paths(package):
        catalogue = read_catalogue(path)
        for message in wanted:
            if message.id and (what := _problem(message, catalogue.get(message.id))):
                place = ":".join(str(part) for part in message.locations[0])
                found.append(f'{place}: {what} in {catalogue.locale}: "{message.id}"')
        found += [
            f'{path.name}: no longer in the code (make fix removes it): "{message.id}"'
            for message in catalogue
            if message.id and message.id not in wanted
        ]
    return found


def _problem(wanted: Message, translated: Message | None) -> str:
    if translated is None or not all(_forms(translated.string)):
        return "not translated"
    if translated.fuzzy:
        return "translation not confirmed (a similar sentence's; remove the fuzzy mark)"
    # Of a plural the last form counts: "one" may leave its number out.
    if _placeholders(_forms(wanted.id)[-1]) != _placeholders(_forms(translated.string)[-1]):
        return "placeholders differ"
    return ""


def _forms(text: Any) -> tuple[str, ...]:
    """Return the singular and plural forms of a message's text."""
    return tuple(text) if isinstance(text, tuple | list) else (str(text or ""),)


def _placeholders(template: str) -> set[str] | None:
    """Return the names in {braces} (sentences of the code) and in %(brackets)s (those of templates)."""
    named = set(re.findall(r"%\((\w+)\)s", template))
    try:
        return named | {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError:  # a brace is missing
        return None


def check() -> None:
    """Print what `problems` finds and end with status 1 if there is anything."""
    found = problems()
    print(*found, f"Translations: {len(found)} to mend." if found else "Translations complete.", sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    commands = {"extract": collect, "compile": compile_catalogues, "check": check}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=commands)
    commands[parser.parse_args().command]()
