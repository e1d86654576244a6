"""YAML that people write by hand: every value knows its line, every mistake is named with its place.

Values are kept as typed (phone 013800000000, room 0301): YAML's own idea of numbers, dates and truth would
change them. References between parts of a file are refused: a few lines of them can expand without end.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from lastmetre.reading.cell_values import decimal, is_yes
from lastmetre.reading.guards import read_text
from lastmetre.reading.limits import MAX_YAML_BYTES
from lastmetre.terms import InputError, Sentence, Source, say

_DEEPEST = 12
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))
_PLAIN_COLON = say("Write a plain colon and a space after each key (: instead of ：).")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Value:
    """A text, list or mapping of a YAML file; `name` is the key that it stands under."""

    content: str | list[Value] | dict[str, Value]
    source: Source
    name: str = ""

    @property
    def is_mapping(self) -> bool:
        """Whether it is made of keys and values."""
        return isinstance(self.content, dict)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.content, list)

    def text(self) -> str:
        """Return a text as typed; raises InputError for a list or mapping."""
        if isinstance(self.content, str):
            return self.content
        raise self.wrong(say("“{name}” must be a single value.", name=self.name))

    def texts(self) -> tuple[str, ...]:
        """Return the texts of a list, or the only one; raises InputError."""
        return tuple(value.text() for value in self.each() if value.content != "")

    def each(self) -> list[Value]:
        """Return the values of a list; a single value counts as a list of one."""
        return self.content if isinstance(self.content, list) else [self]

    def whole(self, least: int = 0) -> int:
        """Return a whole number not below `least`; raises InputError."""
        text = self.text()
        if text.isascii() and text.isdecimal() and int(text) >= least:
            return int(text)
        raise self.wrong(
            say(
                "“{name}” must be a whole number from {least} up, not “{text}”.",
                name=self.name,
                least=least,
                text=text,
            )
        )

    def number(self) -> Decimal:
        """Return a number above zero; raises InputError."""
        value = decimal(self.text())
        if value is None or value <= 0:
            raise self.wrong(
                say("“{name}” must be a number above 0, not “{text}”.", name=self.name, text=self.text())
            )
        return value

    def yes(self) -> bool:
        """Return a yes or no; raises InputError."""
        said = is_yes(self.text())
        if said is None or not self.content:
            raise self.wrong(
                say("“{name}” must be yes or no, not “{text}”.", name=self.name, text=self.text())
            )
        return said

    def keys(self, known: Collection[str]) -> dict[str, Value]:
        """Return a mapping whose keys are all known; raises InputError that names the nearest known key."""
        if not isinstance(self.content, dict):
            raise self._no_mapping(known)
        for key, value in self.content.items():
            if key not in known:
                near = difflib.get_close_matches(key, known, 1, 0.5)
                raise InputError(
                    say("There is no key “{key}”.", key=key),
                    remedy=say("Did you mean “{near}”?", near=near[0])
                    if near
                    else say("The keys are: {keys}.", keys=", ".join(known)),
                    source=value.source,
                )
        return {key: value for key, value in self.content.items() if value.content != ""}

    def wrong(self, what: Sentence) -> InputError:
        """Build the refusal of this value."""
        return InputError(what, remedy=say("Correct this line and run again."), source=self.source)

    def _no_mapping(self, known: Collection[str]) -> InputError:
        text = self.content if isinstance(self.content, str) else ""
        remedy = say("Write lines such as “{key}: …”.", key=next(iter(known)))
        if "：" in text:
            remedy = _PLAIN_COLON
        return InputError(
            say("Here should stand keys and values, not “{text}”.", text=text[:40]),
            remedy=remedy,
            source=self.source,
        )


def read_yaml(path: Path) -> Value:
    """Read a YAML file of one document; raises InputError with line and column of a mistake."""
    text = read_text(path, MAX_YAML_BYTES)
    source = Source(file=path.name)
    try:
        return _compose(yaml.parse(text, Loader=_LOADER), source)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if "nesting" in str(error.problem):  # the parser looks ahead and may meet its own limit before ours
            raise _too_deep(Source(path.name, row=mark.line + 1 if mark else 1)) from error
        raise InputError(
            say(
                "Line {line}, column {column} cannot be understood as YAML: {problem}.",
                line=mark.line + 1 if mark else 1,
                column=mark.column + 1 if mark else 1,
                problem=error.problem or error.context,
            ),
            remedy=_PLAIN_COLON
            if "：" in text
            else say("Look at this line and the one above: colon and space, indentation, closing marks."),
            source=Source(path.name, row=mark.line + 1 if mark else None),
        ) from error
    except yaml.YAMLError as error:
        raise InputError(
            say("The file holds signs that YAML does not allow."),
            remedy=say("Save it again as plain UTF-8 text."),
            source=source,
        ) from error


def _compose(events: Iterable[yaml.Event], source: Source) -> Value:
    """Build the values from the parser's events, without recursion: depth is counted, not suffered."""
    root: list[Value] = []
    open_values = [Value(root, source)]
    keys: list[Value | None] = [None]
    for event in _content(events, source):
        if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            open_values.pop()
            keys.pop()
            continue
        value = _value(event, open_values[-1], keys[-1], source)
        holder = open_values[-1]
        if isinstance(holder.content, list):
            holder.content.append(value)
        elif isinstance(holder.content, dict) and keys[-1] is None:
            _check_key(value, holder)
            keys[-1] = value
            continue
        elif isinstance(holder.content, dict) and (key := keys[-1]) is not None:
            holder.content[key.text()] = value
            keys[-1] = None
        if not isinstance(value.content, str):
            open_values.append(value)
            keys.append(None)
        if len(open_values) > _DEEPEST:
            raise _too_deep(value.source)
    return root[0] if root else Value({}, source)


def _too_deep(source: Source) -> InputError:
    return Value("", source).wrong(say("Values are nested too deep here."))


def _value(event: yaml.Event, holder: Value, key: Value | None, source: Source) -> Value:
    at = _at(event, source)
    name = key.text() if key else holder.name
    if isinstance(event, yaml.ScalarEvent):
        text = event.value.strip()
        return Value("" if event.implicit[0] and text in _NOTHING else text, at, name)
    return Value([] if isinstance(event, yaml.SequenceStartEvent) else {}, at, name)


def _at(event: yaml.Event, source: Source) -> Source:
    return Source(source.file, row=event.start_mark.line + 1 if event.start_mark else None)


def _content(events: Iterable[yaml.Event], source: Source) -> Iterator[yaml.Event]:
    documents = 0
    for event in events:
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.AliasEvent) or documents > 1 or getattr(event, "anchor", None):
            raise InputError(
                say("References (&, *) and several documents (---) are not used here."),
                remedy=say("Write each value out where it belongs."),
                source=_at(event, source),
            )
        if isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
            yield event


def _check_key(key: Value, holder: Value) -> None:
    if not isinstance(key.content, str):
        raise key.wrong(say("A key must be a single word."))
    if isinstance(holder.content, dict) and key.content in holder.content:
        raise key.wrong(say("The key “{key}” stands here twice.", key=key.content))
