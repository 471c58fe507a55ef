"""Feedback and class reports: nothing of the students' gets through as markup, pages need nothing else, lines fit."""

from __future__ import annotations

import re
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from classes import classes, item, student
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.language import LANGUAGES, Text
from cnncalc.teach.outcomes import Evidence
from cnncalc.teach.results import StudentResult
from cnncalc.teach.statistics import ClassFindings, Gathering, findings
from cnncalc.view import class_report, class_text, feedback
from cnncalc.view.harmless import harmless, markdown_literal
from cnncalc.view.width import cells

EVIL = "<script>alert(1)</script>&\"'\x1b[31m\u202e**b**`c`|[x](http://e)"
ONE = student(EVIL, [item("conv2d.params", ("wrong", 288, 0, ("P01",)), 2, EVIL, Text("288: the biases are missing"))])


EMPTY = {"meta", "br", "wbr", "line", "rect"}


class Page(HTMLParser):
    """The tags of a page, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.words = ""
        self.links: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href", "xlink:href", "style"}]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


def found(results: list[StudentResult], hide_below: int = 1) -> ClassFindings:
    names = [each.item for each in results[0].items] if results else ["a"]
    gathering = Gathering([(name, Fraction(2)) for name in names])
    gathering.add(results)
    return findings(gathering, hide_below)


def report(results: list[StudentResult], language: str = "en", **options: bool) -> Page:
    return Page(class_report.page(found(results), EVIL, language, {"exercise": EVIL}, **options))


def test_feedback_says_the_cause_and_never_more() -> None:
    good = student("Ann", [item("a", ("right", 320, 2, ()), 2, "３２０"), item("b", ("ambiguous", None, None, ()), 1, "1.234"), item("c", ("blank", None, 0, ()), 1, "")])  # fmt: skip
    assert feedback.text(good, "The MNIST CNN", "en") == (
        "The MNIST CNN\nAnn: 2 of 4 points. A person has still to decide on some answers\n\n"
        "✓ a: right, 2 of 2 points\n  Your answer: ３２０, understood as 320\n\n"
        "? b: for a person to decide, no points yet, of 1\n  Your answer: 1.234\n\n"
        "– c: blank, 0 of 1 points\n"
    )
    assert "biases are missing" in feedback.text(ONE, "t", "en")
    unclear = item("a", ("unreadable", None, 0, ()), 1, "about", Text("write one number"))  # fmt: skip
    assert feedback.text(student("Ann", [unclear]), "t", "en").count("write one number") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_need_nothing_else_and_pass_nothing_on(language: str) -> None:
    for page in (Page(feedback.html(ONE, EVIL, language)), report([ONE] * 6, language)):
        assert not {"script", "link", "img", "iframe", "object", "b"} & set(page.tags)
        assert not [link for link in page.links if "http" in link or "url" in link]
        assert "<script>" in page.words  # as letters
        assert "\x1b" not in page.words
        assert "\u202e" not in page.words


@given(st.text(max_size=300))
def test_harmless_text_is_one_line_that_can_be_seen(text: str) -> None:
    told = harmless(text)
    assert len(told) <= 200
    assert told.isprintable()
    assert harmless("a\tb\x1b[0mc\u202ed") == "a b [0mc d"


@pytest.mark.parametrize("text", ["**b**", "`c`", "[x](y)", "<b>", "a|b", "1. a", "- a", "+ a", "# a", "http://e", "www.e.f", "@you", "a_b_", "12) x", "$x$", "~~x~~"])  # fmt: skip
def test_markdown_is_taken_letter_for_letter(text: str) -> None:
    escaped = markdown_literal(text)
    assert "\\" in escaped
    assert re.sub(r"\\(.)", r"\1", escaped) == text


def test_markdown_leaves_plain_words_alone() -> None:
    assert (
        markdown_literal("3·3·32·64 = 18,432: the biases are missing.") == "3·3·32·64 = 18,432: the biases are missing."
    )


def test_the_report_tells_what_was_found() -> None:
    right = student("Bo", [item("conv2d.params", ("right", 320, 2, ()), 2)])
    words = report([ONE] * 6 + [right] * 14).words
    for told in ("20", "mean 70 %", "70 %", "288", "6 (30 %)", "P01 no bias", "conv2d.params"):
        assert told in words


def test_the_report_tells_what_right_answers_do_not_show() -> None:
    """Six of twenty have P01; all answered a question that shows it. P02 gives the right answer too."""
    right = student("Bo", [item("conv2d.params", ("right", 320, 2, ()), 2)])
    gathering = Gathering([("conv2d.params", Fraction(2))], {"conv2d.params": Evidence(frozenset({"P01"}), ("P02",))})
    gathering.add([ONE] * 6 + [right] * 14)
    words = Page(class_report.page(findings(gathering, 1), "T", "en")).words
    assert "6/20" in words
    told = words[words.index("What right answers do not show") :]
    assert "P02 input channels forgotten" in told
    assert "What right answers do not show" not in report([ONE, right]).words


def test_a_report_without_names() -> None:
    wrong = student("Zoë", [item(name, ("wrong", 288, 0, ("P01",)), 2) for name in "abc"])
    right = student("Bo", [item(name, ("right", 320, 2, ()), 2) for name in "abc"])
    assert "Zoë" in report([wrong] + [right] * 9).words
    assert "Zoë" not in report([wrong] + [right] * 9, named=False).words
    assert "Zoë" not in class_text.text(found([wrong] + [right] * 9), "t", "en")


@settings(max_examples=40)
@given(classes(most=40), st.sampled_from([5, 1]), st.sampled_from(list(LANGUAGES)), st.integers(30, 120))
def test_every_class_has_a_report(results: list[StudentResult], hide_below: int, language: str, width: int) -> None:
    what = found(results, hide_below)
    page = class_report.page(what, "t", language)
    Page(page)
    assert page == class_report.page(found(results, hide_below), "t", language)
    assert all(cells(line) <= width for line in class_text.text(what, "t", language, width).splitlines())


def test_bars_have_the_length_of_their_numbers() -> None:
    right, wrong = (student(name, [item("a", given, 2)]) for name, given in (("s", ("right", 320, 2, ())), ("t", ("wrong", 1, 0, ()))))  # fmt: skip
    lines = class_text.text(found([right] * 30 + [wrong] * 10), "t", "en", 60).splitlines()
    low, high = next(line for line in lines if "0–20 %" in line), next(line for line in lines if "80–100 %" in line)
    assert (low.count("#") * 3 - high.count("#")) in {-1, 0, 1}
    page = class_report.page(found([right] * 30 + [wrong] * 10), "t", "en")
    heights = re.findall(r'<rect class="bar" x="[^"]*" y="[^"]*" width="[^"]*" height="([^"]*)"', page)
    assert sorted(map(float, heights)) == [0, 0, 0, 56, 168]


def test_nothing_written_by_students_is_a_tag_anywhere() -> None:
    remark = Text("{answer}: the biases are missing", answer=EVIL)
    evil = student(
        EVIL, [item(name, ("wrong", "<b>x", 0, ("P01",)), 2, EVIL, remark) for name in ("<b>a", "<b>b", "<b>c")]
    )
    page = report([evil] * 5)
    assert "3 wrong answers with one cause" in page.words
    assert page.words.count("<b>x") == 3
    assert not {"b", "script"} & set(page.tags + Page(feedback.html(evil, EVIL, "en")).tags)
    assert "\x1b" not in feedback.text(evil, EVIL, "en") + class_text.text(found([evil] * 5), EVIL, "en")


def test_students_stand_on_a_sheet_of_their_own() -> None:
    wrong = student("Zoë", [item(name, ("wrong", 288, 0, ("P01",)), 2) for name in "abc"])
    page = class_report.page(found([wrong] * 5), "t", "en")
    before, _, after = page.partition('<section class="private">')
    assert ".private{break-before:page}" in before
    assert "Zoë" in after
    assert "Zoë" not in before
