"""Answers as students write them: what is read, what is asked back, and that nothing surprises."""

from __future__ import annotations

import doctest
import os
import pickle
import random
import time
from fractions import Fraction
from typing import Any

import pytest

from cnncalc.algebra import same
from cnncalc.expression import symbol
from cnncalc.teach.answers import KINDS, reader, understand, values
from cnncalc.teach.answers.anonymous import is_pseudonym, new_key, pseudonym

MAP = (26, 26, 32)

SHAPES = [
    *(["26x26x32", "26×26×32", "26X26X32", "26*26*32", "26,26,32", "(26,26,32)", "[26,26,32]", "２６＊２６＊３２", "２６，２６，３２", "26;26;32", "26、26、32"]),
    "26 26 32", "[26 26 32]", "26, 26, 32", "26 x 26 x 32", "26 by 26 by 32", "26乘26乘32", "26 乘以 26 乘以 32", "26✕26✕32", "26∗26∗32",
    "（26，26，32）", "{26,26,32}", "32@26x26", "32@26×26", "26x26@32", "(None, 26, 26, 32)", "(?, 26, 26, 32)", "-1x26x26x32",
    "−1×26×26×32", "batch, 26, 26, 32", "N x 26 x 26 x 32", "1x26x26x32", "Output shape: (26, 26, 32)", "答案：26×26×32。", "= 26x26x32",
    "H=26, W=26, C=32", "高26寬26深32", "26x26x32 channels", "TensorShape([None, 26, 26, 32])", "`26x26x32`", " 26x26x32\n", "026x26x32",
]  # fmt: skip


@pytest.mark.parametrize("text", SHAPES)
def test_a_shape_in_every_spelling(text: str) -> None:
    assert understand(text, "shape", rank=3)[:2] == ("read", MAP)


@pytest.mark.parametrize(
    ("text", "rank", "expected"),
    [
        ("1600", 1, (1600,)),
        ("(1600,)", 1, (1600,)),
        ("(None, 10)", 1, (10,)),
        ("1x10", 1, (10,)),
        ("1x10", 2, (1, 10)),
        ("1x28x28", None, (1, 28, 28)),  # no rank, no batch
        ("7,128", 3, (7, 128)),
        ("12.5x12.5x32", 3, (Fraction(25, 2), Fraction(25, 2), 32)),  # a size that nobody rounded
        ("torch.Size([32, 26, 26])", 3, (32, 26, 26)),  # channels first is for the marker to see
        ("-3x5x8", 3, (-3, 5, 8)),
        ("0x0x8", 3, (0, 0, 8)),
    ],
)
def test_shapes_that_are_something_else(text: str, rank: int | None, expected: Any) -> None:
    assert understand(text, "shape", rank=rank)[:2] == ("read", expected)


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("1,600", 1),  # 1600, or 600 in a batch of one?
        ("1 600", 1),
        ("1,024x10", 2),
        ("26x26,128", 3),
        ("1.024x10", 2),
        ("26x26x32 or 24x24x32", 3),
        ("about 26x26x32", 3),
        ("26*26*32 = 21632", 3),
        ("C=32, H=26, W=26", 3),
    ],
)
def test_shapes_to_ask_about(text: str, rank: int) -> None:
    assert understand(text, "shape", rank=rank).verdict == "ambiguous"


@pytest.mark.parametrize("text", ["26x26xNone", "26x26x", "26-26-32", "abc", "26x2 6x32", "26²x32", "x".join("1234567890")])  # fmt: skip
def test_no_shapes(text: str) -> None:
    assert understand(text, "shape", rank=3).verdict == "unreadable"


INTEGERS = {
    "32": 32, "３２": 32, "18,496": 18496, "18 496": 18496, "18_496": 18496, "18'496": 18496, "１８，４９６": 18496, "1,199,882": 1199882,
    "0": 0, "007": 7, "-5": -5, "−5": -5, "ー5": -5, "+5": 5, "320.": 320, "320。": 320, "18.0": 18, "18,496.0": 18496,
    "320 params": 320, "320個": 320, "18,496 個參數": 18496, "1199882 parameters": 1199882, "320 MACs": 320, "320次": 320, "1.5 KiB": 1536,
    "= 320": 320, "答案：320": 320, "答案320": 320, "Answer: 320": 320, "the answer is 320": 320, "params = 320": 320, "共 320 個": 320,
    "3*3*32*64+64": 18496, "(3×3×32+1)×64": 18496, "3x3x32x64+64": 18496, "3·3·32·64+64": 18496, "3²·32·64+64": 18496,
    "3*3*32*64+64 = 18,496": 18496, "３＊３＊３２": 288, "2^10": 1024, "28/2": 14, "floor(27/2)": 13, "26×26×32": 21632,
    "1.8e4": 18000, "1.8×10^4": 18000, "12k": 12000, "1.2M": 1200000, "1.234k": 1234, "2 million": 2000000,
    "120萬": 1200000, "119萬9882": 1199882, "1.5億": 150000000, "3千": 3000,
    "三百二十": 320, "一萬八千四百九十六": 18496, "十二": 12, "二十": 20, "一百零五": 105, "兩千": 2000, "三千零二": 3002, "零": 0, "二〇二六": 2026,
    "12.5": Fraction(25, 2), "27/2": Fraction(27, 2), "0.500": Fraction(1, 2),
}  # fmt: skip


@pytest.mark.parametrize("text", ["6", "６", "6 pixels", "6x6", "(6, 6)"])
def test_a_receptive_field_of_one_number_is_square(text: str) -> None:
    assert understand(text, "field", rank=2).value == (6, 6)


def test_a_product_where_one_axis_is_asked_is_for_a_person_to_decide() -> None:
    """12*12*64 of Flatten may be 9216, worked out, or a map that stayed a map."""
    assert understand("12*12*64", "shape", rank=1).verdict == "ambiguous"
    assert understand("12x12x64", "shape", rank=1).value == (12, 12, 64)
    assert understand("12*12*64", "shape", rank=3).value == (12, 12, 64)


@pytest.mark.parametrize("text", INTEGERS)
def test_an_integer_in_every_spelling(text: str) -> None:
    assert understand(text, "integer")[:2] == ("read", INTEGERS[text])


@pytest.mark.parametrize(
    "text",
    [
        *(
            [
                "1.234",
                "1.234.567",
                "10,5",
                "0,123",
                "26,26,32",
                "26;26;32",
                "1,84,96",
                "1.20E+06",
                "1.2345k",
                "三百二",
                "三萬二",
                "约320",
            ]
        ),
        *(
            [
                "about 320",
                "320 or 330",
                "約320",
                "~320",
                "320?",
                "320 左右",
                "320或330",
                "3*3 = 10",
                "18, 496",
                "12 34",
                "1.5 MB",
                "8 KB",
                "1.3 KiB",
            ]
        ),
    ],
)
def test_integers_to_ask_about(text: str) -> None:
    found = understand(text, "integer")
    assert found.verdict == "ambiguous"
    assert found.value is None
    assert str(found.note)


@pytest.mark.parametrize("text", ["None", "3½", "½", "①②", "1e99", "9" * 41, "26x26x", "__import__('os')", "9^9^9^9", "((((9^16)^16)^16)^16)^16", "3萬2", "1/0", "x", "(" * 400, "萬", "億萬"])  # fmt: skip
def test_no_integers(text: str) -> None:
    assert understand(text, "integer").verdict == "unreadable"


REALS = {
    "0.5": Fraction(1, 2), ".5": Fraction(1, 2), "−0.25": Fraction(-1, 4), "1.234": Fraction(1234, 1000), "1/3": Fraction(1, 3), "98": 98,
    "50%": Fraction(1, 2), "98.5 ％": Fraction(985, 1000), "1e-3": Fraction(1, 1000), "1,234.5": Fraction(12345, 10), "1,234,567": 1234567,
    "0.1": Fraction(1, 10), "accuracy = 0.98": Fraction(98, 100),
}  # fmt: skip


@pytest.mark.parametrize("text", REALS)
def test_reals_are_exact(text: str) -> None:
    assert understand(text, "real")[:2] == ("read", REALS[text])


@pytest.mark.parametrize("text", ["1,5", "1,234", "0.5 or 0.6", "1.234,5"])
def test_reals_to_ask_about(text: str) -> None:
    assert understand(text, "real").verdict == "ambiguous"


@pytest.mark.parametrize("text", ["[[1,2],[3,4]]", "1 2; 3 4", "1,2;3,4", "1 2\n3 4", "（１，２；３，４）", "[1 2; 3 4]", "((1, 2), (3, 4))", "[[1, 2],\n [3, 4]]"])  # fmt: skip
def test_a_matrix_in_every_spelling(text: str) -> None:
    assert understand(text, "matrix")[:2] == ("read", ((1, 2), (3, 4)))


def test_other_matrices() -> None:
    assert understand("[[0.5, -1], [1/2, 3]]", "matrix").value == ((Fraction(1, 2), -1), (Fraction(1, 2), 3))
    assert understand("1 2 3", "matrix").value == ((1, 2, 3),)
    assert understand("1,5 2,5", "matrix").verdict == "ambiguous"
    for text in ("[[1,2],[3]]", "a b", "[[[1]]]", "[]"):
        assert understand(text, "matrix").verdict == "unreadable"


TRUTHS = {
    True: ["yes", "Y", "true", "TRUE", "T", "對", "是", "正確", "O", "Ｏ", "○", "✓", "v", "Yes.", "是的。", "對。"],
    False: [
        "no",
        "N",
        "false",
        "F",
        "錯",
        "否",
        "不是",
        "不對",
        "不正確",
        "X",
        "×",
        "✗",
        "❌",
        "No!",
        "錯，應該是12x12",
    ],
}


@pytest.mark.parametrize(("value", "text"), [(value, text) for value, texts in TRUTHS.items() for text in texts])
def test_true_and_false(value: bool, text: str) -> None:  # noqa: FBT001 - a parameter of a test
    assert understand(text, "truth")[:2] == ("read", value)


def test_truths_to_ask_about() -> None:
    assert understand("true or false", "truth").verdict == "ambiguous"
    assert understand("對，錯", "truth").verdict == "ambiguous"
    for text in ("0", "1", "對不對", "not true", "maybe"):
        assert understand(text, "truth").verdict == "unreadable"


@pytest.mark.parametrize("text", ["B", "b", "Ｂ", "(B)", "B.", "選B", "答案：B", "B. 26x26x32", "Ⓑ"])
def test_choices(text: str) -> None:
    assert understand(text, "choice", names="ABCD")[:2] == ("read", "B")


def test_choices_to_ask_about() -> None:
    for text in ("A, C", "AB", "A or B", "A和B"):
        assert understand(text, "choice", names="ABCD").verdict == "ambiguous"
    for text in ("E", "Apple", "26x26"):
        assert understand(text, "choice", names="ABCD").verdict == "unreadable"
    assert understand("②", "choice", names="123").value == "2"


@pytest.mark.parametrize(
    "text", ["K*K*C*F+F", "(K²·C + 1)·F", "params = K^2*C*F + F", "KxKxCxF+F", "F(KKC+1)", "Ｋ＊Ｋ＊Ｃ＊Ｆ＋Ｆ"]
)
def test_formulas(text: str) -> None:
    k, c, f = map(symbol, "KCF")
    found = understand(text, "formula", names=("K", "C", "F"))
    assert found.verdict == "read"
    assert same(found.value, (k * k * c + 1) * f)  # type: ignore[arg-type]


def test_no_formulas() -> None:
    for text in ("(H-3)/2", "K +", "exec('1')", "a+" * 120 + "a"):
        assert understand(text, "formula").verdict == "unreadable"
    assert understand("F = 2 = 3", "formula").verdict == "ambiguous"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", "  ", "　", "-", "____", "?", "N/A", "不知道", "\ufeff", "''"])
def test_blank(text: str, kind: str) -> None:
    assert understand(text, kind).verdict == "blank"


@pytest.mark.parametrize("kind", KINDS)
def test_long_answers_are_not_read(kind: str) -> None:
    assert understand("1" * 501, kind).verdict == "unreadable"


def test_what_was_understood_is_echoed() -> None:
    assert understand("(None, 1024, 26, 32)", "shape").echo == "1024×26×32 (without the batch axis)"
    assert understand("1199882 params", "integer").echo == "1,199,882 (without “params”)"
    assert understand("3*3*32*64+64", "integer").echo == "3*3*32*64+64 = 18,496"
    assert understand("−0.125", "real").echo == "-0.125"
    assert "1234 or 1.234" in understand("1.234", "integer").echo
    assert doctest.testmod(values).failed == 0


def test_a_reader_of_one_kind() -> None:
    read = reader("shape", rank=1)
    assert [read(text).value for text in ("18", "018", "(18,)")] == [(18,)] * 3
    with pytest.raises(ValueError, match="labels"):
        reader("labels")
    assert pickle.loads(pickle.dumps(understand("1.234", "integer"))) == understand("1.234", "integer")


def test_pseudonyms() -> None:
    import base64
    import hashlib
    import hmac

    told = pseudonym("王小明", "key")
    by_hand = base64.b32encode(hmac.new(b"key", "王小明".encode(), hashlib.sha256).digest()).decode().lower()
    check = base64.b32encode(hmac.new(b"key", by_hand[:12].encode(), hashlib.sha256).digest()).decode().lower()
    assert told == by_hand[:12] + check[:4]
    assert is_pseudonym(told, "key")
    assert not any(is_pseudonym(name, key) for name, key in ((told, "other"), ("elizabethann", "key"), (told[:15], "key"), ("", "key")))  # fmt: skip
    assert told == pseudonym(" 王小明 ", "key") != pseudonym("王小明", "another")
    assert pseudonym("b09901001", "key") == pseudonym("ｂ０９９０１００１", "key")
    assert len({pseudonym(str(number), "key") for number in range(10_000)}) == 10_000
    assert new_key() != new_key()
    with pytest.raises(ValueError, match=r"^$"):
        pseudonym("x", "")


PIECES = [*"0123456789", *"xX×*,;.:=+-−ー/^%()[]{}@?~' \t\n_kM萬億百十三零乘約或對錯ＡＢ１２，．（²½①∞", "None", "and", "or", "params", "1,024", "\ud800", "\0", "\U0001f600", "e9", "floor(", "max(", "\\frac{", "𝟑", "ﷺ"]  # fmt: skip


def hostile(dice: random.Random) -> str:
    """Signs that answers are made of, thrown together, or any characters at all."""
    if dice.random() < 0.3:
        return "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randrange(40)))
    long = dice.random() < 0.02
    return "".join(dice.choices(PIECES, k=dice.randrange(260 if long else 16)))


def test_no_text_surprises() -> None:
    """CNNCALC_FUZZ=1000000 makes it a million texts."""
    dice = random.Random(int(os.environ.get("CNNCALC_SEED", "6")))
    slow = []
    for number in range(int(os.environ.get("CNNCALC_FUZZ", "20000"))):
        text, kind = hostile(dice), KINDS[number % len(KINDS)]
        start = time.thread_time()
        found = understand(text, kind, rank=3, names="ABCD" if kind == "choice" else ())
        if time.thread_time() - start > 0.001:
            slow.append((text, kind))
        assert found.verdict in {"read", "blank", "ambiguous", "unreadable"}
        assert (found.value is not None) == (found.verdict == "read")
        assert isinstance(found.echo, str)
    for text, kind in slow:  # a single slow run may be the machine's
        assert min(seconds(text, kind) for _ in range(7)) < 0.001, (text, kind)


@pytest.mark.parametrize("text", ["1+" * 249, "(" * 500, "1 " * 250, "[" * 250 + "]" * 250, "x" * 500, "1x" * 250, "一" * 500, "3萬" * 250, "(9^16)^16" * 50, "H=1" * 160, "9,999" * 100, "ﷺ" * 500, "not " * 125, "A,B" * 160, "1,5 " * 125, "a=" * 250, "答案" * 250, "9" * 500, "9 " * 40 + "x", "-" * 499 + "1"])  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_no_text_takes_a_millisecond(text: str, kind: str) -> None:
    assert min(seconds(text, kind) for _ in range(9)) < 0.001


def seconds(text: str, kind: str) -> float:
    start = time.thread_time()
    understand(text, kind, rank=3)
    return time.thread_time() - start
