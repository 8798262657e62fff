"""The house stands as drawn. Every law is a function of sources: the house keeps it, and a made-up source that breaks it is found."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "shnor_lib"
FLOORS = [
    "workspace",
    "params",
    "inputs",
    "indicators",
    "statistics",
    "criteria",
    "office",
    "analyses",
    "whatif",
    "pages",
    "runs",
    "cli",
    "__main__",
]
"""Rooms from the ground up, one a floor; a module may import its own room and those below."""

MOST_NAMES = 14
ATTICS = {
    "utils",
    "util",
    "helpers",
    "common",
    "misc",
    "process",
    "handle",
    "manage",
    "tools",
    "base",
    "core",
    "shared",
}
SOURCES = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
MODULES = sorted(SOURCES)


def room_of(module: str) -> str:
    """Top module or package inside shnor_lib that a file belongs to."""
    return module.removesuffix(".py").split("/")[0]


def imported(source: str) -> set[str]:
    """Dotted names inside shnor_lib that a source imports, also inside functions; a name from a package counts as its module."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.removeprefix("shnor_lib.") for name in names if name.startswith("shnor_lib.")}


# --- law 1: floors ------------------------------------------------------------------------------------------------------------


def imports_upward(module: str, source: str) -> set[str]:
    """Rooms above its own that a module imports."""
    rooms = {name.split(".")[0] for name in imported(source)} & set(FLOORS)
    return {room for room in rooms if FLOORS.index(room) > FLOORS.index(room_of(module))}


@pytest.mark.parametrize("module", [name for name in MODULES if name != "__init__.py"])
def test_nothing_imports_upward(module):
    assert not imports_upward(module, SOURCES[module])


def test_an_import_upward_is_found():
    assert imports_upward("criteria/judge.py", "from shnor_lib.params.methods import Method\n") == set()
    assert imports_upward("criteria/judge.py", "def near():\n    from shnor_lib.pages import words\n") == {"pages"}
    assert imports_upward("inputs/collect.py", "import shnor_lib.runs.files\n") == {"runs"}
    assert imports_upward("params/reading.py", "from shnor_lib import office\n") == {"office"}


def test_every_module_has_its_floor_and_the_house_few_names():
    standing = {room_of(module) for module in MODULES}
    assert standing - {"__init__"} == set(FLOORS)
    assert len(standing) <= MOST_NAMES


def circles(sources: dict[str, str]) -> list[str]:
    """Modules that import each other in a circle while they are loaded, as the first names of each circle."""
    names = {module.removesuffix(".py").removesuffix("/__init__").replace("/", "."): module for module in sources}
    needs = {name: {other for other in loaded(sources[module]) if other in names} for name, module in names.items()}
    found, seen = [], set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            found.append(" → ".join((*above[above.index(name) :], name)))
        elif name not in seen:
            for other in sorted(needs[name] - {name}):
                visit(other, (*above, name))
            seen.add(name)

    for name in sorted(names):
        visit(name, ())
    return found


def loaded(source: str) -> set[str]:
    """What a source imports while it is loaded: imports inside functions and for type checkers are left out."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        ):
            node.body = [ast.Pass()]
    return imported(ast.unparse(tree))


def test_no_two_modules_need_each_other():
    packages = {module: source for module, source in SOURCES.items() if not module.endswith("__init__.py")}
    assert circles(packages) == []


def test_a_circle_is_found():
    one, other = "from shnor_lib.criteria import near\n", "from shnor_lib.criteria.judge import judge\n"
    assert circles({"criteria/judge.py": one, "criteria/near.py": other}) == [
        "criteria.judge → criteria.near → criteria.judge"
    ]
    inside = "def near():\n    from shnor_lib.criteria.judge import judge\n"
    assert circles({"criteria/judge.py": one, "criteria/near.py": inside}) == []


# --- law 1: who writes files --------------------------------------------------------------------------------------------------

WRITERS = {"runs", "cli"}
"""Rooms that may write files. Commands of ``inputs`` (template, import, collect) return contents, which ``cli`` puts in place."""
WRITING = {
    *("write_text", "write_bytes", "to_csv", "to_parquet", "to_excel", "to_pickle", "to_feather", "savefig", "tofile"),
    *("mkdir", "makedirs", "unlink", "rmdir", "removedirs", "rmtree", "touch", "symlink_to", "hardlink_to", "chmod"),
    *("mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile"),
}
MOVING = {"rename", "replace", "remove", "renames", "truncate", "write", "link", "symlink"}
"""Functions of ``os`` that change files; strings and frames have methods of the same names."""


def writes(source: str) -> list[str]:
    """The calls of a source that write, move or delete files."""
    return [ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and is_write(node)]


def is_write(call: ast.Call) -> bool:
    """Whether a call changes files."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    owner = ast.unparse(function.value) if isinstance(function, ast.Attribute) else ""
    if name in ("open", "fdopen"):
        mode = next((word.value for word in call.keywords if word.arg == "mode"), None)
        place = 1 if not owner or owner in ("os", "io", "gzip", "bz2", "lzma") else 0
        mode = mode or (call.args[place] if len(call.args) > place else ast.Constant("r"))
        return not (isinstance(mode, ast.Constant) and isinstance(mode.value, str) and set(mode.value) <= set("rbtU"))
    if name in ("rename", "replace") and any(word in owner.lower() for word in ("path", "file", "folder")):
        return True
    return name in WRITING or owner == "shutil" or (owner == "os" and name in MOVING)


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) not in WRITERS])
def test_only_the_roof_writes_files(module):
    assert writes(SOURCES[module]) == []


@pytest.mark.parametrize(
    "source",
    [
        "path.write_text('a')",
        "path.write_bytes(b'a')",
        "frame.to_csv(path)",
        "frame.to_parquet(path)",
        "open(path, 'w')",
        "open(path, mode='ab')",
        "open(path, mode)",
        "path.open('x')",
        "io.open(path, 'r+')",
        "os.replace(part, path)",
        "os.remove(path)",
        "path.rename(other)",
        "folder.mkdir(parents=True)",
        "shutil.copyfile(path, other)",
        "path.unlink()",
        "figure.savefig(path)",
    ],
)
def test_a_write_is_found(source):
    assert writes(f"def keep(path):\n    {source}\n") == [source]


@pytest.mark.parametrize(
    "source",
    [
        "open(path)",
        "open(path, 'rb')",
        "path.open(encoding='utf-8')",
        "frame.rename(columns={})",
        "name.replace('a', 'b')",
    ],
)
def test_a_read_is_no_write(source):
    assert writes(source) == []


# --- law 3: pages show --------------------------------------------------------------------------------------------------------

JUDGES = ("criteria.judge.", "criteria.measure.", "criteria.near.", "criteria.flips.", "statistics.")
"""Where verdicts, distances and statistics are made; a constant of these may be shown, a function may not be called."""


def rules_in_pages(source: str) -> set[str]:
    """Functions of the judge and of statistics that a page's source imports."""
    names = {name for name in imported(source) if name.startswith(JUDGES)}
    return {name for name in names if name.rsplit(".", 1)[-1].islower()}


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) == "pages"])
def test_no_page_judges_or_estimates(module):
    assert rules_in_pages(SOURCES[module]) == set()


def test_a_rule_in_a_page_is_found():
    assert rules_in_pages("from shnor_lib.criteria.judge import judge_all\n") == {"criteria.judge.judge_all"}
    assert rules_in_pages("def near():\n    from shnor_lib.statistics.composite import index\n")
    assert rules_in_pages("from shnor_lib.criteria.judge import MET\n") == set()


# --- no tricks, no attics -----------------------------------------------------------------------------------------------------


def separators(source: str) -> list[str]:
    """Control characters in strings: two keys glued into one string instead of standing in two columns."""
    strings = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [text for text in strings if isinstance(text, str) and any(sign in text for sign in "\x1c\x1d\x1e\x1f")]


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) not in ("inputs", "runs")])
def test_no_two_keys_are_glued_into_one(module):
    assert separators(SOURCES[module]) == []


def test_a_glued_key_is_found():
    assert separators("school = office + '\\x1f' + school\n") == ["\x1f"]


def attics(modules: list[str]) -> set[str]:
    """Modules and packages whose name says nothing of what is in them."""
    return {part for module in modules for part in module.removesuffix(".py").split("/")} & ATTICS


def test_no_attics():
    assert attics(MODULES) == set()
    assert attics(["criteria/judge.py", "criteria/utils.py", "common/rows.py"]) == {"utils", "common"}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is(module):
    assert ast.get_docstring(ast.parse(SOURCES[module])), f"{module} has no docstring"


def imports_of(source: str, package: str) -> bool:
    """Whether a source imports a package of somebody else."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return any(name.split(".")[0] == package for name in names)


def test_only_the_roof_knows_papermill():
    assert {room_of(module) for module in MODULES if imports_of(SOURCES[module], "papermill")} == {"runs"}


# --- persons: one way to the screen -------------------------------------------------------------------------------------------

SAYING = {"cli/saying.py", "runs/progress.py"}
"""Who speaks to the user: through the filter of persons."""


def speaks(source: str) -> list[str]:
    """Calls that write to the screen past the filter of persons."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        name for name in map(ast.unparse, calls) if name in ("print", "click.echo", "click.secho", "sys.stdout.write")
    ]


@pytest.mark.parametrize("module", [name for name in MODULES if name not in SAYING])
def test_nobody_speaks_past_the_filter_of_persons(module):
    assert speaks(SOURCES[module]) == []


def test_who_speaks_past_the_filter_is_found():
    assert speaks("click.echo(path)\nprint(1)\ntell(path)\n") == ["click.echo", "print"]
