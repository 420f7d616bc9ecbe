"""The table of docs/rules/README.md, written from the parts: what each rule is, and the files that make it.

python -m tests.rules_page      the same with lines, and the files that the commit touched which brought the rule
"""

import ast
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from models.entities import CUSTOMERS, ITEMS, LOCATIONS, SUPPLIERS
from models.part import Part
from models.parts import parts
from models.tables import Table
from tests.docs_page import DOCS

ROOT = DOCS.parent
PAGES = DOCS / "rules"
ENTITIES = (ITEMS, SUPPLIERS, LOCATIONS, CUSTOMERS)


def rules() -> dict[str, Part]:
    """The parts that have a page of their own, by name of the page."""
    named = {part.name.replace("_", "-"): part for part in parts()}
    pages = sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README")
    return {page: named[page] for page in pages}


def table() -> str:
    """Markdown: a row for each rule."""
    header = ("rule", "what it is", "tables and columns", "part", "audit")
    return _markdown(header, (_row(page, part) for page, part in rules().items()))


def measured() -> str:
    """Markdown: the files of each rule with their lines, and what its commit touched besides (needs the history)."""
    header = (
        "rule",
        "part",
        "lines",
        "tables and columns",
        "test",
        "golden LP",
        "audit",
        "commit",
        "touched",
        "of old code",
    )
    return _markdown(header, (_measured(page, part) for page, part in rules().items()))


def audits(part: Part) -> list[Path]:
    """Where a rule is judged: its own file of the audit, else those that read what only it declares."""
    own = ROOT / "optimizer/audit" / f"{part.name}.py"
    if own.is_file():
        return [own]
    names = {f'"{name.rpartition(".")[2]}"' for name in declared(part)}
    files = sorted((ROOT / "optimizer/audit").glob("*.py"))
    return [path for path in files if any(name in path.read_text(encoding="utf-8") for name in names)]


def declared(part: Part) -> list[str]:
    """Tables (`budgets`), columns of other tables (`items.shelf_life`) and settings that a rule brings."""
    plain = [one for one in parts() if one not in rules().values()]
    tables = {table.name for one in plain for table in one.needs} | {table.name for table in ENTITIES}
    columns = set(_columns((*ENTITIES, *(table for one in plain for table in one.needs))))
    found = []
    for needed in part.needs:
        if needed.name in tables:
            found += [column for column in _columns([needed]) if column not in columns]
        else:
            found.append(needed.name)
    settings = {setting for one in plain for setting in one.settings}
    return found + [f"[{one.section}] {one.name}" for one in part.settings if one not in settings]


def _columns(tables: Iterable[Table]) -> Iterator[str]:
    for one in tables:
        yield from (f"{one.name}.{column.name}" for column in one.columns)


def _row(page: str, part: Part) -> tuple[str, ...]:
    title = (PAGES / f"{page}.md").read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    files = [part_file(part)], audits(part)
    return (f"[{title}]({page}.md)", _what(part), _listed(declared(part)), *(_linked(paths) for paths in files))


def _measured(page: str, part: Part) -> tuple[str, ...]:
    path = part_file(part)
    tests = [ROOT / f"tests/{folder}/test_{part.name}.py" for folder in ("models/parts", "audit")]
    commit = _git("log", "--diff-filter=A", "--format=%h", "--", str(path)).split()[-1]
    changed = [line.split("\t") for line in _git("show", "--format=", "--name-status", commit).splitlines()]
    old = [name for status, name, *_ in changed if status == "M" and name.startswith(("models/", "optimizer/"))]
    return (
        f"`{page}`", f"`{_short(path)}`", str(_lines(path)), _listed(declared(part)),
        ", ".join(f"`{_short(test)}`" for test in tests if test.is_file()),
        f"`tests/models/golden/{part.name}.lp`",
        ", ".join(f"`{_short(audit)}` ({_lines(audit)})" for audit in audits(part)),
        commit, str(len(changed)), ", ".join(name.rpartition("/")[2] for name in old) or "none",
    )  # fmt: skip


def part_file(part: Part) -> Path:
    """Where a part is written."""
    return ROOT / "models/parts" / f"{part.name}.py"


def _what(part: Part) -> str:
    docstring = ast.get_docstring(ast.parse(part_file(part).read_text(encoding="utf-8"))) or ""
    return docstring.splitlines()[0].partition(": ")[2].rstrip(".")


def _linked(paths: Sequence[Path]) -> str:
    return ", ".join(f"[`{path.stem}`](../../{_short(path)})" for path in paths)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


if __name__ == "__main__":
    print(measured())
