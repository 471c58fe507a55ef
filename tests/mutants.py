"""Rules broken on purpose: every small change of a rule's syntax tree, compiled and put into place.

A rule is a function, or a number of a class, that output shapes, weights or MACs follow from. What is changed where
stands in `others`: signs, constants, comparisons, terms left out, neighbours that change places, and so on.
"""

from __future__ import annotations
import __future__

import ast
import inspect
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

FLIPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Mod: ast.FloorDiv,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
RENAMED = {"maximum": "minimum", "minimum": "maximum", "max": "min", "min": "max", "prod": "sum", "sum": "prod"}
ANNOTATIONS = __future__.annotations.compiler_flag
SYMMETRIC = {"_is", "_maximum", "_minimum", "max", "maximum", "min", "minimum"}
"""Calls whose arguments may change places."""

SHORT = (ast.Attribute, ast.Constant, ast.Name, ast.Slice, ast.UnaryOp)
"""What says little by itself, and is told with what stands around it."""

OUTSIDE = {
    "needs demands demand asked": "what must hold: no number follows from it",
    "reading _reading reads pattern _is_whole _span _inputs _way start fixed then": "which inputs are read: receptive fields alone",
    "kind positional keeps words least arity": "what a file may say, before a rule is asked",
    "rank channels_first": "what a layer is, which the witness reads too",
}  # fmt: skip
"""Names in a class that are no rules of shape, weights or MACs."""

NO_RULE = {name for names in OUTSIDE for name in names.split()}


class Mutant(NamedTuple):
    """One change; it is made by giving an attribute another value."""

    name: str
    """Where, and what became what."""
    rule: Any
    """The code of the rule, or the class that holds the number."""
    owner: Any
    attribute: str
    value: Any

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The rules as they are with this change, everywhere where they are called."""
        right = getattr(self.owner, self.attribute)
        setattr(self.owner, self.attribute, self.value)
        try:
            yield
        finally:
            setattr(self.owner, self.attribute, right)


def mutants(module: str) -> list[Mutant]:
    """All mutants of the rules in a module of the package, such as `layers.conv`."""
    live = import_module(f"cnncalc.{module}")
    tree = ast.parse(inspect.getsource(live))
    found = [mutant for node in tree.body for mutant in _of_statement(node, live, module)]
    seen: Counter[str] = Counter()
    for number, mutant in enumerate(found):
        seen[mutant.name] += 1
        if seen[mutant.name] > 1:
            found[number] = mutant._replace(name=f"{mutant.name} ({seen[mutant.name]})")
    return found


def _of_statement(node: ast.stmt, owner: Any, path: str) -> Iterator[Mutant]:
    """The mutants of a definition, or of a number that is given a name."""
    match node:
        case ast.ClassDef(name=name, body=body):
            for inner in body:
                yield from _of_statement(inner, vars(owner)[name], f"{path}.{name}")
        case ast.FunctionDef(name=name) if name not in NO_RULE and not _is_validator(node):
            yield from _of_function(node, _function(vars(owner)[name]), f"{path}.{name}")
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value)
        ):
            for change, code in _changes(ast.Expression(value)) if _is_number(node, name) else ():
                yield Mutant(f"{path}.{name}: {change}", owner, owner, name, eval(code, vars(_module(owner))))


def _is_validator(node: ast.FunctionDef) -> bool:
    """Whether it looks at fields before there is a layer, or writes for people."""
    return node.name.startswith("__") or any("valid" in ast.unparse(each) for each in node.decorator_list)


def _is_number(node: ast.Assign | ast.AnnAssign, name: str) -> bool:
    """Whether a name stands for a number, or in a class for names of weights; a field is neither."""
    match node:
        case ast.Assign(value=ast.Constant(value=int())) | ast.AnnAssign(value=ast.Call(func=ast.Name(id="frozenset"))):
            return name not in NO_RULE
        case ast.AnnAssign(annotation=annotation, value=ast.Constant()):
            return name not in NO_RULE and "ClassVar" in ast.unparse(annotation)
    return False


def _module(owner: Any) -> ModuleType:
    return owner if isinstance(owner, ModuleType) else import_module(owner.__module__)


def _function(member: Any) -> FunctionType:
    """The function behind a property or a class method."""
    found: FunctionType = getattr(member, "fget", None) or getattr(member, "__func__", member)
    return found


def _of_function(node: ast.FunctionDef, function: FunctionType, path: str) -> Iterator[Mutant]:
    alone = ast.Module([ast.FunctionDef(node.name, node.args, node.body, [], lineno=1, col_offset=0)], [])
    for change, code in _changes(alone):
        (inner,) = (each for each in code.co_consts if isinstance(each, CodeType))
        yield Mutant(f"{path}: {change}", function.__code__, function, "__code__", inner)


def _changes(whole: ast.Module | ast.Expression) -> Iterator[tuple[str, CodeType]]:
    """What became what, and the whole compiled with it; the tree is afterwards as before."""
    mode = "exec" if isinstance(whole, ast.Module) else "eval"
    for holder, key, old, shown in list(_places(whole)):
        before = _told(shown)
        for new in others(old):
            holder[key] = new
            after = _told(new if shown is old else shown)
            if after != before:
                code = compile(ast.fix_missing_locations(whole), "<mutant>", mode, ANNOTATIONS, dont_inherit=True)
                yield f"{before} -> {after}", code
            holder[key] = old


def _told(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split()) or "nothing"


def _places(node: ast.AST, around: ast.AST | None = None) -> Iterator[tuple[Any, Any, ast.AST, ast.AST]]:
    """Everything that may be changed: what holds it, under which key, itself, and the expression to tell it by."""
    for name, value in ast.iter_fields(node):
        if (isinstance(node, ast.FunctionDef) and name != "body") or name in {"annotation", "ctx"}:
            continue
        for key, child in enumerate(value) if isinstance(value, list) else [(name, value)]:
            if not isinstance(child, ast.AST) or _no_number(node, name, key, child):
                continue
            shown = around if isinstance(child, SHORT) and around else child
            if not (isinstance(node, ast.Call) and name == "func"):  # a method's name is no number
                yield value if isinstance(value, list) else vars(node), key, child, shown
            yield from _places(child, shown if isinstance(child, ast.expr) else None)


def _no_number(node: ast.AST, name: str, key: Any, child: ast.AST) -> bool:
    """Texts, refusals, questions of type, the reading among the facts, and the taps of a spread that keeps the size."""
    match child:
        case ast.Assert() | ast.Raise() | ast.Expr(ast.Constant()) | ast.keyword(arg="strict"):
            return True
        case ast.If(body=[ast.Return(ast.Constant(None))]):
            return True
        case ast.Call(func=ast.Name(id="isinstance")) | ast.UnaryOp(
            ast.Not(), ast.Call(func=ast.Name(id="isinstance"))
        ):
            return True
    match node:
        case ast.Call(func=ast.Name(id="Facts")):
            return name == "args" and key == 1
        case ast.Call(func=ast.Name(id="Spread"), args=[*_, ast.Name(id="SAME")]):
            return name == "args" and key in {0, 2}
    return False


def others(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a part of a rule; numbers and symbols stay apart."""
    match node:
        case ast.BoolOp() | ast.IfExp() | ast.If() | ast.comprehension() if _asks_type(node):
            return
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=str(value)):
            yield ast.Constant(value + "?")
        case ast.BinOp(left, ast.FloorDiv(), right):  # rounded up instead
            yield _minus(ast.BinOp(_minus(left), ast.FloorDiv(), right))
        case ast.BinOp(left, ast.Mult(), right) if isinstance(left, (ast.List, ast.Tuple)):  # as often as a switch says
            yield left
        case ast.BinOp(left, ast.BitOr(), right):
            yield from (left, right)
        case ast.BinOp(left, operator, right):
            yield ast.BinOp(left, FLIPPED[type(operator)](), right)
            yield from (left, right)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.Compare(left, [operator], [right]):
            yield ast.Compare(left, [FLIPPED[type(operator)]()], [right])
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(FLIPPED[type(operator)](), values)
            yield from values
        case ast.IfExp(test, then, otherwise):
            yield ast.IfExp(test, otherwise, then)
            yield from (then, otherwise)
        case ast.If(test, body, otherwise):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, otherwise)
        case ast.comprehension(target, iterated, tests) if tests:
            yield ast.comprehension(target, iterated, [ast.UnaryOp(ast.Not(), tests[0]), *tests[1:]], 0)
            yield ast.comprehension(target, iterated, tests[1:], 0)
        case ast.Dict([], []):
            yield ast.Dict([ast.Constant("?")], [ast.Tuple([], ast.Load())])
        case ast.Dict(keys, values):
            yield from (ast.Dict(_without(keys, i), _without(values, i)) for i in range(len(keys)))
        case ast.Set(elements) if len(elements) > 1:
            yield from (ast.Set(_without(elements, i)) for i in range(len(elements)))
        case ast.Tuple([], ast.Load()):
            yield ast.Tuple([ast.Constant(1)], ast.Load())
        case ast.Tuple(elements, ast.Load()):
            yield from (ast.Tuple(_without(elements, i), ast.Load()) for i in range(len(elements)))
            yield from (ast.Tuple(_swapped(elements, i), ast.Load()) for i in range(len(elements) - 1))
        case ast.Slice(lower, upper) if lower or upper:
            yield from (ast.Slice(*ends) for ends in {(None, upper), (lower, None)} - {(lower, upper)})
        case ast.Call():
            yield from _other_calls(node)
        case ast.Attribute(value=ast.Name(id="self"), attr=name) if name not in NO_RULE:
            yield from (_one_more(node), ast.UnaryOp(ast.Not(), node))
        case ast.Return(ast.Name() | ast.Call() | ast.Attribute() as value):
            yield from (
                ast.Return(_one_more(value)),
                ast.Return(ast.Subscript(value, ast.Slice(ast.Constant(1)), ast.Load())),
            )
        case ast.AugAssign() | ast.Assign(targets=[ast.Subscript()]):
            yield ast.Pass()


def _other_calls(node: ast.Call) -> Iterator[ast.expr]:
    """Another function, arguments that change places, a keyword less."""
    name = _told(node.func)
    if name in RENAMED:
        yield ast.Call(ast.Name(RENAMED[name], ast.Load()), node.args, node.keywords)
    if name == "ceildiv":  # rounded down instead
        yield ast.BinOp(node.args[0], ast.FloorDiv(), node.args[1])
    if name not in SYMMETRIC:
        yield from (ast.Call(node.func, _swapped(node.args, i), node.keywords) for i in range(len(node.args) - 1))
    for i, keyword in enumerate(node.keywords):
        if keyword.arg != "strict":
            yield ast.Call(node.func, node.args, _without(node.keywords, i))


def _asks_type(node: ast.BoolOp | ast.IfExp | ast.If | ast.comprehension) -> bool:
    """Whether it is decided by a type."""
    match node:
        case ast.BoolOp(values=asked) | ast.comprehension(ifs=asked):
            return any("isinstance" in _told(each) for each in asked)
    return "isinstance" in _told(node.test)


def _one_more(node: ast.expr) -> ast.expr:
    return ast.BinOp(node, ast.Add(), ast.Constant(1))


def _minus(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), node)


def _without(parts: list[Any], place: int) -> list[Any]:
    return [*parts[:place], *parts[place + 1 :]]


def _swapped(parts: list[Any], place: int) -> list[Any]:
    return [*parts[:place], parts[place + 1], parts[place], *parts[place + 2 :]]
