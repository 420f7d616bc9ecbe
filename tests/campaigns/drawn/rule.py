"""What a rule says for the campaign: how to add random rows of its tables, whether it is there, and how to relax it.

An instance is drawn as text tables and settings, as a user would write them.
"""

import copy
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.calendar import Calendar

Tables = dict[str, dict[str, list[str]]]


class Drawn:
    """An instance while it is drawn."""

    def __init__(self, tables: Mapping[str, Mapping[str, Sequence[str]]], settings: Mapping[str, Any]) -> None:
        self.tables: Tables = {name: {one: list(cells) for one, cells in of.items()} for name, of in tables.items()}
        self.settings: dict[str, Any] = copy.deepcopy(dict(settings))

    def copy(self) -> "Drawn":
        """Another that can be changed."""
        return Drawn(self.tables, self.settings)

    def calendar(self) -> Calendar:
        """Its periods."""
        return Calendar(self.settings["start"], int(self.settings["periods"]), self.settings.get("period", "week"))

    def day(self, dice: random.Random) -> str:
        """First day of some period."""
        calendar = self.calendar()
        return str(calendar.first_day(dice.randrange(calendar.periods)))

    def ids(self, kind: str) -> list[str]:
        """Ids of `item`, `supplier`, `customer` or `location`, in the order in which tables name them."""
        homes = {"item": ("items",), "supplier": ("suppliers",), "customer": ("demand",)}
        named = [self.tables.get(home, {}).get(kind, []) for home in homes.get(kind, ("locations", "inventory"))]
        return list(dict.fromkeys(one for of in named for one in of if one)) or ["main"]

    def master(self, table: str, kind: str) -> dict[str, list[str]]:
        """The table of customers or locations, with all of them."""
        of = self.tables.setdefault(table, {kind: []})
        for one in self.ids(kind):
            if one not in of[kind]:
                for name, cells in of.items():
                    cells.append(one if name == kind else "")
        return of

    def some(self, dice: random.Random, table: str, *choices: Mapping[str, Any], share: float = 0.5) -> None:
        """Fill cells of about half the rows with one of the choices."""
        of = self.tables[table]
        count = len(next(iter(of.values())))
        for row in range(count):
            if dice.random() < share:
                for name, cell in dice.choice(choices).items():
                    of.setdefault(name, [""] * count)[row] = str(cell)

    def put(self, table: str, rows: Sequence[Mapping[str, Any]], key: Sequence[str] = ()) -> None:
        """Put a table in place; of rows with the same key the last stays."""
        kept = {tuple(row.get(name, "") for name in key) if key else k: row for k, row in enumerate(rows)}
        if not kept:
            return
        names = list(dict.fromkeys(name for row in kept.values() for name in row))
        self.tables[table] = {name: [str(row.get(name, "")) for row in kept.values()] for name in names}

    def drop(self, table: str, *columns: str) -> None:
        """Take off columns of a table, or all of it."""
        if not columns:
            self.tables.pop(table, None)
        for name in columns:
            self.tables.get(table, {}).pop(name, None)

    def has(self, table: str, *columns: str) -> bool:
        """Whether a cell of one of these columns is filled."""
        of = self.tables.get(table, {})
        return any(cell not in ("", "0", "no") for name in columns for cell in of.get(name, []))


Draw = Callable[[random.Random, Drawn], None]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        there: whether an instance has it.
        add: adds random rows; None where the random instances have it by themselves.
        freer: takes it off, or relaxes it, so that no plan can be dearer than before.
        barer: takes off what it offers, so that no plan can be cheaper than before.
    """

    there: Callable[[Drawn], bool]
    add: Draw | None = None
    freer: Draw | None = None
    barer: Draw | None = None


def cells(table: str, *columns: str) -> Callable[[Drawn], bool]:
    """Whether cells are filled."""
    return lambda drawn: drawn.has(table, *columns)


def off(*places: tuple[str, ...]) -> Draw:
    """Takes off tables, or columns of them: each a table and perhaps names of columns."""

    def take(dice: random.Random, drawn: Drawn) -> None:
        for table, *columns in places:
            drawn.drop(table, *columns)

    return take


def maybe(dice: random.Random, share: float, **choices: Sequence[Any]) -> dict[str, Any]:
    """Cells with one of the values each, or none."""
    return {name: dice.choice(values) for name, values in choices.items()} if dice.random() < share else {}
