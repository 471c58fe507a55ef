"""A quiz in words: the questions, what is said to an answer, the summary. Lines, at most as wide as the screen."""

from __future__ import annotations

from collections.abc import Iterator

from ..language import Text
from ..teach.diagnosing import PARTIAL, UNEXPLAINED
from ..teach.items import Item
from ..teach.misconceptions import CATALOGUE
from ..teach.plain import plain
from ..teach.questions import FeatureMap, Solve
from ..teach.quizzing import Action, Quiz, Reply, Standing
from ..teach.wording import answer, asked
from ..teach.written import said
from .feedback import SIGNS
from .harmless import harmless
from .paper import LONGEST, aligned, how, legend, matrices, network, written
from .table import Grid, fitted
from .width import GAP, fold, pad
from .working import working

MOVES: dict[str, Action] = {
    "hint": "hint",
    "提示": "hint",
    "skip": "skip",
    "跳過": "skip",
    "show": "show",
    "答案": "show",
}
"""What can be typed instead of an answer, in both languages."""
ASKING = {"?", "？", "help", "說明"}
LEAVING = {"quit", "exit", "離開"}

HELP = (
    Text("hint: what to look at next; each hint says more"),
    Text("skip: put the question off to the end; there, leave it"),
    Text("show: the answer with its arithmetic; the question then counts as not solved"),
    Text("quit: stop here"),
)

FORMS = {
    "shape": Text("a shape such as 5x5x3; None for the batch may stand before it"),
    "field": Text("a size such as 5x5, or 5 where it is square"),
    "integer": Text("a number, or how it is worked out, such as 2*3+4"),
    "real": Text("a number such as 3, -0.5 or 1/3"),
    "matrix": Text("a matrix on one line, rows parted by semicolons, such as 1 2; 3 4"),
    "formula": Text("a formula in the letters, such as 2*N + 1"),
    "truth": Text("true or false"),
    "choice": Text("a letter"),
}
"""How an answer is typed, by its kind."""
SETTING = Text("a number, or a word that the setting takes")


def opening(quiz: Quiz, width: int) -> Iterator[str]:
    """The title, the teacher's text, the network without its numbers, and what can be typed."""
    exercise = quiz.exercise
    yield from fold(harmless(said(exercise.title), LONGEST) or str(Text("Exercise")), width)
    for line in said(exercise.text).strip().splitlines():
        yield from fold(harmless(line, len(line) or 1), width)
    yield ""
    if (table := network(exercise)) is not None:
        yield from _folded(table, width)
        yield ""
    if left_out := len(exercise.items) - len([item for item in exercise.items if item.answer in FORMS]):
        yield from fold(str(Text("questions that take a file, and are not asked here: {n}", n=left_out)), width)
    words = Text("questions: {n}, points: {points}. Type an answer, or: hint, skip, show, quit; ? explains.", n=len(quiz.items), points=plain(quiz.points))  # fmt: skip
    yield from fold(str(words), width)


def _folded(table: Grid, width: int) -> Iterator[str]:
    """A table no wider than the screen; cells that are too long go on below."""
    widths = fitted(table, width)
    for number, row in enumerate([table.titles, ["-" * each for each in widths], *table.rows]):
        cells = [fold(cell, each) if number != 1 else [cell] for cell, each in zip(row, widths, strict=True)]
        for at in range(max(map(len, cells))):
            parts = (pad(cell[at] if at < len(cell) else "", each) for cell, each in zip(cells, widths, strict=True))
            yield GAP.join(parts).rstrip()


def form(item: Item) -> Text:
    """How an answer to an item is typed."""
    return SETTING if isinstance(item.question, Solve) else FORMS[item.reading]


def question(quiz: Quiz, item: Item, width: int, *, explained: bool) -> Iterator[str]:
    """One question; `explained` if it was said before how such answers are typed."""
    number = [each.id for each in quiz.items].index(item.id) + 1
    points = Text("1 point") if item.points == 1 else Text("{n} points", n=plain(item.points))
    yield ""
    yield from fold(f"{number}/{len(quiz.items)}{GAP}{harmless(str(asked(item)), LONGEST)} ({points})", width)
    key, indented = quiz.keys[item.id], width - len(GAP)
    if isinstance(item.question, FeatureMap):
        for title, matrix in matrices(item.question):
            yield from (f"{GAP}{line}" for line in (title, *aligned(matrix)))
        yield from (f"{GAP}{line}" for line in fold(str(how(item.question)), indented))
    notes = [
        legend(key.letters),
        GAP.join(f"({chr(ord('A') + at)}) {plain(each)}" for at, each in enumerate(key.options)),
        "" if explained else str(form(item)),
    ]
    yield from (f"{GAP}{line}" for note in notes if note for line in fold(note, indented))


def reply(quiz: Quiz, given: Reply, width: int) -> list[str]:
    """What is said to a move."""
    first, *more = _reply(quiz, given)
    return [*(fold(first, width) if first else []), *(f"{GAP}{line}" for each in more for line in fold(each, width - len(GAP)))]  # fmt: skip


def _reply(quiz: Quiz, given: Reply) -> Iterator[str]:
    """The verdict, then what there is to say."""
    told = given.told
    match given.kind:
        case "right" | "carried" | "partial" | "wrong":
            yield f"{'~' if given.kind == 'carried' else SIGNS[given.kind]} {_verdict(given)}"
            if told is not None and told != PARTIAL:
                yield str(TRY_AGAIN if told == UNEXPLAINED else told)
            if given.suspects:
                yield str(
                    Text("Look again at {items}: it comes again if you skip it.", items=", ".join(given.suspects))
                )
        case "unreadable" | "ambiguous":
            yield f"{SIGNS[given.kind]} {Text('not counted: {why}', why=told)}"
        case "hint":
            yield ""
            yield str(told)
        case "no hint":
            yield str(Text("There is no other hint; show gives the answer."))
            yield str(told)
        case "later":
            yield str(Text("It comes again at the end."))
        case "left":
            yield str(Text("Left open."))
        case "shown":
            key = quiz.keys[given.item.id]
            if given.item.answer == "matrix":
                yield str(Text("The answer is"))
                yield from aligned(written(key.value))
            else:
                yield str(Text("The answer is {answer}.", answer=answer(key)))
            yield from working(quiz.exercise, key)
        case _:
            yield ""


def _verdict(given: Reply) -> Text:
    """The answer as it was understood, and whether it is right."""
    echo = harmless(given.marked.understood.echo) if given.marked else ""
    match given.kind:
        case "right":
            return Text("{answer} is right.", answer=echo)
        case "partial":
            return Text("{answer}: some of the axes are right.", answer=echo)
        case "carried":
            return Text("{answer} is not right, but follows from an earlier answer of yours.", answer=echo)
    return Text("{answer} is not right.", answer=echo)


TRY_AGAIN = Text("Write down the rule, put your numbers in, and compare; hint says more.")


def summary(quiz: Quiz, width: int) -> Iterator[str]:
    """What was right at once, what later, what not; the mistakes that were met, with what to ask oneself."""
    standings = quiz.standings.values()
    counts = (
        (Text("right at once"), sum(each.at_once for each in standings)),
        (Text("right later"), sum(each.state == "right" and not each.at_once for each in standings)),
        (Text("shown"), sum(each.state == "shown" for each in standings)),
        (Text("left open"), sum(each.state == "left" for each in standings)),
        (Text("not answered yet"), sum(each.state == "open" for each in standings)),
    )
    yield ""
    yield from fold(str(Text("{score} of {max} points", score=plain(quiz.score), max=plain(quiz.points))), width)
    yield from fold(", ".join(f"{name} {n}" for name, n in counts if n), width)
    yield from _list(Text("Worth another look:"), [f"{item}: {_again(each)}" for item, each in quiz.standings.items() if _again(each)], width)  # fmt: skip
    met = [f"{code} {CATALOGUE[code].name} ({n}): {CATALOGUE[code].hint}" for code, n in quiz.met.items()]
    yield from _list(Text("Mistakes that you met, and what to ask yourself:"), met, width)
    yield from _list(Text("Right, but the same mistake gives the same number there:"), list(_doubtful(quiz)), width)


def _list(title: Text, lines: list[str], width: int) -> Iterator[str]:
    if lines:
        yield ""
        yield from fold(str(title), width)
        for line in lines:
            yield from (f"{GAP}{part}" for part in fold(line, width - len(GAP)))


def _again(standing: Standing) -> str:
    """Why a question is worth another look; nothing if it was right at once, or not tried."""
    match standing.state:
        case "right" if not standing.at_once:
            return str(Text("right; answers: {tries}, hints: {hints}", tries=standing.tries, hints=standing.hints))
        case "shown":
            return str(Text("shown"))
        case "left":
            return str(Text("left open"))
    return ""


def _doubtful(quiz: Quiz) -> Iterator[str]:
    """Questions whose right answer says nothing against a mistake that was made elsewhere."""
    for item, standing in quiz.standings.items():
        codes = [code for code in quiz.doctor.also[item] if code in quiz.met and code not in standing.codes]
        if standing.state == "right" and codes:
            yield f"{item}: {', '.join(codes)}"
