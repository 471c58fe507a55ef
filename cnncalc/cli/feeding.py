"""Options of the commands that run a network on an image."""

from __future__ import annotations

from typing import Annotated

import typer

from ..language import Text

IMAGE = str(Text("A picture (.png, .jpg), or a matrix (.csv, .yaml, .json, .npy). With several inputs: left=a.png (may be repeated). Without it, drawn."))  # fmt: skip
WEIGHTS = str(
    Text("The weights: a file of arrays (.npz, .keras, .h5, .safetensors), or typed (.yaml, .json). Without it, drawn.")
)
SEED = str(Text("Which numbers are drawn."))
RESIZE = str(Text("Bring a picture to the size of the input."))
RAW = str(Text("Keep pixels as 0 to 255; else they are divided by 255."))

Image = Annotated[list[str] | None, typer.Option("--image", metavar="FILE", help=IMAGE, show_default=False)]
Weights = Annotated[str | None, typer.Option("--weights", metavar="FILE", help=WEIGHTS, show_default=False)]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help=SEED)]
Resize = Annotated[bool, typer.Option("--resize", help=RESIZE)]
Raw = Annotated[bool, typer.Option("--raw", help=RAW)]
