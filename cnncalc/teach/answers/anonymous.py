"""Students without their names: a keyed hash, the same for the same name and key, and of no use without the key."""

from __future__ import annotations

import hmac
from base64 import b32encode
from hashlib import sha256
from re import fullmatch
from secrets import token_hex
from unicodedata import normalize

__all__ = ["is_pseudonym", "new_key", "pseudonym"]

LENGTH, CHECK = 12, 4
"""Characters of 5 bits: two of a million students share a pseudonym with a chance of one in two million; and with a chance
of one in a million, a name of such characters is taken for a pseudonym."""


def pseudonym(student: str, key: str) -> str:
    """What stands for a student: HMAC-SHA256 of the name, shortened. ValueError without a key."""
    if not key:
        raise ValueError(key)
    name = normalize("NFKC", student).strip()
    told = _hash(name, key)[:LENGTH]
    return told + _hash(told, key)[:CHECK]


def is_pseudonym(student: str, key: str) -> bool:
    """Whether this is one already, with this key: its end follows from its beginning."""
    told, check = student[:LENGTH], student[LENGTH:]
    return fullmatch("[a-z2-7]+", student) is not None and check == _hash(told, key)[:CHECK]


def _hash(text: str, key: str) -> str:
    digest = hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), sha256).digest()
    return b32encode(digest).decode("ascii").lower()


def new_key() -> str:
    """A secret for a teacher to keep."""
    return token_hex(32)
