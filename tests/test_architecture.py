"""The rooms keep to their table: who imports whom, where luck and clocks may be asked for, and how files are opened."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "drillsim"

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "units": {"errors"},
    "texts": set(),
    "model": {"units", "errors"},
    "lint": {"model", "units", "errors"},
    "files": {"model", "lint", "units", "errors", "texts"},
    "log": {"units", "errors"},
    "sim": {"model", "log", "units", "errors"},
    "score": {"model", "log", "units", "errors"},
    "experiment": {"model", "log", "sim", "score", "units", "errors", "texts"},
    "report": {"model", "log", "score", "units", "errors", "texts"},
    "playback": {"model", "log", "score", "experiment", "units", "errors", "texts"},
}
DOORS = {"__init__", "__main__", "api", "cli", "plots", "studies"}  # open onto every room

ONLY_IN = {
    "simpy": {"sim"},
    "yaml": {"files"},
    "typer": {"cli"},
    "rich": {"cli", "report", "studies", "playback"},
    "joblib": {"experiment"},
}
NOT_IN = {
    room: {"numpy", "pandas", "matplotlib", "simpy"}
    for room in ("errors", "units", "texts", "model", "lint", "files", "cli")
}
INSIDE_FUNCTIONS_ONLY = {"pandas", "matplotlib", "jinja2", "pyarrow", "joblib", "scipy"}
LUCK = {
    "sim/luck.py",
    "sim/draws.py",
}  # where a stream is opened by name, and where a given stream is split for the parts of a mixture
NOT_FILES = {"webbrowser.open", "os.open"}
CLOCKS = {"now", "utcnow", "today", "perf_counter", "monotonic"}
NO_WALL_CLOCK = {"sim", "score", "log", "model"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def own_imports(tree: ast.AST, rooms: set[str]) -> Iterator[tuple[int, str]]:
    """(line, room) of every import of one of our rooms, in whatever form and wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "drillsim":
            found = [f"drillsim.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = ["drillsim." + "relative" if node.level else node.module or ""]
        else:
            continue
        for name in found:
            parts = name.split(".")
            if parts[0] == "drillsim" and len(parts) > 1 and (parts[1] in rooms or parts[1] == "relative"):
                yield node.lineno, parts[1]


def breaches(room: str, source: str) -> list[str]:
    """Imports of rooms that this room may not know; relative imports count as breaches, since they hide the room."""
    allowed = MAY_IMPORT[room] | {room}
    rooms = set(MAY_IMPORT) | DOORS - {"__init__"}
    return [
        f"line {line}: {room} imports {other}"
        for line, other in own_imports(ast.parse(source), rooms)
        if other not in allowed
    ]


def outside_imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """(statement, top-level package) of every import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node, (node.module or "").split(".")[0]


def at_import_time(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, package) of imports carried out when the module is imported: not in functions, not for type checking."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((statement.lineno, package) for statement, package in outside_imports(node))
        waiting.extend(ast.iter_child_nodes(node))


def bare_luck(source: str) -> list[str]:
    """Randomness that is not asked for by name: module ``random``, functions of ``numpy.random``, ``hash()`` and ``uuid``."""
    found = []
    tree = ast.parse(source)
    for statement, package in outside_imports(tree):
        if package in {"random", "secrets", "uuid"}:
            found.append(f"line {statement.lineno}: imports {package}")
        if isinstance(statement, ast.ImportFrom) and statement.module == "numpy.random":
            found.extend(
                f"line {statement.lineno}: numpy.random.{a.name}" for a in statement.names if a.name != "Generator"
            )
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) in {"np.random", "numpy.random"}
            and node.attr != "Generator"
        ):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hash":
            found.append(f"line {node.lineno}: hash() differs from one process to the next")
    return found


def wall_clocks(source: str) -> list[str]:
    """Places where the time of day outside the simulation is read."""
    tree = ast.parse(source)
    found = [f"line {s.lineno}: imports {p}" for s, p in outside_imports(tree) if p == "time"]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            source_of = ast.unparse(node.value).split(".")[-1]
            found += [f"line {node.lineno}: {ast.unparse(node)}"] if source_of in {"datetime", "date", "time"} else []
    return found


def without_encoding(source: str) -> list[str]:
    """Files opened as text whose encoding is left to the machine."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or any(k.arg == "encoding" for k in node.keywords):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first_argument = 0 if isinstance(node.func, ast.Attribute) else 1
        opens = called in {"open", "fdopen"} and ast.unparse(node.func) not in NOT_FILES
        as_text = opens and "b" not in mode_of(node, 1 if called == "fdopen" else first_argument)
        as_text |= isinstance(node.func, ast.Attribute) and called in {"read_text", "write_text"}
        if as_text:
            found.append(f"line {node.lineno}: {called} without encoding")
    return found


def mode_of(call: ast.Call, position: int) -> str:
    given = [k.value for k in call.keywords if k.arg == "mode"] + call.args[position : position + 1]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else "r"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_keeps_to_its_room(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    room = room_of(path)
    found = [] if room in DOORS else breaches(room, source)
    for line, package in ((s.lineno, p) for s, p in outside_imports(tree)):
        if room not in ONLY_IN.get(package, {room}) or package in NOT_IN.get(room, set()):
            found.append(f"line {line}: {room} imports {package}")
    found += [f"line {line}: {p} at import time" for line, p in at_import_time(tree) if p in INSIDE_FUNCTIONS_ONLY]
    found += without_encoding(source)
    found += [] if name_of(path) in LUCK else bare_luck(source)
    found += wall_clocks(source) if room in NO_WALL_CLOCK else []
    assert not found, f"{name_of(path)}: " + "; ".join(found)


def test_every_room_stands_in_the_table() -> None:
    rooms = {room_of(path) for path in modules()} - DOORS
    assert rooms <= set(MAY_IMPORT), f"not in the table: {sorted(rooms - set(MAY_IMPORT))}"


@pytest.mark.parametrize(
    "source",
    [
        "from drillsim.sim.run import replicate",
        "import drillsim.sim",
        "from drillsim import sim",
        "def late():\n    from drillsim.sim import run",
        "from ..sim import run",
        "from drillsim.cli import main",
    ],
)
def test_the_table_forbids_score_to_know_sim_however_it_is_written(source: str) -> None:
    assert breaches("score", source)


def test_the_table_lets_score_know_the_log_and_the_version() -> None:
    assert not breaches("score", "from drillsim.log.rows import Event\nfrom drillsim import __version__, units")


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from random import choice",
        "import numpy as np\nnp.random.default_rng(1)",
        "from numpy.random import default_rng",
        "key = hash('name')",
    ],
)
def test_luck_that_is_not_asked_for_by_name_is_found(source: str) -> None:
    assert bare_luck(source)


def test_a_generator_may_be_named_as_a_type() -> None:
    assert not bare_luck("import numpy as np\ndef draw(g: np.random.Generator) -> float: ...")


@pytest.mark.parametrize(
    "source", ["import time", "from datetime import datetime\ndatetime.now()", "import datetime as d\nd.date.today()"]
)
def test_a_wall_clock_is_found(source: str) -> None:
    assert wall_clocks(source)


@pytest.mark.parametrize(
    "source",
    [
        "open('a')",
        "open('a', 'w')",
        "path.open()",
        "path.open('w')",
        "path.read_text()",
        "path.write_text('x')",
        "os.fdopen(3, 'w')",
    ],
)
def test_text_without_its_encoding_is_found(source: str) -> None:
    assert without_encoding(source)


@pytest.mark.parametrize(
    "source", ["open('a', 'rb')", "path.open('wb')", "open('a', encoding='utf-8')", "os.fdopen(3, mode='wb')"]
)
def test_bytes_and_named_encodings_pass(source: str) -> None:
    assert not without_encoding(source)


def test_a_heavy_import_counts_only_where_it_runs_on_import() -> None:
    source = "if TYPE_CHECKING:\n    import pandas\ndef table():\n    import pandas\n    return pandas\ntry:\n    import scipy\nexcept ImportError: ..."
    assert [package for _, package in at_import_time(ast.parse(source))] == ["scipy"]


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda p: p.name)
def test_tests_open_files_with_their_encoding_too(path: Path) -> None:
    found = without_encoding(path.read_text(encoding="utf-8"))
    assert not found, "; ".join(found)
