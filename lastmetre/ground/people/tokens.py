"""Secrets that sign people in: random, or derived from the key file; the database holds keyed hashes only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lastmetre.ground.protection.keys import keys
from lastmetre.papers.codes import ALPHABET, plain_code

TOKEN_BYTES = 32
CODE_LENGTH = 12
"""Signs of a typed code: 49 bits, in three groups of four."""

_hasher = PasswordHasher()


def new_token() -> str:
    """Return a random token of 256 bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(secret: str, purpose: str) -> bytes:
    """Return what is stored of a secret: without the key file nobody can try short ones either."""
    return _keyed(f"hash of {purpose}", secret.encode())


def token_of(thing: UUID, purpose: str) -> str:
    """Return the token of a card or invitation, the same each time it is printed."""
    digest = _keyed(f"token of {purpose}", thing.bytes)
    return base64.urlsafe_b64encode(digest[:24]).decode()


def code_of(thing: UUID, purpose: str) -> str:
    """Return the code to type where no camera is at hand, CODE_LENGTH signs without look-alikes."""
    number = int.from_bytes(_keyed(f"code of {purpose}", thing.bytes), "big")
    signs = []
    for _ in range(CODE_LENGTH):
        number, value = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[value])
    return "".join(signs)


def printed(code: str) -> str:
    """Return a code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def plain(code: str) -> str:
    """Return a typed code as it was made; case, width, spaces and hyphens do not matter."""
    return plain_code(code)


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(_peppered(password))


def is_password(password: str, stored: str) -> bool:
    """Tell whether a password is the stored one; takes as long where there is none stored ('')."""
    try:
        return _hasher.verify(stored or _nobodys_password(), _peppered(password)) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def needs_new_hash(stored: str) -> bool:
    """Tell whether a password was hashed with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def _peppered(password: str) -> bytes:
    return _keyed("passwords", password.encode())


def _nobodys_password() -> str:
    global _NOBODYS  # made once, when somebody first tries a name that does not exist
    if not _NOBODYS:
        _NOBODYS = _hasher.hash(secrets.token_bytes(TOKEN_BYTES))
    return _NOBODYS


_NOBODYS = ""


def _keyed(purpose: str, value: bytes) -> bytes:
    return hmac.new(keys().derived(purpose), value, hashlib.sha256).digest()
