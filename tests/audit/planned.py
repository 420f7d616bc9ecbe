"""Plans of small instances, published and audited: how the audit of a rule is tried on what the model decides.

    plan = planned(tmp_path, sourcing=[{"unit_cost": 2, "lead_time": 1}], demand=[{"due": 1, "quantity": 10}])
    assert plan.violations() == []
    plan.cell("purchase_orders.csv", 2, "quantity", "9")

Rows are those of `tests.models.solved.instance`: cells left out have the usual name or the default. Where no sourcing
is said, nothing can be ordered in time.
"""

import csv
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from unittest.mock import patch

import pandas as pd

from models import schema
from models.tables import Kind
from optimizer import planning
from optimizer.audit import audit
from optimizer.crossroads import chosen_road
from optimizer.read import Input, read
from optimizer.results.plan import Plan
from optimizer.solve.engine import Engine
from optimizer.write.folder import write_folder
from tests.models.solved import MONDAY, PLAIN, USUAL, day
from tests.solve.in_process import InProcess

_PLANNED: dict[str, tuple[Input, Plan, Path]] = {}  # many tests change a plan of the same instance


@dataclass
class Planned:
    """A plan that was published, and what it is a plan of."""

    source: Input
    plan: Plan
    folder: Path

    def violations(self, **changed: dict[str, list[str]]) -> list[str]:
        """The rules that the plan as it stands breaks; with tables of the instance put in place of its own."""
        tables, written = {**self.source.text, **changed}, planning.dates_as_written(self.source)
        for name, columns in written.items():
            for column, cells in columns.items():  # of rows that are added, as they are
                columns[column] = [*cells, *tables.get(name, {}).get(column, [])[len(cells) :]]
        found = audit(tables, self.source.settings_text, self.folder, written=written)
        return sorted({violation.rule for violation in found})

    def rows(self, file: str) -> list[list[str]]:
        """Header and rows of a file."""
        with (self.folder / file).open(encoding="utf-8", newline="") as opened:
            return list(csv.reader(opened))

    def cell(self, file: str, row: int, column: str, value: str) -> None:
        """Change a cell; `row` as an editor counts it."""
        rows = self.rows(file)
        rows[row - 1][rows[0].index(column)] = value
        self._write(file, rows)

    def add(self, file: str, row: list[str]) -> None:
        """Add a row at the end; the record of the run, whose totals would give it away, is taken off."""
        self._write(file, [*self.rows(file), row])
        (self.folder / "run.json").unlink(missing_ok=True)

    def _write(self, file: str, rows: list[list[str]]) -> None:
        with (self.folder / file).open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened, lineterminator="\n").writerows(rows)


def planned(
    folder: Path, *, periods: int = 4, settings: Mapping[str, Any] | None = None, **tables: Sequence[Mapping[str, Any]]
) -> Planned:
    """Plan an instance to optimality and publish it, audited."""
    usual: dict[str, Sequence[Mapping[str, Any]]] = {"items": [PLAIN], "suppliers": [{}], "inventory": [{}]}
    given = {**usual, "sourcing": [{"unit_cost": 2, "lead_time": 99}], **tables}
    head = {"name": "small", "start": MONDAY.isoformat(), "periods": periods, "solve": {"gap": 0.0, "time_limit": 600}}
    asked = {**head, **(settings or {})}
    frames = {name: framed(name, rows) for name, rows in given.items()}
    key = repr((asked, given))
    if key not in _PLANNED:
        source = read(frames, settings=asked)
        with patch.object(planning, "Engine", InProcess), tables_only():
            plan = planning.plan(source, out=Path(_plans().name) / str(len(_PLANNED)))
        assert plan.status == "optimal"
        _PLANNED[key] = source, plan, Path(_plans().name) / str(len(_PLANNED))
    source, plan, published = _PLANNED[key]
    shutil.copytree(published, folder / "plan")
    own = replace(source, settings_text=dict(source.settings_text))  # some tests change the settings
    return Planned(own, plan, folder / "plan")


@cache
def _plans() -> "TemporaryDirectory[str]":
    return TemporaryDirectory()


def tables_only() -> AbstractContextManager[object]:
    """Within it plans are published without what is for people, which takes longer than all the rest."""
    module = import_module("optimizer.write.publish")  # the package has a function of that name
    return patch.object(module, "write_folder", lambda plan, folder, pages: write_folder(plan, folder, pages=False))


def decided_as_a_whole(**tables: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an instance is not planned lot by lot where it has lots enough; then its plan is made, and audited.

    It must cost what it costs in the plain formulation, and its bound must not be above that.
    """
    usual: dict[str, Sequence[Mapping[str, Any]]] = {"items": [PLAIN], "suppliers": [{}], "inventory": [{}]}
    frames = {name: framed(name, rows) for name, rows in {**usual, **tables}.items()}
    head = {"name": "small", "start": MONDAY.isoformat(), "periods": 4, "solve": {"gap": 0.0, "time_limit": 600}}
    source = read(frames, settings=head)
    if chosen_road("auto", source.instance, 1).lots is not None:
        return False
    asked, engine = planning.settled(source), cast(Engine, InProcess())
    auto = planning.make(source, asked, engine, lambda progress: None, lots_from=1)
    plain = planning.make(source, replace(asked, formulation="plain"), engine, lambda progress: None)
    with TemporaryDirectory() as folder, tables_only():
        planning.publish_plan(source, auto, Path(folder) / "plan")
    slack = 1e-6 * max(1.0, abs(plain.objective))
    assert plain.status == "optimal" and abs(auto.objective - plain.objective) <= slack
    assert auto.bound <= plain.objective + slack
    return True


def framed(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as the table that a planner would hand in."""
    table = schema.tables()[name]
    columns = {}
    for column in table.all_columns:
        usual = USUAL.get(column.name, "") if column.required else ""
        cells = [row.get(column.name, usual) for row in rows]
        if column.kind is Kind.DATE:
            cells = [day(cell) if isinstance(cell, int) else cell for cell in cells]
        columns[column.name] = [str(cell) for cell in cells]
    return pd.DataFrame(columns)
