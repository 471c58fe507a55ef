"""Writing the witness's weights to a file of their own; whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np

from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from ...store import Store

ENDING = ".npz"


def write_weights(path: str | os.PathLike[str], store: Store) -> None:
    """All weights of the store as `layer/weight`, which `read_weights` reads again.

    Raises ArchitectureError if the path does not end in .npz, or the file cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() != ENDING:
        message = Text("weights are written to a file ending in {ending}", ending=ENDING)
        raise failure("unknown-form", message, Place(str(path)))
    arrays = {f"{layer}/{name}": weight.array for layer, name, weight in store}
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:  # on the same disk, so that it can be moved
            whole = Path(folder) / f"weights{ENDING}"  # NumPy adds .npz to any other ending, .NPZ among them
            np.savez(whole, **arrays)  # type: ignore[arg-type]  # no array is called allow_pickle: its name has a slash
            whole.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise failure("unwritable", Text("the file cannot be written: {reason}", reason=reason), Place(str(path))) from None  # fmt: skip
