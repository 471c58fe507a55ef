"""Answer sheets of classes that there are not: students who hold misconceptions, slip, and go on from their own numbers."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cnncalc.teach.carrying import Carried
from cnncalc.teach.exercise import Exercise
from cnncalc.teach.following import Carrier
from cnncalc.teach.items import Item
from cnncalc.teach.key import keys_of
from cnncalc.teach.misconceptions import cases_of, values
from cnncalc.teach.reading import load_exercise
from cnncalc.teach.subjects import QUANTITIES

QUESTIONS = """
exercise: 1
title: The MNIST CNN
architecture: {network}
questions:
  - {{ask: shape, layers: [conv2d, conv2d_1, max_pooling2d, dropout, flatten, dense, dropout_1, dense_1], points: 1}}
  - {{ask: params, layers: [conv2d, conv2d_1, dense, dense_1], points: 2}}
  - {{ask: macs, layers: [conv2d, conv2d_1, dense]}}
  - {{ask: total_params, points: 3}}
  - {{ask: trainable_params}}
  - {{ask: receptive_field, layers: [conv2d, conv2d_1, max_pooling2d]}}
"""
ITEMS = 20

COMMON = ("S01", "S21", "S27", "F05", "D13", "D15", "P01", "P04", "D02", "C01", "C03", "R03")
"""What a class that was taught together has wrong: sizes, axes left out, flattening, biases, operations, fields."""
HELD, SLIP, BLANK = (0, 0, 1, 1, 2, 3), 0.005, 0.01
"""How many misconceptions a student holds; the share of answers with a slip, and of those left blank."""

Cells = Callable[[random.Random, int], list[str]]
"""A student's answers."""


def exercise_in(folder: Path) -> Exercise:
    """The exercise, written to a file in `folder`."""
    network = Path(__file__).resolve().parent.parent / "examples" / "mnist_cnn.yaml"
    file = folder / "exercise.yaml"
    file.write_text(QUESTIONS.format(network=network), encoding="utf-8")
    return load_exercise(str(file))


def write(path: Path, exercise: Exercise, students: int, cells: Cells) -> Path:
    """A sheet; the same students every time."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.writer(stream)
        sheet.writerow(["student", *(item.id for item in exercise.items)])
        sheet.writerows([f"b{n:08}", *cells(random.Random(n), n)] for n in range(students))
    return path


def real(exercise: Exercise) -> Cells:
    """A class as it is: misconceptions are those in `COMMON`, and slips those that everybody makes, off by one or two digits exchanged.

    Of 100,000 students a quarter of the answers is not right; a column has 4 to 409 distinct texts, the two totals, which follow
    from all numbers before them, 1,343.
    """
    return _class(exercise, COMMON, lambda value, dice: _slipped(value, random.Random(dice.randrange(2))))


def diverse(exercise: Exercise) -> Cells:
    """A class in which any of the known misconceptions are held, and slips are of any kind.

    Of 100,000 students a column has 20 to 1,068 distinct texts, the two totals 5,554.
    """
    wrong = _wrong_answers(exercise)
    return _class(exercise, sorted({code for item in exercise.items for code in wrong(item, None)}), _slipped)


def _class(exercise: Exercise, codes: Sequence[str], slipped: Callable[[Any, random.Random], Any]) -> Cells:
    """Students who hold some of the misconceptions, and go on from their own numbers."""
    wrong, truths = _wrong_answers(exercise), {name: key.value for name, key in keys_of(exercise).items()}
    carrier = Carrier(exercise.summary, [item.id for item in exercise.items])

    def cells(dice: random.Random, number: int) -> list[str]:
        held = set(dice.sample(codes, dice.choice(HELD)))
        answers = _answers(carrier, exercise, wrong, truths, held, slipped, dice)
        return [_written(value, dice) for value in answers]

    return cells


def distinct(exercise: Exercise, share: float) -> Cells:
    """Every wrong answer is one that nobody else has; `share` of all answers are wrong."""
    truths = [key.value for key in keys_of(exercise).values()]

    def cells(dice: random.Random, number: int) -> list[str]:
        return [_spelt(_other(truth, number, place) if dice.random() < share else truth) for place, truth in enumerate(truths)]  # fmt: skip

    return cells


def _other(truth: Any, number: int, place: int) -> Any:
    """A wrong value of the right form: a shape that later answers can go on from, or a large number."""
    unique = ITEMS * number + place
    match truth:
        case (_,):
            return (10_000 + unique,)
        case (_, _, *channels):
            return (40 + unique % 1000, 40 + unique // 1000, *channels)
    return 10**7 + unique


def _answers(carrier: Carrier, exercise: Exercise, wrong: Any, truths: dict[str, Any], held: set[str], slipped: Any, dice: random.Random) -> Iterator[Any]:  # fmt: skip
    """Item by item what a student gets from the numbers they have; None is no answer."""
    mine: dict[str, Any] = {}
    for item in exercise.items:
        carried = Carried(carrier, mine)
        row = carrier.rows.get(item.layer or "")
        inputs = carried.inputs(row) if row else None
        value = carried.value(item)
        value = truths[item.id] if value is None else value
        followed = [answer for code, answer in wrong(item, inputs).items() if code in held]
        value = dice.choice(followed) if followed else value
        if dice.random() < SLIP:
            value = slipped(value, dice)
        name = f"{item.layer}.{item.quantity}" if item.layer else item.quantity
        if dice.random() < BLANK:
            yield None
            continue
        mine[name] = value
        yield value


def _wrong_answers(exercise: Exercise) -> Callable[[Item, Any], dict[str, Any]]:
    """By item and inputs, what each misconception gives."""
    cases = cases_of(exercise.summary)

    @cache
    def found(layer: str, quantity: str, inputs: Any) -> dict[str, Any]:
        case = cases[layer] if inputs is None else cases[layer].on(*inputs)
        return {codes[0]: answer for answer, codes in values(case, QUANTITIES[quantity]).items()}

    return lambda item, inputs: found(item.layer, item.quantity, inputs) if item.layer and item.quantity in QUANTITIES else {}  # fmt: skip


def _slipped(value: Any, dice: random.Random) -> Any:
    """Off by one or two, two digits exchanged, or a digit that is another."""
    if isinstance(value, tuple):
        place = dice.randrange(len(value))
        return (*value[:place], max(1, value[place] + dice.choice((-2, -1, 1, 2))), *value[place + 1 :])
    digits = list(str(value))
    place = dice.randrange(len(digits))
    if len(digits) > 1 and dice.random() < 0.5:
        place = dice.randrange(len(digits) - 1)
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
    else:
        digits[place] = dice.choice("0123456789")
    return int("".join(digits)) if "".join(digits).isdigit() else value


def _written(value: Any, dice: random.Random) -> str:
    """As one of several students would type it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        joined = dice.choice(("{}", "({})", "{}", "(None, {})")), dice.choice(("x", ", ", "×", "*"))
        form, sign = joined if len(value) > 1 else ("({})", "")
        return form.format((", " if "None" in form else sign).join(map(str, value)))
    return dice.choice((f"{value:,}", str(value))) if isinstance(value, int) else str(value)


def _spelt(value: Any) -> str:
    return "x".join(map(str, value)) if isinstance(value, tuple) and len(value) > 1 else str(value[0] if isinstance(value, tuple) else value)  # fmt: skip
