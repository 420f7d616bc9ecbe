"""Regressions: instances of which something was wrong once, one folder each, with the check that found it.

`case.toml` beside the tables says the check, its number (what is random about it) and what was wrong. A test replays
every folder.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.campaigns.drawn.rule import Drawn
from tests.reference.folder import read_tables, toml_text, write_instance

FOLDER = Path(__file__).parents[1] / "regressions"
CASE = "case.toml"


@dataclass(frozen=True)
class Case:
    """Which check found it, with which number, and what it said."""

    check: str
    number: int
    wrong: str


def write(folder: Path, drawn: Drawn, case: Case) -> None:
    """Write an instance with its case; whatever the folder held before is left out."""
    for path in folder.glob("*.csv"):
        path.unlink()
    write_instance(folder, drawn.tables, drawn.settings)
    text = toml_text({"check": case.check, "number": case.number, "wrong": " ".join(case.wrong.split())})
    (folder / CASE).write_text(text, encoding="utf-8")


def read(folder: Path) -> tuple[Drawn, Case | None]:
    """An instance as text, and its case where it has one."""
    settings = tomllib.loads((folder / "instance.toml").read_text(encoding="utf-8"))
    path, case = folder / CASE, None
    if path.exists():
        case = Case(**tomllib.loads(path.read_text(encoding="utf-8")))
    return Drawn(read_tables(folder), settings), case


def folders() -> list[Path]:
    """All of them."""
    return sorted(path.parent for path in FOLDER.glob(f"*/{CASE}"))
