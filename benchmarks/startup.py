"""Whole processes: `cnncalc summary examples/mnist_cnn.yaml` beside its floor and its peers.

    python benchmarks/startup.py [ROUNDS]

The floor is an empty Typer command that validates one Pydantic model and reads one YAML file. Rounds are
taken in turn, so that a machine that changes its speed changes it for all; a peer that is not installed is
left out. CPU time is user plus system, by the operating system's account of each finished process.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
NETWORK = "examples/mnist_cnn.yaml"

FLOOR = f"""
from typing import Annotated
import typer, yaml
from pydantic import BaseModel

class Network(BaseModel):
    name: str
    input: list[int]
    layers: list

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

@app.command()
def main(path: str, columns: Annotated[str, typer.Option(help="columns")] = "") -> None:
    with open(path) as stream:
        Network.model_validate(yaml.load(stream, yaml.CSafeLoader))

app(["{NETWORK}"])
"""

TORCHINFO = """
from torch import nn
from torchinfo import summary
summary(nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
    nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10), nn.Softmax(1)), (1, 1, 28, 28))
"""

KERAS = """
import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
from keras import layers
keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.Conv2D(64, 3, activation="relu"),
    layers.MaxPooling2D(2), layers.Dropout(0.25), layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.5),
    layers.Dense(10, activation="softmax")]).summary()
"""


def cpu_ms(command: list[str]) -> float:
    """The CPU time of one process in milliseconds."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def main(rounds: int) -> None:
    with TemporaryDirectory() as folder:
        commands = {
            "cnncalc summary": [str(Path(sys.executable).with_name("cnncalc")), "summary", NETWORK],
            "floor": [sys.executable, _script(folder, "floor", FLOOR)],
        }
        if find_spec("torchinfo"):
            commands["torchinfo"] = [sys.executable, _script(folder, "with_torchinfo", TORCHINFO)]
        if find_spec("keras") and find_spec("torch"):
            commands["Keras, torch backend"] = [sys.executable, _script(folder, "with_keras", KERAS)]
        times: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, command in commands.items():
                spent = cpu_ms(command)
                if turn:  # the first round warms the disk and compiles
                    times[name].append(spent)
    ours = times["cnncalc summary"]
    print(f"{NETWORK}, whole process, CPU time, {rounds} rounds in turn")
    for name, spent in times.items():
        ratios = [a / b for a, b in zip(spent, ours, strict=True)]
        print(f"  {name:22} {statistics.median(spent):8.0f} ms   {statistics.median(ratios):6.2f} times cnncalc")
    ratio = statistics.median(a / b for a, b in zip(ours, times["floor"], strict=True))
    print(f"  cnncalc is {ratio:.2f} times the floor")


def _script(folder: str, name: str, text: str) -> str:
    path = Path(folder, f"{name}.py")
    path.write_text(text, encoding="utf-8")
    return str(path)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
