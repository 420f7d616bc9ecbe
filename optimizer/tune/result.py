"""Result: what tuning came to, as a table, a picture's axes, and sentences; whatever it was that was tuned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from optimizer.read import Input
from optimizer.results.plan import Plan
from optimizer.solve.program import Floats


@dataclass(frozen=True)
class Axis:
    """A column of the table that the picture draws, and what it is called; `share`: as per cent; `money`: in it."""

    column: str
    label: str
    share: bool = False
    money: bool = True


@dataclass(frozen=True)
class Tuned:
    """What tuning came to.

    Attributes:
        kind: "sweep", "target", "fairness", "stability" or "decisions".
        name: the instance's.
        currency: of all money.
        points: one row for each point, in the order of the sweep, with at least the columns of both axes, `dominated`,
            `knee` and `own` (0 or 1).
        across: the axis of cost.
        up: the axis of what the cost buys; the better, the higher, but for `down`.
        down: less is better.
        sentences: what a reader should know, one each.
        document: what `tune.json` says besides.
        chosen: row of `points` whose plan and penalties are written; None for none.
        plan: that plan.
        source: the instance that it is a plan of.
        suggested: tables of that instance that are other than the planner's own, as texts.
        settings: of it, by section.
        run: what `run.json` says of how it was made.
        own_is: what the point marked `own` is.
        knee_is: what the point marked `knee` is.
    """

    kind: str
    name: str
    currency: str
    points: pd.DataFrame
    across: Axis
    up: Axis
    sentences: Sequence[str]
    document: Mapping[str, Any]
    down: bool = False
    chosen: int | None = None
    plan: Plan | None = None
    source: Input | None = None
    suggested: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    own_is: str = "your own penalties"
    knee_is: str = "the knee"

    def values(self, axis: Axis) -> Floats:
        """The figures of an axis, row by row."""
        values: Floats = self.points[axis.column].to_numpy("float64")
        return values


def suggested_tables(own: Input, other: Input, tables: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Tables of a changed instance as a planner would write them: the columns in which anything stands."""
    found = {}
    for name in tables:
        text, before = other.text[name], own.text.get(name, {})
        kept = {column: cells for column, cells in text.items() if any(cells) or any(before.get(column, ()))}
        if kept != before:
            found[name] = pd.DataFrame({column: pd.Series(cells, dtype=object) for column, cells in kept.items()})
    return found
