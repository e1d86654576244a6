"""What a process remembers of personal texts is quick, and gone with the key of its response."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from lastmetre.ground.protection import keys as key_file
from lastmetre.ground.protection.memory import SealedMemory
from lastmetre.ground.protection.responses import erase, open_response

TEXT = "3-501 单雄信 13800000001"


class Reader:
    """Something slow that counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def read(self) -> list[str]:
        self.asked += 1
        return [TEXT]


@pytest.fixture
def response(as_system: datetime) -> UUID:
    return open_response(name="一", path="d", at=as_system).pk


def test_the_same_is_made_once_and_something_else_again(response: UUID) -> None:
    memory, reader = SealedMemory(8), Reader()
    assert [memory.remembered(response, ("a", 1), reader.read) for _ in range(3)] == [[TEXT]] * 3
    assert reader.asked == 1
    memory.remembered(response, ("a", 2), reader.read)
    assert reader.asked == 2


def test_only_the_latest_are_kept(response: UUID) -> None:
    memory, reader = SealedMemory(2), Reader()
    for given in ("a", "b", "a", "c", "a"):  # a was used last when c came, so b went
        memory.remembered(response, given, reader.read)
    assert reader.asked == 3
    memory.remembered(response, "b", reader.read)
    assert reader.asked == 4


def test_after_erasing_nothing_of_it_can_be_opened(as_system: datetime) -> None:
    row = open_response(name="一", path="d", at=as_system)
    memory, reader = SealedMemory(8), Reader()
    memory.remembered(row.pk, "a", reader.read)
    assert all(TEXT.encode() not in held for held in memory._held.values())
    erase(row, at=as_system)
    memory.remembered(row.pk, "a", reader.read)
    assert reader.asked == 2
    assert row.pk not in key_file.keys().responses
    assert key_file._cipher.cache_info().currsize == 0, "the destroyed key is in no memory either"


def test_planted_what_is_remembered_in_clear_is_seen(response: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    class Open:
        def encrypt(self, nonce: bytes, data: bytes, name: bytes) -> bytes:
            return data

    monkeypatch.setattr(key_file.Keys, "cipher", lambda self, response: Open())
    memory = SealedMemory(8)
    memory.remembered(response, "a", Reader().read)
    assert TEXT.encode() in next(iter(memory._held.values()))
