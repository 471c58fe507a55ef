"""The words of a class report, on a page and on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..language import Text
from ..teach.misconceptions import CATALOGUE
from ..teach.results import decimal
from ..teach.statistics import ClassFindings, CodeFindings, Count, ItemFindings

NOTHING = "–"


def percent(share: Fraction | None) -> str:
    return NOTHING if share is None else f"{decimal(100 * share, 0)} %"


def count(number: Count, found: ClassFindings) -> str:
    """A number of students, or that it is small."""
    return few(found) if number is None else str(number)


def few(found: ClassFindings) -> str:
    return f"<{found.hide_below}"


def cause(code: str, language: str) -> str:
    """A code with its name."""
    entry = CATALOGUE.get(code)
    return f"{code} {entry.name.into(language)}" if entry else code


def causes(codes: tuple[str, ...], language: str) -> str:
    return "; ".join(cause(code, language) for code in codes) or Text("no known cause").into(language)


def correlation(item: ItemFindings) -> str:
    """With the ends between which it lies."""
    if item.item_rest is None:
        return NOTHING
    if item.interval is None:
        return signed(item.item_rest)
    return f"{signed(item.item_rest)} [{signed(item.interval[0])}, {signed(item.interval[1])}]"


def signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−") if round(value, 2) else "0.00"


def headline(found: ClassFindings) -> Iterator[tuple[Text, str]]:
    """The first numbers, each with its name."""
    yield Text("students"), str(found.students)
    if found.absent:
        yield Text("handed in nothing"), str(found.absent)
    if found.undecided:
        yield Text("wait for a decision"), str(found.undecided)
    yield Text("points"), decimal(found.max, 2)
    if found.mean is not None and found.median is not None:
        yield Text("mean"), decimal(found.mean, 2)
        yield Text("median"), decimal(found.median, 2)
    if found.deviation is not None:
        yield Text("standard deviation"), f"{found.deviation:.2f}"
    if found.alpha is not None:
        yield Text("Cronbach's alpha"), signed(float(found.alpha))


def suspicious(code: CodeFindings, found: ClassFindings) -> bool:
    """Whether the best have a cause more often than the weakest, in a class that is large enough to say so."""
    if not (found.labelled and found.upper and found.lower) or code.upper is None or code.lower is None:
        return False
    return code.upper * found.lower.n > code.lower * found.upper.n


def method(found: ClassFindings) -> Iterator[Text]:
    """How the numbers were found, and from where."""
    yield Text("Difficulty is the mean mark as a share of the points: near 100 % an item is easy. Bands after the Open University.")  # fmt: skip
    yield Text("Item–rest correlation: cov(x, T − x)/√(var x · var(T − x)), as in Moodle, with the 95 % interval of Fisher. Bands after Ebel and Frisbie.")  # fmt: skip
    yield Text("Cronbach's alpha: k/(k − 1) · (1 − Σ var x/var T). Moodle's documentation calls 0.75 satisfactory and less than 0.64 unsatisfactory.")  # fmt: skip
    yield Text("Carried: right by the student's own earlier, wrong answer.")
    yield Text("Correlations and alpha are over the {n} students who have all marks.", n=found.complete)
    if found.upper and found.lower:
        yield Text("The upper group are the {upper} students with the highest totals, the lower group the {lower} with the lowest: at least 27 % each (Kelley 1939), equal totals together.", upper=found.upper.n, lower=found.lower.n)  # fmt: skip
    if found.codes:
        yield Text("Could show it: students who answered a question where the misconception gives a wrong answer.")
    if any(item.also for item in found.items):
        yield Text("Where a misconception gives the right answer too, that answer is no evidence that the rule is understood.")  # fmt: skip
    if not found.labelled:
        yield Text("With fewer than 30 students, items are not judged: such numbers say little.")
    if found.hide_below > 1:
        yield Text("Fewer than {n} students are shown as {few}, and wrong answers and causes of fewer are left out.", n=found.hide_below, few=few(found))  # fmt: skip
    if any(item.at_most_missing for item in found.items):
        most = max(item.at_most_missing for item in found.items)
        yield Text("There were so many different wrong answers that their counts may be too low, by {n} at most.", n=most)  # fmt: skip
