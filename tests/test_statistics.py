"""Statistics of a class: by hand, against plain loops and the standard library, and however the class is cut in parts."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import sqrt

import pytest
from classes import classes, item, marks, scored, student
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.teach.outcomes import Evidence, Outcome, Outcomes
from cnncalc.teach.results import StudentResult
from cnncalc.teach.statistics import ClassFindings, Gathering, findings, formulas
from cnncalc.teach.statistics.findings import WrongValue
from cnncalc.teach.statistics.labels import labels_of, warnings_of
from cnncalc.teach.statistics.tally import Foremost, Tally

F = Fraction


EVIDENCE = {"a": Evidence(frozenset({"P01"})), "b": Evidence(frozenset({"P01", "P02"}), ("S06",))}
"""Item a shows P01, item b also P02; S06 gives the right answer to b."""


def gathered(results: list[StudentResult], points: int = 1, items: str = "abc", block: int = 1000) -> Gathering:
    gathering = Gathering([(name, F(points)) for name in items], EVIDENCE)
    for at in range(0, len(results), block):
        gathering.add(results[at : at + block])
    return gathering


def found(results: list[StudentResult], points: int = 1, items: str = "abc", hide_below: int = 1) -> ClassFindings:
    return findings(gathered(results, points, items), hide_below)


GUTTMAN = [scored("A", [1, 1, 1]), scored("B", [1, 1, 0]), scored("C", [1, 0, 0]), scored("D", [0, 0, 0])]
"""By hand: totals 3, 2, 1, 0. Variances of the items 1/4, 1/3, 1/4, of the total 5/3; alpha = 3/2 · (1 − (5/6)/(5/3)) = 3/4.
Item b is 1 1 0 0 and the rest of its test 2 1 1 0: Σ of products of deviations 1, of squares 1 and 2, so r = 1/√2.
Item a is 1 1 1 0, its rest 2 1 0 0: products 3/4, squares 3/4 and 11/4, so r = √(3/11)."""


def test_a_class_worked_out_by_hand() -> None:
    what = found(GUTTMAN)
    assert what.alpha == F(3, 4)
    assert (what.mean, what.median, what.max) == (F(3, 2), F(3, 2), 3)
    assert what.deviation == pytest.approx(sqrt(5 / 3))
    assert [each.facility for each in what.items] == [F(3, 4), F(1, 2), F(1, 4)]
    assert [each.item_rest for each in what.items] == pytest.approx([sqrt(3 / 11), sqrt(1 / 2), sqrt(3 / 11)])
    assert [(each.low, each.students) for each in what.bins] == [(F(i, 5), n) for i, n in enumerate([1, 1, 0, 1, 1])]


def test_the_interval_of_a_correlation() -> None:
    """r = 0.5, n = 28, by tables: z = 0.5493, its error 1/5, so z from 0.1573 to 0.9413 and r from 0.156 to 0.736."""
    assert formulas.interval(0.5, 28) == pytest.approx((0.15604, 0.73574), abs=1e-4)
    assert formulas.interval(0.5, 3) is None
    assert formulas.interval(1.0, 28) is None


def test_what_has_no_meaning_is_none() -> None:
    for results in ([], GUTTMAN[:1], [GUTTMAN[0]] * 5):
        what = found(results)
        assert what.alpha is None
        assert all(each.item_rest is None for each in what.items)
    assert found([]).mean is None
    assert found([]).bins[0].students == 0


def naive_rest(rows: list[list[Fraction]], place: int) -> float | None:
    xs = [float(row[place]) for row in rows]
    rest = [float(sum(row) - row[place]) for row in rows]
    if len(rows) < 2 or len(set(xs)) == 1 or len({sum(row) - row[place] for row in rows}) == 1:
        return None
    return statistics.correlation(xs, rest)


@given(st.lists(st.lists(marks, min_size=3, max_size=3), max_size=40))
def test_marks_against_plain_loops(rows: list[list[Fraction | None]]) -> None:
    what = found([scored(f"s{n}", row, [3, 3, 3]) for n, row in enumerate(rows)], points=3)
    whole = [[mark for mark in row if mark is not None] for row in rows if None not in row]
    totals = [sum(row, F(0)) for row in whole]
    assert (what.complete, what.undecided) == (len(whole), len(rows) - len(whole))
    assert what.mean == (statistics.mean(totals) if totals else None)
    assert what.median == (statistics.median(totals) if totals else None)
    for place, each in enumerate(what.items):
        given_marks = [row[place] for row in rows if row[place] is not None]
        assert each.n == len(given_marks)
        assert each.facility == (statistics.mean(given_marks) / 3 if given_marks else None)
        naive = naive_rest(whole, place)
        assert (each.item_rest is None) == (naive is None)
        assert each.item_rest == (None if naive is None else pytest.approx(naive, abs=1e-9))
    if len(totals) > 1:
        assert what.deviation == pytest.approx(float(statistics.variance(totals)) ** 0.5)
    if len(totals) > 1 and len(set(totals)) > 1:
        variances = [statistics.variance(column) for column in zip(*whole, strict=True)]
        assert what.alpha == F(3, 2) * (1 - sum(variances) / statistics.variance(totals))


@given(classes())
def test_answers_against_plain_loops(results: list[StudentResult]) -> None:
    what = found(results, 2, "abcd")
    present = [each for each in results if any(answer.verdict != "blank" for answer in each.items)]
    assert (what.present, what.absent) == (len(present), len(results) - len(present))
    for place, each in enumerate(what.items):
        answers = [result.items[place] for result in present]
        verdicts = Counter(answer.verdict for answer in answers)
        assert {name: n for name, n in each.verdicts.items() if n} == dict(verdicts)
        wrong = Counter((a.understood, a.codes) for a in answers if a.verdict in {"wrong", "partial"})
        assert {(value.value, value.codes): value.students for value in each.values} == dict(wrong)
        assert [value.students for value in each.values] == sorted(wrong.values(), reverse=True)
        assert each.rare == 0
    whole = [each for each in present if all(answer.score is not None for answer in each.items)]
    assert {code.code: code.students for code in what.codes} == dict(Counter(c for each in whole for c in each.causes))


@given(classes(most=80))
def test_groups_hold_at_least_27_percent_and_never_part_equal_totals(results: list[StudentResult]) -> None:
    what = found(results, 2, "abcd")
    totals = {each.student: each.score for each in results if each.decided and not each.absent}
    if what.upper is None or what.lower is None:
        return
    upper = [each for each in results if totals.get(each.student, F(-1)) >= what.upper.bound]
    lower = [each for each in results if each.student in totals and totals[each.student] <= what.lower.bound]
    assert (len(upper), len(lower)) == (what.upper.n, what.lower.n)
    for group, edge in ((upper, what.upper.bound), (lower, what.lower.bound)):
        inside = [each for each in group if totals[each.student] != edge]
        assert 100 * len(inside) < 27 * len(totals) <= 100 * len(group)
    assert {each.student for each in upper}.isdisjoint({each.student for each in lower})
    for code in what.codes:
        assert (code.upper, code.lower) == tuple(
            sum(code.code in one.causes for one in group) for group in (upper, lower)
        )


def test_a_class_with_one_total_has_no_groups() -> None:
    what = found([scored(f"s{n}", [1, 0, 0]) for n in range(9)])
    assert what.upper is None
    assert what.lower is None


def test_who_could_show_a_misconception() -> None:
    """Of five with all marks, four answered a or b, three b; X has P05, which neither shows. The sixth waits for a person."""
    right, blank, wrong = ("right", 3, 1, ()), ("blank", None, 0, ()), ("wrong", 4, 0, ("P01", "P02", "P05"))
    given_ = [[right, right], [right, blank], [blank, right], [blank, blank, right], [blank, wrong], [right, ("ambiguous", None, None, ())]]  # fmt: skip
    group = [
        student(f"s{n}", [item("abc"[at], answer) for at, answer in enumerate([*row, right][:3])])
        for n, row in enumerate(given_)
    ]
    counts = gathered(group)
    assert [counts.chances(code) for code in ("P01", "P02", "S06")] == [4, 3, 0]
    what = findings(counts, hide_below=1)
    assert [(each.code, each.students, each.chances) for each in what.codes] == [("P01", 1, 4)]
    assert [each.also for each in what.items] == [(), ("S06",), ()]
    assert what.to_dict()["codes"][0]["chances"] == 4


@given(classes())
def test_chances_against_plain_loops(results: list[StudentResult]) -> None:
    counts = gathered(results, 2, "abcd")
    for code, items in (("P01", "ab"), ("P02", "b")):
        complete = [each for each in results if not each.absent and all(a.score is not None for a in each.items)]
        answered = [each for each in complete if any(a.item in items and a.verdict not in {"blank", "unreadable", "ambiguous"} for a in each.items)]  # fmt: skip
        assert counts.chances(code) == len(answered)


@given(classes(), st.integers(1, 7), st.integers(1, 9))
def test_parts_of_a_class_make_the_same_whole(results: list[StudentResult], size: int, block: int) -> None:
    """Cut in parts, with answers and rows of them that are one object or not, counted at once or not: nothing changes."""
    alike = list(shared(results))
    whole = findings(gathered(results, 2, "abcd"))
    merged = Gathering([(name, F(2)) for name in "abcd"], EVIDENCE)
    for at in range(0, len(results), size):
        merged.merge(gathered(alike[at : at + size], 2, "abcd", block))
    assert findings(merged) == whole


def shared(results: list[StudentResult]) -> Iterator[StudentResult]:
    """The same students, with equal answers as one object, and equal rows of them."""
    answers: dict[object, Outcome] = {}
    rows: dict[object, Outcomes] = {}
    for each in results:
        items = tuple(answers.setdefault((a.item, a.raw, a.verdict), a.outcome) for a in each.items)
        yield replace(each, outcomes=rows.setdefault(items, Outcomes(items, each.causes)))


def test_a_mark_by_hand_wins_in_the_distribution_alone() -> None:
    by_hand = student("E", GUTTMAN[3].items, {"": 3})
    what = found([*GUTTMAN[:3], by_hand])
    assert what.mean == F(9, 4)
    assert what.items[0].facility == F(3, 4)


def test_few_students_are_not_told() -> None:
    results = [student(f"s{n}", [item("a", ("wrong", 288, 0, ("P01",)) if n < 4 else ("right", 320, 1, ()))]) for n in range(40)]  # fmt: skip
    shy, open_ = found(results, items="a", hide_below=5), found(results, items="a", hide_below=1)
    assert shy.items[0].verdicts["wrong"] is None
    assert shy.items[0].verdicts["blank"] == 0
    assert (shy.items[0].values, shy.items[0].rare, shy.codes, shy.rare_codes) == ((), 4, (), 1)
    assert [each.students for each in shy.bins] == [None, 0, 0, 0, 36]
    assert open_.items[0].verdicts["wrong"] == 4
    assert open_.items[0].values[0].students == open_.codes[0].students == 4


@pytest.mark.parametrize(("n", "labelled"), [(29, False), (30, True)])
def test_items_are_judged_from_30_students_on(n: int, labelled: bool) -> None:  # noqa: FBT001
    what = found([GUTTMAN[i % 4] for i in range(n)])
    assert what.labelled is labelled
    assert all(bool(each.labels) is labelled for each in what.items)


@pytest.mark.parametrize(("share", "label"), [(F(96, 100), "extremely easy"), (F(1, 2), "about right"), (F(34, 100), "moderately difficult"),
                                              (F(65, 100), "about right"), (F(66, 100), "fairly easy"), (F(6, 100), "very difficult")])  # fmt: skip
def test_bands_of_the_open_university(share: Fraction, label: str) -> None:
    assert labels_of(share, None)[0].into("en") == label


def test_one_student_of_two_is_not_common_and_a_weak_correlation_is_no_warning() -> None:
    one, two = (WrongValue(0, (), n, F(1, 2)) for n in (1, 3))
    assert (list(warnings_of([one], None)), len(list(warnings_of([two], None)))) == ([], 1)
    assert (list(warnings_of([], -0.1)), len(list(warnings_of([], -0.3)))) == ([], 1)


def test_a_common_answer_without_a_cause_points_at_the_question() -> None:
    wrong = [item("a", ("wrong", 99, 0, ())), item("b", ("right", 1, 1, ()))]
    right = [item("a", ("right", 1, 1, ())), item("b", ("wrong", 288, 0, ("P01",)))]
    what = found([student(f"s{n}", wrong if n % 5 == 0 else right) for n in range(40)], items="ab")
    assert ["key" in text.into("en") for each in what.items for text in each.warnings] == [True, True, True]
    assert [len(each.warnings) for each in what.items] == [2, 1]  # both correlate with the rest at −1


def test_students_to_talk_to() -> None:
    one_cause = student("Ann", [item(name, ("wrong", 288, 0, ("P01", "P03"))) for name in "abc"])
    many = student("Bo", [item("a", ("wrong", 1, 0, ("P01",))), item("b", ("wrong", 2, 0, ("P02",))), item("c", ("wrong", 3, 0, ()))])  # fmt: skip
    good = [scored(f"s{n:02}", [1, 1, 1]) for n in range(40)]
    told = [(talk.student, talk.reason.into("en"), talk.code) for talk in found([*good, many, one_cause]).talks]
    assert told == [
        ("Ann", "3 wrong answers with one cause", "P01"),
        ("Ann", "0 points, far below the mean of 2.86", None),
        ("Bo", "0 points, far below the mean of 2.86", None),
    ]


@given(st.lists(st.lists(st.integers(0, 12), max_size=30), max_size=12), st.integers(1, 5))
def test_a_tally_never_counts_too_much_and_knows_by_how_much_too_little(blocks: list[list[int]], most: int) -> None:
    tally: Tally[int] = Tally(most)
    for block in blocks:
        for key in block:
            tally.add(key, 1)
        tally.limit()
    truth = Counter(key for block in blocks for key in block)
    assert tally.total == truth.total()
    assert len(tally.counts) <= 2 * most
    assert tally.missing * (most + 1) <= truth.total()
    for key, n in truth.items():
        assert tally.counts[key] <= n <= tally.counts[key] + tally.missing
    if len(truth) <= most:
        assert dict(tally.commonest()) == dict(truth)


@given(st.lists(st.tuples(st.integers(0, 9), st.text("ab", max_size=2))), st.integers(1, 4))
def test_the_foremost_are_those_of_sorting_all(entries: list[tuple[int, str]], most: int) -> None:
    first: Foremost[tuple[int, str]] = Foremost(most)
    for at in range(0, len(entries), 3):
        first.extend(entries[at : at + 3])
    assert first.first() == sorted(entries)[:most]


def test_the_dictionary_is_plain_and_names_nobody() -> None:
    import json

    told = json.dumps(found([*GUTTMAN, scored("Zoë", [0, None, F(1, 3)])]).to_dict())
    assert "Zo" not in told
    assert json.loads(told)["items"][0]["facility"] == "3/5"


def test_marks_in_finer_parts_change_nothing_for_those_before() -> None:
    """A third comes last: the low mark, 1/2, is still 1/2."""
    low = scored("Low", [F(1, 2), 0, 0])
    what = found([low, *(scored(f"s{n:02}", [1, 1, 1]) for n in range(20)), scored("Third", [1, 1, F(2, 3)])])
    assert [(talk.student, talk.reason.into("en")) for talk in what.talks] == [("Low", "0.5 points, far below the mean of 2.87")]  # fmt: skip
