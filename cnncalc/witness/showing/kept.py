"""Where a run's outputs are kept: a folder of sheets, or one `.npz`; written whole, or not at all."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self
from zipfile import ZipFile

import numpy as np

from ...architecture.source import failure
from ...errors import Place
from ...language import Text
from ..arrays import Array
from ..feeding.pictures import ENDINGS
from .sheets import png, sheet


class Target:
    """Files are made in a folder beside their place, and moved there when all is written."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.made = self.path.parent / f".cnncalc-{os.getpid()}"

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.made.mkdir()
        return self

    def keep(self, number: int, name: str, output: Array, first: bool) -> None:  # noqa: FBT001 - as `Keep` has it
        raise NotImplementedError

    def finish(self) -> None:
        raise NotImplementedError

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        try:
            if kind is None:
                self.finish()
        finally:
            shutil.rmtree(self.made, ignore_errors=True)


class Folder(Target):
    """A sheet of feature maps per layer, as in `02_conv2d.png`."""

    def keep(self, number: int, name: str, output: Array, first: bool) -> None:  # noqa: FBT001 - as above
        (self.made / f"{number:02d}_{safe(name)}.png").write_bytes(png(sheet(output, first)))

    def finish(self) -> None:
        if not self.path.exists():
            self.made.rename(self.path)
            return
        for file in sorted(self.made.iterdir()):
            file.replace(self.path / file.name)


class Archive(Target):
    """All outputs by name, for `numpy.load`."""

    def keep(self, number: int, name: str, output: Array, first: bool) -> None:  # noqa: FBT001 - as above
        with (
            ZipFile(self.made / "outputs.npz", "a") as archive,
            archive.open(f"{name}.npy", "w", force_zip64=True) as stream,
        ):
            np.lib.format.write_array(stream, np.ascontiguousarray(output), allow_pickle=False)

    def finish(self) -> None:
        (self.made / "outputs.npz").replace(self.path)


def target(path: str, *, force: bool) -> Target:
    """An archive for a name that ends in .npz, else a folder; what is there already is replaced with `force` only."""
    if path.lower().endswith(".npz"):
        if Path(path).exists() and not force:
            raise failure("exists", Text("the file exists"), Place(path), Text("--force replaces it"))
        return Archive(path)
    if not path or Path(path).suffix.lower() in ENDINGS or (Path(path).exists() and not Path(path).is_dir()):
        hint = Text("name a folder, for a picture per layer, or a file ending in .npz")
        raise failure("exists", Text("this is a file, not a folder"), Place(path), hint)
    if Path(path).is_dir() and any(Path(path).iterdir()) and not force:
        raise failure("exists", Text("the folder is not empty"), Place(path), Text("--force writes into it"))
    return Folder(path)


def safe(name: str) -> str:
    """A layer's name as part of a file's."""
    return re.sub(r'[\x00-\x1f/\\:*?"<>|]', "_", name)[:60]
