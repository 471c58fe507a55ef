"""What names in a Python source stand for: imported modules, and constants that the module sets."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

ROOTS = {"nn": "torch.nn", "layers": "keras.layers", "keras": "keras", "tf": "tensorflow", "torch": "torch"}
"""What usual names mean in a source that does not import them."""

MAX_POWER = 64


class Scope(NamedTuple):
    """The imported names of a module, each with the dotted name that it stands for."""

    imported: dict[str, str]

    @classmethod
    def of(cls, tree: ast.Module) -> Scope:
        found = dict(ROOTS)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {(a.asname or a.name.partition(".")[0]): (a.name if a.asname else a.name.partition(".")[0]) for a in node.names}  # fmt: skip
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return cls(found)


def dotted(node: ast.expr, scope: Scope) -> str:
    """The full name of a callable, such as `torch.nn.Conv2d`; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([scope.imported.get(node.id, node.id), *reversed(parts)])


class NotLiteral(ValueError):
    """An argument that is neither a literal nor made of constants of the module."""

    def __init__(self, node: ast.expr) -> None:
        super().__init__(ast.unparse(node))
        self.node = node


class Constants(NamedTuple):
    """The values of the names that a module sets once, to literals."""

    values: dict[str, Any]

    @classmethod
    def of(cls, tree: ast.Module) -> Constants:
        constants = cls({})
        for node in tree.body:
            if (
                isinstance(node, ast.Assign)
                and len(node.targets) == 1
                and isinstance(node.targets[0], (ast.Name, ast.Tuple))
            ):
                constants.learn(node.targets[0], node.value)
        return constants

    def learn(self, target: ast.expr, value: ast.expr) -> None:
        """Remember what an assignment sets, if it is a literal."""
        try:
            found = self.value(value)
        except NotLiteral:
            return
        if isinstance(target, ast.Name):
            self.values[target.id] = found
        elif isinstance(target, ast.Tuple) and isinstance(found, tuple) and len(found) == len(target.elts):
            pairs = zip(target.elts, found, strict=True)
            self.values.update((name.id, each) for name, each in pairs if isinstance(name, ast.Name))

    def value(self, node: ast.expr) -> Any:
        """The value of an expression of literals and known names; NotLiteral for anything else."""
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name) if name in self.values:
                return self.values[name]
            case ast.Tuple(elts=elts):
                return tuple(self.value(each) for each in elts)
            case ast.List(elts=elts):
                return [self.value(each) for each in elts]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._applied(node, operator.neg, self.value(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return self._applied(node, OPERATORS[type(op)], self.value(left), self.value(right))
        raise NotLiteral(node)

    def _applied(self, node: ast.expr, function: Callable[..., Any], *values: Any) -> Any:
        """The value of an operation on numbers."""
        small = all(isinstance(value, (int, float)) and abs(value) < 2**MAX_POWER for value in values)
        if not small or (function is operator.pow and values[1] > MAX_POWER):
            raise NotLiteral(node)
        try:
            return function(*values)
        except (ArithmeticError, ValueError):
            raise NotLiteral(node) from None


OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
