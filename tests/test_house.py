"""The laws of the house that no ready-made tool checks (docs/reasons/001-one-package.md).

Each check is a function over source text or files, so that a planted fault can show that it sees one.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import warnings
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "lastmetre"
PURE = {"reading", "planning", "papers", "scenarios", "terms.py"}
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "services", "managers", "signals"}
ONLY_USERS = {
    "python_calamine": {"reading"},
    "xlrd": {"reading"},
    "ortools": {"planning"},
    "pyvrp": {"planning"},
    "highspy": {"planning"},
    "typst": {"papers"},
    "zxingcpp": {"papers"},
    "xlsxwriter": {"papers", "scenarios"},  # scenarios imitate the workbooks that platforms export
}
"""The folders that may import a workbook parser, a solver, a typesetter, a workbook writer (law 3)."""


def ours(*endings: str) -> Iterator[Path]:
    """Walk the project's own files: all that .gitignore does not name."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().split()] + [".git"]
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not any(fnmatch(name, sign) for sign in ignored))
        for name in sorted(names):
            if name.endswith(endings) and not any(fnmatch(name, sign) for sign in ignored):
                yield Path(folder, name)


def place(path: Path) -> str:
    """Name a file by its path in the project."""
    return path.relative_to(ROOT).as_posix()


def faults(check: Callable[[str], list[str]], paths: Iterator[Path]) -> list[str]:
    """Run a check of one source text over many files."""
    return [f"{place(path)}:{fault}" for path in paths for fault in check(path.read_text(encoding="utf-8"))]


# Sizes and names


def test_files_warn_over_400_lines_and_fail_over_500() -> None:
    written = [path for path in ours(".py", ".typ", ".js", ".html") if path.parent.name != "migrations"]
    sizes = {place(path): len(path.read_bytes().splitlines()) for path in written}
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # a warning here is said, no error
        for name, lines in sizes.items():
            if lines > 400:
                warnings.warn(f"{name} has {lines} lines: split it before it reaches 500", stacklevel=1)
    assert {name: lines for name, lines in sizes.items() if lines > 500} == {}


def long_functions(source: str) -> list[str]:
    """Find functions of 60 lines or more."""
    return [
        f"{node.lineno}: {node.name} has {lines} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) >= 60
    ]


def test_functions_stay_under_60_lines() -> None:
    assert long_functions("def f():\n" + "    x = 1\n" * 59)
    assert not long_functions("def f():\n" + "    x = 1\n" * 58)
    assert faults(long_functions, ours(".py")) == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [
        place(path) for path in ours(".py") if NAMES_THAT_SAY_NOTHING & set(path.with_suffix("").parts)
    ] == []


# Architecture


def test_every_folder_with_modules_is_a_package_so_that_import_linter_sees_it() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [place(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


PLANTED = {
    "kitchen/__init__.py": "",
    "reading/planted.py": "from lastmetre.papers import planted",
    "papers/planted.py": "import urllib.request",
    "terms.py": "from lastmetre.cli import planted",
    "ground/places/planted.py": "from lastmetre.ground.people import planted",
    "ground/people/planted.py": "",
    "planning/one.py": "from lastmetre.planning import two",
    "planning/two.py": "from lastmetre.planning import one",
}
FOUND = [
    "- lastmetre.kitchen",
    "lastmetre.reading is not allowed to import lastmetre.papers",
    "lastmetre.papers is not allowed to import urllib",
    "lastmetre.terms is not allowed to import lastmetre.cli",
    "lastmetre.ground.places is not allowed to import lastmetre.ground.people",
    "No cycles are allowed in lastmetre.planning",
]


def test_import_linter_finds_what_is_planted(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    folders = [".", "cli", "web", "chain", "ground", "reading", "planning", "papers", "scenarios"]
    folders += [f"ground/{app}" for app in ("goods", "people", "places", "journal", "protection")]
    relay = (
        "ledger",
        "orders",
        "allocation",
        "purchase",
        "transport",
        "gate",
        "sorting",
        "doorstep",
        "settlement",
    )
    folders += [f"chain/{app}" for app in relay]
    empty = [f"{folder}/__init__.py" for folder in folders]
    for name, source in {**dict.fromkeys([*empty, "cli/planted.py"], ""), **PLANTED}.items():
        path = tmp_path / "lastmetre" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    lint = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    run = subprocess.run(lint, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    said = " ".join(run.stdout.split())
    assert run.returncode == 1
    assert [sentence for sentence in FOUND if sentence not in said] == []


def imported(source: str) -> set[str]:
    """Return the top-level names of all imported packages."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.split(".")[0] for name in names}


def trespasses(folder: str, source: str) -> list[str]:
    """Find parsers, solvers and typesetters that another folder has to itself."""
    return [name for name in sorted(imported(source) & ONLY_USERS.keys()) if folder not in ONLY_USERS[name]]


def test_parsers_solvers_and_typesetters_stay_in_their_folder() -> None:
    assert trespasses("cli", "from xlsxwriter import Workbook\nimport click") == ["xlsxwriter"]
    assert trespasses("papers", "import xlsxwriter.worksheet") == []
    for path in PACKAGE.rglob("*.py"):
        folder = path.relative_to(PACKAGE).parts[0]
        assert trespasses(folder, path.read_text(encoding="utf-8")) == [], place(path)


def clocks(source: str) -> list[str]:
    """Find readings of the time of day; `time.monotonic` may bound a search."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.alias(name="time", asname=str()):
                found.append(f"{node.lineno}: time under another name")
            case ast.ImportFrom(module="time", names=names):
                found += [
                    f"{node.lineno}: {one.name} from time" for one in names if "monotonic" not in one.name
                ]
            case ast.Attribute(value=ast.Name(id="time"), attr=name) if "monotonic" not in name:
                found.append(f"{node.lineno}: time.{name}")
            case ast.Attribute(attr="now" | "utcnow" | "today" as name):
                found.append(f"{node.lineno}: {name}")
    return found


@pytest.mark.parametrize(
    "planted",
    [
        "time.time()",
        "import time as t",
        "from time import monotonic, localtime",
        "date.today()",
        "datetime.datetime.now(datetime.UTC)",
    ],
)
def test_a_planted_clock_is_found(planted: str) -> None:
    assert clocks(planted)


def test_the_pure_folders_read_no_clock() -> None:
    assert not clocks("import time\nfrom time import monotonic\ntime.monotonic_ns()")
    pure = (path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] in PURE)
    assert faults(clocks, pure) == []


# What is written about the project


def unexplained(project: str) -> list[str]:
    """Find dependencies of a pyproject.toml without a reason in a comment on their line."""
    table = tomllib.loads(project)
    wanted = [*table["build-system"]["requires"], *table["project"]["dependencies"]]
    for extra in table["project"].get("optional-dependencies", {}).values():
        wanted += extra
    lines = project.splitlines()
    return [name for name in wanted if not any(f'"{name}"' in line and "# " in line for line in lines)]


def test_every_dependency_says_what_it_is_for() -> None:
    planted = '[build-system]\nrequires = []\n[project]\ndependencies = [\n"a>=1", # wanted\n"b",\n]\n'
    assert unexplained(planted) == ["b"]
    assert unexplained((ROOT / "pyproject.toml").read_text(encoding="utf-8")) == []


MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:home|root|tmp|work|mnt|Users|var/tmp)/\w|\b[A-Z]:\\\w")


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert MACHINE_PATH.search("see " + "/root" + "/notes.txt")
    assert MACHINE_PATH.search("C:" + "\\Users")
    assert not MACHINE_PATH.search("docs/home/steward.md, ../tmp/x")
    texts = ours(".py", ".md", ".toml", ".yaml", ".typ", ".po", ".txt", ".csv", ".json", "Makefile", "run")
    assert [place(path) for path in texts if MACHINE_PATH.search(path.read_text("utf-8", "replace"))] == []
