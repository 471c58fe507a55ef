"""Students without their names: a keyed hash, the same for the same name and key, and of no use without the key."""

from __future__ import annotations

import hmac
from base64 import b32encode
from hashlib import sha256
from re import fullmatch
from secrets import token_hex
from unicodedata import normalize

__all__ = ["is_pseudonym", "new_key", "pseudonym"]

LENGTH = 12
"""Characters of 5 bits: two of a million students share a pseudonym with a chance of one in two million."""


def pseudonym(student: str, key: str) -> str:
    """What stands for a student: HMAC-SHA256 of the name, shortened. ValueError without a key."""
    if not key:
        raise ValueError(key)
    name = normalize("NFKC", student).strip()
    digest = hmac.new(key.encode(), name.encode("utf-8", "surrogatepass"), sha256).digest()
    return b32encode(digest).decode("ascii")[:LENGTH].lower()


def is_pseudonym(student: str) -> bool:
    """Whether this looks like one already."""
    return fullmatch(f"[a-z2-7]{{{LENGTH}}}", student) is not None


def new_key() -> str:
    """A secret for a teacher to keep."""
    return token_hex(32)
