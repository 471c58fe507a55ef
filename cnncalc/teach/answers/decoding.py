"""The encoding of a text file, found without guessing: a mark at its start, strict UTF-8, strict Big5, or an error.

Excel in Taiwan saves CSV as Big5 (code page 950) or UTF-16; a wrong byte sequence in UTF-8 and Big5 both is no reason to try more.
"""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, getincrementaldecoder
from pathlib import Path

from ...architecture.source import failure
from ...errors import ArchitectureError, Place
from ...language import Text

__all__ = ["MAX_BYTES", "encoding_of", "opened", "text_of"]

MAX_BYTES = 128 * 2**20
"""Of a file of answers."""

MARKS = (
    (BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
OTHER_FILES = {
    b"\xd0\xcf\x11\xe0": Text("this is an Excel file of before 2007 (.xls), or one with a password"),
    b"%PDF": Text("this is a PDF"),
    b"PK\x03\x04": Text("this is a ZIP archive"),
    b"\x1f\x8b": Text("this is a compressed file"),
}
CHUNK = 2**20


def encoding_of(path: str) -> str:
    """The name of the file's encoding; every byte was checked with it."""
    try:
        with Path(path).open("rb") as stream:
            start = stream.read(4)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    for mark, kind in OTHER_FILES.items():
        if start.startswith(mark):
            raise failure("not-a-sheet", kind, Place(path), Text("save it as CSV (UTF-8) or as .xlsx"))
    marked = next((encoding for mark, encoding in MARKS if start.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp950"]:
        if _fits(path, encoding):
            return encoding
    raise failure(
        "encoding", Text("the file is neither UTF-8 nor Big5 text"), Place(path), Text("save it as CSV UTF-8")
    )


def _fits(path: str, encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)()
    size = 0
    with Path(path).open("rb") as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                raise too_large(path, MAX_BYTES)
            if not encoding.startswith(("utf-16", "utf-32")) and b"\0" in chunk:
                message = Text("the file is binary, or UTF-16 without its mark")
                raise failure("not-text", message, Place(path), Text("save it as CSV UTF-8"))
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def text_of(path: str, limit: int) -> tuple[str, str]:
    """The whole text of a file of at most `limit` bytes, and its encoding."""
    try:
        size = Path(path).stat().st_size
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    if size > limit:
        raise too_large(path, limit)
    encoding = encoding_of(path)
    return Path(path).read_text(encoding), encoding


def opened(path: str) -> str:
    """The path, of a file or folder that is there."""
    try:
        Path(path).stat()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    return path


def unreadable(path: str, error: Exception) -> ArchitectureError:
    if isinstance(error, FileNotFoundError):
        return failure("no-file", Text("there is no such file"), Place(path))
    reason = getattr(error, "strerror", None) or str(error)
    return failure("unreadable", Text("the file cannot be read: {reason}", reason=reason), Place(path))


def too_large(path: str, limit: int) -> ArchitectureError:
    message = Text("the file is larger than {limit} MiB, the most that is read", limit=limit // 2**20)
    return failure("file-too-large", message, Place(path))
