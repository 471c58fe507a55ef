"""Other people's files, in and out: Keras configs and archives, and Python source that is read, never run.

Every reader translates into the plain data of an architecture file, and from there on there is one way:
`architecture.build` checks, names and orders it.
"""

from __future__ import annotations

from .open import builder, load, read

__all__ = ["builder", "load", "read"]
