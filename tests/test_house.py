"""The rules of the house, checked by machine; each check is shown to be able to fail."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from strategies import FIELDS

from cnncalc.layers import FAMILIES, HOME
from cnncalc.layers import kind as kind_of

PACKAGE = Path(__file__).parents[1] / "cnncalc"
MODULES = sorted(PACKAGE.rglob("*.py"))

MAY_IMPORT = {
    "language": set(),
    "arithmetic": {"language"},
    "errors": {"language"},
    "expression": {"arithmetic"},
    "window": {"arithmetic", "language"},
    "algebra": {"algebra", "arithmetic", "errors", "expression", "language"},
    "layers": {"arithmetic", "errors", "language", "layers", "window"},
    "architecture": {"arithmetic", "architecture", "errors", "expression", "language", "layers"},
    "opinion": {"arithmetic", "language"},  # what every witness says, so it sees no rules
    "interop": {"architecture", "arithmetic", "errors", "interop", "language", "layers", "opinion"},
    "witness": {
        "architecture",
        "errors",
        "language",
        "layers",
        "opinion",
        "witness",
    },  # no rules: neither derive nor window
    "derive": {
        "algebra",
        "arithmetic",
        "architecture",
        "derive",
        "errors",
        "expression",
        "language",
        "layers",
        "window",
    },
    "feasible": {"arithmetic", "derive", "errors", "expression", "language"},
    "search": {
        "algebra",
        "arithmetic",
        "architecture",
        "derive",
        "errors",
        "expression",
        "language",
        "layers",
        "search",
    },
    "reach": {"architecture", "derive", "opinion", "window"},
    "verify": {"arithmetic", "derive", "language", "opinion", "reach"},  # no witness: it only compares
    "demos": {"architecture", "demos", "derive", "errors", "language", "witness"},
    "teach": {
        "algebra",
        "architecture",
        "arithmetic",
        "derive",
        "errors",
        "expression",
        "feasible",
        "language",
        "layers",
        "search",  # places of numbers
        "teach",
        "verify",
        "window",
        "witness",  # of which confirm.py knows alone
    },
    "view": {
        "algebra",
        "arithmetic",
        "demos",
        "derive",
        "errors",
        "expression",
        "language",
        "opinion",
        "search",
        "teach",
        "verify",
        "view",
        "witness",
    },
    "face": {"architecture", "derive", "layers", "view"},
    "cli": {
        "architecture",
        "cli",
        "demos",
        "derive",
        "errors",
        "feasible",
        "interop",
        "language",
        "search",
        "teach",
        "verify",
        "view",
        "witness",
    },
    "__main__": {"cli"},
}
"""Who may import whom; everything else is refused. `__init__` gives out the public names on demand."""

SHARED_BY_FAMILIES = {"axes", "base", "fields", "lora", "over_axes", "recurrence", "settings"}

INSIDE = {
    "architecture/files.py": "the one reader that the file needs",
    "architecture/json_toml.py": "YAML's positions, when a JSON file has a fault",
    "interop/open.py": "the one reader that the file needs",
    "derive/__init__.py": "diagnosis, when a network fails",
    "derive/summary.py": "domains, when a network has symbols",
    "view/columns.py": "domains, when a network has symbols",
}
"""Modules besides cli, __init__ and the kind table that import parts of the package inside functions."""


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imports(path: Path) -> set[str]:
    """The parts of this package that a module names in its import statements."""
    here = path.relative_to(PACKAGE).parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = here[: len(here) - node.level]
            target = (*base, *(node.module or "").split("."))
            found.add(target[0] or here[0])
    return found


def imports_inside(path: Path) -> bool:
    """Whether a function of the module imports a part of this package."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return any(isinstance(node, ast.ImportFrom) and node.level for f in functions for node in ast.walk(f))


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_point_downwards(path: Path) -> None:
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if part != "__init__":
        assert imports(path) <= MAY_IMPORT[part]


def test_the_import_check_can_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "layers" / "conv.py"
    wrong.parent.mkdir()
    wrong.write_text("def f():\n    from ..derive import derive\n")
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    assert not imports(wrong) <= MAY_IMPORT["layers"]
    assert imports_inside(wrong)


def test_teaching_asks_the_witness_in_one_place() -> None:
    asking = {relative(path) for path in (PACKAGE / "teach").rglob("*.py") if "witness" in imports(path)}
    assert asking == {"teach/confirm.py"}


@pytest.mark.parametrize("family", FAMILIES)
def test_families_do_not_import_each_other(family: str) -> None:
    tree = ast.parse((PACKAGE / "layers" / f"{family}.py").read_text(encoding="utf-8"))
    named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 1}
    assert named <= SHARED_BY_FAMILIES


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_parts_are_imported_at_the_top(path: Path) -> None:
    name = relative(path)
    if not name.startswith(("cli/", "__init__")) and name not in INSIDE:
        assert not imports_inside(path)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_modules_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_only_the_command_line_prints() -> None:
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        assert "print" not in calls, path


@pytest.mark.parametrize("name", HOME)
def test_every_kind_lives_where_the_table_says(name: str) -> None:
    assert kind_of(name).__module__ == f"cnncalc.layers.{HOME[name]}"
    assert kind_of(name).kind() == name


def test_no_kind_is_missing_from_the_table() -> None:
    from cnncalc.layers.base import Layer

    modules = {import_module(f"cnncalc.layers.{family}") for family in FAMILIES}
    classes = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    layers = {cls for cls in classes if issubclass(cls, Layer) and cls.__module__ in {m.__name__ for m in modules}}
    final = {cls.__name__ for cls in layers if not cls.__subclasses__()}
    assert final == set(HOME)


@pytest.mark.parametrize("name", HOME)
def test_every_kind_builds(name: str) -> None:
    kind_of(name).model_rebuild(force=True)
    assert kind_of(name).model_json_schema()["properties"]


@pytest.mark.parametrize("name", HOME)
def test_every_field_can_be_drawn(name: str) -> None:
    assert set(kind_of(name).model_fields) <= set(FIELDS)


HEAVY = {"matplotlib", "numpy", "PIL", "sympy", "rich", "torch", "keras", "h5py", "safetensors", "tomllib", "html",
         "pandas", "polars", "pyarrow", "openpyxl"}  # fmt: skip
ELSEWHERE = {
    "cnncalc.algebra.domain",
    "cnncalc.architecture.json_toml",
    "cnncalc.architecture.schema",
    "cnncalc.demos",
    "cnncalc.derive.closed_form",
    "cnncalc.derive.conventions",
    "cnncalc.derive.diagnose",
    "cnncalc.derive.diff",
    "cnncalc.derive.explain",
    "cnncalc.derive.limits",
    "cnncalc.derive.reconcile",
    "cnncalc.derive.remedies",
    "cnncalc.face",
    "cnncalc.feasible",
    "cnncalc.interop.frameworks",
    "cnncalc.opinion",
    "cnncalc.reach",
    "cnncalc.search",
    "cnncalc.teach",
    "cnncalc.verify",
    "cnncalc.view.budget",
    "cnncalc.view.closed_form",
    "cnncalc.view.data",
    "cnncalc.view.domain",
    "cnncalc.view.difference",
    "cnncalc.witness",
    "cnncalc.view.keras",
    "cnncalc.view.markup",
}
"""Parts of the package that a table of a valid YAML file does not need."""


def loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter holds after running `code`."""
    probe = f"{code}\nimport sys; sys.stderr.write('LOADED ' + ' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    return set(run.stderr.split("LOADED ")[1].split())


SUMMARY = "import cnncalc.cli; from cnncalc.cli.app import run; assert run(['summary', 'examples/mnist_cnn.yaml']) == 0"


def test_summary_loads_nothing_that_it_does_not_need() -> None:
    found = loaded(SUMMARY)
    assert not found & (HEAVY | ELSEWHERE)
    families = {name.removeprefix("cnncalc.layers.") for name in found if name.startswith("cnncalc.layers.")}
    needed = {"inputs", "conv", "pool", "dropout", "dense"}
    assert families == needed | {"axes", "base", "fields", "least", "lora", "settings", "spec"}


def test_a_quiz_loads_no_sheets_and_no_library_of_screens() -> None:
    found = loaded(
        "import io, sys; sys.stdin = io.StringIO(); from cnncalc.cli.app import run; assert run(['quiz', 'examples/exercises/mnist_cnn.yaml']) == 0"
    )
    assert not found & (HEAVY - {"html"})
    assert not {name for name in found if name.startswith(("cnncalc.teach.answers.sheets", "cnncalc.teach.statistics"))}


def test_searching_loads_numpy_for_columns_alone() -> None:
    assert not loaded("import cnncalc.search.case, cnncalc.search.where, cnncalc.search.ranges") & HEAVY
    assert "numpy" in loaded("import cnncalc.search.columns")


def test_the_probe_can_fail() -> None:
    assert "html" in loaded("import html")


def test_importing_the_package_loads_none_of_it() -> None:
    assert {name for name in loaded("import cnncalc") if name.startswith("cnncalc")} == {"cnncalc"}


def test_public_names_are_there() -> None:
    import cnncalc

    assert sorted(cnncalc.__all__) == cnncalc.__all__
    for name in cnncalc.__all__:
        assert getattr(cnncalc, name) is not None
