"""Answers to doubts, remembered beside the compound file, and the secret from which opaque ids are made."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from lastmetre.reading.yaml_files import read_yaml
from lastmetre.terms import InputError, Source, say

_KEYS = ("secret", "answers")
_NOTE = """\
# 对疑问的答复，下次自动沿用。secret 用来生成标签编号，请勿外传。
# Answers to doubts, kept for the next run; the secret makes the ids on labels: keep it to yourself.
"""
_LEAST_SECRET_BYTES = 16
_SECRET = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a compound's side-car holds."""

    secret: str
    """Hexadecimal; never printed on paper, never in a log."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Answers as typed, by the review row's key."""


def answers_path(compound_file: Path) -> Path:
    """Return where a compound's answers lie: `licheng.yaml` -> `licheng.answers.yaml`."""
    return compound_file.with_name(f"{compound_file.stem}.answers.yaml")


def load_answers(path: Path, *, entropy: bytes) -> Remembered:
    """Read the side-car; without one, begin one whose secret is `entropy` (16 random bytes or more).

    Raises InputError where the file is damaged.
    """
    if len(entropy) < _LEAST_SECRET_BYTES:
        raise ValueError("A secret needs at least 16 random bytes.")
    if not path.exists():
        return Remembered(entropy.hex())
    keys = read_yaml(path).keys(_KEYS)
    answers = keys["answers"].content if "answers" in keys else {}
    if not isinstance(answers, dict):
        raise keys["answers"].wrong(say("“answers” must hold keys and answers."))
    secret = keys["secret"].text() if "secret" in keys else entropy.hex()
    if not _SECRET.fullmatch(secret):
        raise keys["secret"].wrong(say("“secret” must be 32 hexadecimal digits or more, as it was written."))
    return Remembered(secret, {key: value.text() for key, value in answers.items()})


def save_answers(path: Path, remembered: Remembered) -> None:
    """Write the side-car whole or not at all, readable by its owner alone; raises InputError."""
    content = {"secret": remembered.secret, "answers": dict(sorted(remembered.answers.items()))}
    text = _NOTE + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            say("The answers cannot be remembered here."),
            remedy=say(
                "See that you may write into the compound file's folder, and that the disk is not full."
            ),
            source=Source(path.name),
        ) from error
