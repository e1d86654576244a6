"""Writes the demo's roster, chat, workbook and truth: python -m lastmetre.scenarios.erqi.generate [FOLDER].

The compound, the offer and the stock are written by hand; everything else follows from them and the seed.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from lastmetre.terms import Home, Household

from . import chain, export, people, phrases, sheet
from .truth import Truth, home

HERE = Path(__file__).parent
SEED = 20220511
CHAT_HOUSEHOLDS = 140
WORKBOOK_HOUSEHOLDS = 66
IN_BOTH = 9
"""Households that order in the chat and in the workbook too."""


def settle(rng: random.Random) -> tuple[set[Home], list[Household]]:
    """Return the homes that the script speaks of, and who lives in the compound."""
    flats = people.homes(HERE / "compound.yaml")
    reserved = {home(text) for text in chain.scripted_homes() | export.scripted_homes()}
    return reserved, people.roster(rng, flats, reserved & set(flats))


def write(folder: Path, seed: int = SEED) -> None:
    """Write roster.xlsx, chain.txt, kuaituantuan.xlsx and truth.json into the folder."""
    rng = random.Random(seed)
    offer = people.goods(HERE / "offer.yaml")
    reserved, households = settle(rng)
    free = [person for person in households if person.home not in reserved]
    in_chat = rng.sample(free, CHAT_HOUSEHOLDS)
    high_rises = [person for person in in_chat if person.home.building not in export.CHAT_ONLY]
    silent = [
        person for person in free if person not in in_chat and person.home.building not in export.CHAT_ONLY
    ]
    in_workbook = rng.sample(silent, WORKBOOK_HOUSEHOLDS) + rng.sample(high_rises, IN_BOTH)
    rng.shuffle(in_workbook)

    truth = Truth()
    nicknames = rng.sample(phrases.NICKNAMES, len(phrases.NICKNAMES))
    lines = chain.write(rng, truth, in_chat, offer, nicknames)
    orders = export.orders(rng, truth, in_workbook, nicknames)
    sheet.write_roster(folder / "roster.xlsx", households)
    sheet.write_export(folder / export.FILE, orders, offer)
    (folder / chain.FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    text = json.dumps(truth.as_dict(), ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
