"""Progress that is kept in a file: written whole, read with care, never thrown away unseen."""

from __future__ import annotations

import errno
import json
import os
import sys
from hashlib import sha256
from pathlib import Path

from ..language import Text
from ..teach.quizzing import ACTIONS, Move, Quiz
from .whole import whole

FORMAT = 1
"""The version of the file."""
MAX_BYTES = 10_000_000


class Damaged(Exception):
    """A file that is not the progress of this quiz."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
        self.why = why


def name_of(quiz: Quiz) -> str:
    """What tells one quiz from another: the exercise, the network, the questions and their answers; nothing of a person."""
    exercise = quiz.exercise
    texts = [exercise.source.text, exercise.architecture.source.text if exercise.architecture else ""]
    keys = [(item.id, str(quiz.keys[item.id].value)) for item in quiz.items]
    return sha256(json.dumps([texts, keys]).encode()).hexdigest()[:32]


def place() -> Path:
    """The folder where programs keep such things, by the rule of the system."""
    home = Path.home()
    if (wish := os.environ.get("XDG_STATE_HOME")) and Path(wish).is_absolute():
        return Path(wish) / "cnncalc"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "cnncalc"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "cnncalc"
    return home / ".local" / "state" / "cnncalc"


def read(path: Path, quiz: Quiz) -> list[Move]:
    """The moves in a file, none if there is no file. Raises Damaged, or OSError."""
    _need_file(path)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return []
    try:
        found = json.loads(content.decode("utf-8")) if len(content) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("cnncalc quiz") != FORMAT or not isinstance(found.get("moves"), list):
        raise Damaged(Text("it is damaged, or no progress of a quiz"))
    if found.get("exercise") != name_of(quiz):
        raise Damaged(Text("it belongs to another exercise, or to other questions"))
    return [_move(each) for each in found["moves"]]


def _move(data: object) -> Move:
    match data:
        case [action, str(text)] if action in ACTIONS:
            return Move(action, text)
    raise Damaged(Text("it is damaged, or no progress of a quiz"))


def write(path: Path, quiz: Quiz) -> None:
    """The moves of a quiz, in the place of what was there before. Raises OSError."""
    _need_file(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    data = {"cnncalc quiz": FORMAT, "exercise": name_of(quiz), "moves": [list(move) for move in quiz.moves]}
    with whole(path) as file:
        file.write(json.dumps(data, ensure_ascii=False) + "\n")


def _need_file(path: Path) -> None:
    """Raise OSError for what is there and no plain file: a device or a pipe is neither read, nor replaced, nor moved."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, str(Text("this is not a file")), str(path))


def set_aside(path: Path) -> Path:
    """Move a file out of the way, to a name that is free. Raises OSError."""
    _need_file(path)
    number = 1
    while (aside := path.with_name(f"{path.name}.old{number}")).exists():
        number += 1
    path.rename(aside)
    return aside
