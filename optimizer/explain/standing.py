"""Standing: a published plan, put back into its program as it stands in its files.

Orders and deliveries are held as they were published; whatever else there is follows from them at least cost. Where
the instance has changed since, that is told, and what the plan costs on the tables of today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from models.instance import Instance
from optimizer.explain.point import Point, programmed
from optimizer.explain.unexplained import Unexplained
from optimizer.read import Input
from optimizer.read.published import Published, instance_of, published
from optimizer.report.pegging import LINE, Peg, Unfollowed, pegging
from optimizer.results.memory import begun
from optimizer.solve.balance import balanced
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import Floats, Ints, Program

SECONDS = 600.0  # for what follows from the orders: mostly a moment, but a machine may be busy
SAME = 1e-6  # relative difference in cost up to which a plan costs what it says
KEPT = 1e-6  # relative violation of a row that counts as kept


@dataclass(frozen=True)
class Standing:
    """A published plan and the program in which it is a point.

    Attributes:
        source: the instance as it was read.
        plan: the plan's folder.
        point: the plan in the program.
        changed: files of the instance that are not what they were when it was planned.
    """

    source: Input
    plan: Published
    point: Point
    changed: list[str]

    def pegs(self, items: Sequence[str]) -> list[Peg]:
        """Which receipt of some items covers which demand line.

        Raises:
            Unexplained: the plan's tables do not add up.
        """
        try:
            return pegging(self.plan.tables, self.point.instance, items)
        except Unfollowed as error:
            raise Unexplained(str(error)) from None

    @property
    def notes(self) -> list[str]:
        """What whoever asks should know first."""
        told = []
        if self.changed:
            told.append(
                f"{', '.join(self.changed)} changed since this was planned: explained is the plan on the tables of now"
            )
        stated = float(self.plan.document["objective"])
        if abs(self.point.cost - stated) > SAME * max(abs(stated), 1.0):
            told.append(f"the plan says that it costs {stated:,.2f}; on these tables it costs {self.point.cost:,.2f}")
        return told


def stood(folder: Path | str, instance: Path | str | None = None) -> Standing:
    """A published plan in its program.

    Args:
        folder: of the plan.
        instance: where the instance is; default: where it was.

    Raises:
        NoEarlierPlan: the folder is no plan, or its instance is not there.
        InputFaults: the instance has faults by now.
        Unexplained: the plan breaks rules of the instance as it is now.
    """
    plan = published(folder)
    source, changed = instance_of(plan, None if instance is None else Path(instance))
    return Standing(source, plan, placed(source.instance, plan.tables), changed)


def placed(instance: Instance, tables: dict[str, pd.DataFrame]) -> Point:
    """The plan of result tables as a point of the instance's program.

    Raises:
        Unexplained: an order or delivery of it is not possible, or a rule is broken.
    """
    book, compiled = programmed(instance)
    start = begun(instance, book, None, {"purchase_orders": tables["purchase_orders"]})
    lost = start.record["orders"] - start.record["orders_found_again"]
    if lost:
        raise Unexplained(f"{lost} orders of the plan are not possible on the tables as they are now: plan again.")
    program = compiled.program
    x = np.full(program.columns, np.nan)
    for name, values in (
        ("order", start.quantity),
        ("deliver", _deliveries(Point(instance, book, compiled, x), tables)),
    ):
        columns = compiled.columns[name]
        x[columns[columns >= 0]] = values[columns >= 0]
    orders_only = np.where(np.isin(np.arange(program.columns), compiled.columns["order"]), x, np.nan)
    for held in (x, orders_only):  # where deliveries were told in another way, those that are best for the orders
        at = _completed(program, held)
        if at is not None:
            return Point(instance, book, compiled, at)
    raise Unexplained("The plan breaks rules of the instance as it is now: plan again.")


def _completed(program: Program, held: Floats) -> Floats | None:
    """The best point with some columns held; None where there is none."""
    known = ~np.isnan(held)
    at = np.clip(np.where(known, held, 0.0), program.lower, program.upper)
    inside = balanced(program.fixed(known, at))
    try:
        answer = solve(inside.program, Limits(SECONDS, 1e-9))
    except Infeasible:
        return None
    if answer.x is None:
        return None
    x = np.where(known, at, inside.point(answer.x))
    x = np.where(program.integer, np.round(x), x)
    return x if program.relative_violation(x) <= KEPT else None


def _deliveries(point: Point, tables: dict[str, pd.DataFrame]) -> Floats:
    """How much the plan delivers in each row of index set `deliveries`."""
    instance, index = point.instance, point.book.indexes["deliveries"]
    rows = tables["allocations"]
    if "delivered_item" in rows.columns:
        rows = rows[rows["delivered_item"] == ""]
    line = demand_rows(instance, rows)
    location = pd.Index(instance.labels["location"]).get_indexer(pd.Index(rows["location"]))
    period = instance.calendar.index(rows["delivery_period"].to_numpy().astype("datetime64[D]"))
    known = pd.MultiIndex.from_arrays([index[name] for name in ("line", "location", "period")])
    place = known.get_indexer(pd.MultiIndex.from_arrays([line, location, period]))
    quantity: Floats = np.zeros(len(index))
    np.add.at(quantity, place[place >= 0], rows["quantity"].to_numpy(np.float64)[place >= 0])
    return quantity


def demand_rows(instance: Instance, rows: pd.DataFrame) -> Ints:
    """The row of the demand table that each row of a result table names; -1 where it is there no longer."""
    demand = instance["demand"]
    names = ("item", "customer", "due", "kind", "location", "reference")
    known = pd.MultiIndex.from_arrays([demand.text(name) if name == "due" else demand[name] for name in names])
    found: Ints = known.get_indexer(pd.MultiIndex.from_frame(rows[list(LINE)])).astype(np.int64)
    return found
