"""The files that a command is given: inputs, compound, offer, stock, answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lastmetre.reading.offers import read_offer
from lastmetre.reading.readings import Reading
from lastmetre.reading.sources import read_file
from lastmetre.reading.texts import read_text
from lastmetre.terms import Compound, InputError, Offer, Sentence, say

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything read from the files named on the command line."""

    readings: tuple[Reading, ...]
    offer: Offer | None
    notices: tuple[Sentence, ...]
    mapping: Mapping[str, str]


def gather(
    inputs: Sequence[str],
    *,
    compound: Compound | None,
    offer: Path | None,
    columns: Iterable[str] = (),
) -> Inputs:
    """Read the offer, then every input with it; `-` is standard input. Raises InputError."""
    known_offer = read_offer(offer) if offer else None
    given = parse_columns(columns)
    readings: list[Reading] = []
    notices: list[Sentence] = []
    mapping: dict[str, str] = {}
    for name in inputs:
        if name == STANDARD_INPUT:
            text = sys.stdin.read()
            readings.append(read_text(text, file=STANDARD_INPUT, compound=compound, offer=known_offer))
            continue
        reading, more, columns_taken = read_file(
            Path(name), compound=compound, offer=known_offer, mapping=given, elsewhere=len(inputs) > 1
        )
        readings.append(reading)
        notices += more
        mapping |= columns_taken
    return Inputs(tuple(readings), known_offer, tuple(notices), mapping)


def parse_columns(columns: Iterable[str]) -> dict[str, str]:
    """Read `房号=room`; raises InputError where the sign = is missing."""
    given: dict[str, str] = {}
    for column in columns:
        header, sign, meaning = column.partition("=")
        if not sign or not header.strip() or not meaning.strip():
            raise InputError(
                say("“{column}” does not say what a column is.", column=column),
                remedy=say(
                    "Say what the columns are, such as {example}.",
                    example="--column 房号=room --column 清单=order",
                ),
            )
        given[header.strip()] = meaning.strip()
    return given
