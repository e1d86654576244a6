"""What a process remembers of personal texts in order to be quick: sealed, so that it ends with the response's key."""

from __future__ import annotations

import hashlib
import pickle
import secrets
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from lastmetre.ground.protection.keys import keys

NONCE_BYTES = 12
_Value = TypeVar("_Value")


class SealedMemory:
    """Remembers the latest results of something slow; nothing of them can be read once a response is erased."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = Lock()

    def remembered(self, response: UUID, given: object, make: Callable[[], _Value]) -> _Value:
        """Return what `make` made of the same `given` before, else make it now; `given` must be picklable."""
        found: list[_Value] = self.recalled(response, given)
        if found:
            return found[0]
        made = make()
        self.keep(response, given, made)
        return made

    def recalled(self, response: UUID, given: object) -> list[Any]:
        """Return what was kept under `given`: nothing or one; nothing as well once the response is erased."""
        held = keys()
        cipher, mark = held.cipher(response), held.index_key(response)
        if cipher is None or mark is None:
            return []
        name = _name(given, mark)
        with self._lock:
            known = self._held.get(name)
            if known is None:
                return []
            self._held.move_to_end(name)
        # Only this process wrote it, under a key that nobody else has: unpickling is safe.
        return [pickle.loads(cipher.decrypt(known[:NONCE_BYTES], known[NONCE_BYTES:], name))]

    def keep(self, response: UUID, given: object, value: object) -> None:
        """Keep a value under `given`, in the place of what was kept there; both must be picklable."""
        held = keys()
        cipher, mark = held.cipher(response), held.index_key(response)
        if cipher is None or mark is None:
            return
        name, nonce = _name(given, mark), secrets.token_bytes(NONCE_BYTES)
        with self._lock:
            self._held[name] = nonce + cipher.encrypt(nonce, pickle.dumps(value), name)
            self._held.move_to_end(name)
            while len(self._held) > self.most:
                self._held.popitem(last=False)


def _name(given: object, mark: bytes) -> bytes:
    return hashlib.blake2b(pickle.dumps(given), key=mark).digest()
