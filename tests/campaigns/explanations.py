"""Explanations: that forcing a stated alternative costs what was stated.

    python -m tests.campaigns.explanations --count 10 --seed 1
    python -m tests.campaigns.explanations --plan my-plan --count 10

So many orders and demand lines are drawn from a plan of instances/health-supplies. For each order the next best is
asked for (not ordering it then); for each line what it costs to have it in full on time, or where it is, to let it
wait. Each is then forced by hand in the planner's tables, and the changed instance is decided anew from nothing: the
alternative by the rows of table `overrides` that the explanation tells, or by the line's `policy` and `confirmed`;
everything that was said to stay as planned, by rows of `overrides` that hold its orders.

A contradiction is a forced plan below what was said to be possible, a proven bound above what was stated, or two proven
costs that differ. Prints the figures as JSON; exit code 1 on a contradiction.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.instance import Instance
from optimizer import explain, planning, read
from optimizer.explain.choice import Choice
from optimizer.explain.line import due_period
from optimizer.explain.neighbourhood import Neighbourhood, around
from optimizer.explain.order import gate
from optimizer.explain.point import Point, programmed
from optimizer.explain.promise import gates
from optimizer.explain.subject import demand_line, demand_name, line_at, order_name
from optimizer.read import Input
from optimizer.read.changed import changed, with_rows
from optimizer.solve.balance import balanced
from optimizer.solve.highs import Limits, solve

INSTANCE = Path(__file__).parents[2] / "instances" / "health-supplies"
NEAR = 1e-7  # of the plan's cost: two costs that are so near are one
Row = Mapping[str, str]


@dataclass
class Case:
    """One thing that was asked, and what came of forcing it; money.

    Attributes:
        kind: `order`, `promise` or `wait`.
        asked: its name.
        stated: what the alternative costs more; `low` and `high`: between what it was said to lie.
        forced: what it costs more where it is forced; `proven`: no less.
        improvement: by which the plan itself could be improved there, as was said.
        seconds: for the explanation.
    """

    kind: str
    asked: str
    stated: float | None
    low: float
    high: float
    forced: float | None
    proven: float
    improvement: float
    seconds: float
    agrees: bool


def campaign(questions: explain.Questions, count: int, seed: int, seconds: float) -> Iterator[Case]:
    """So many orders and so many demand lines, drawn from a plan."""
    point, random = questions.standing.point, np.random.default_rng(seed)
    orders = np.flatnonzero(point.quantity("order") > 0)
    for row in random.choice(orders, min(count, len(orders)), replace=False).tolist():
        yield order_case(questions, int(row), seconds)
    lines = point.book.indexes["lines"]["line"]
    for row in random.choice(lines, min(count, len(lines)), replace=False).tolist():
        case = line_case(questions, int(row), seconds)
        if case is not None:
            yield case


def order_case(questions: explain.Questions, row: int, seconds: float) -> Case:
    """An order that is not placed."""
    point, began = questions.standing.point, time.monotonic()
    answer = questions.order(order_name(point, row), ["none"])
    took = time.monotonic() - began
    (choice,) = answer.choices
    near = around(point, [line_at(point, row).item], [gate(point, row)])
    source = with_rows(questions.standing.source, "overrides", [*choice.overrides, *held(point, near, {row})])
    return _case("order", answer.order, choice, answer.improvement, source, point.cost, seconds, took)


def line_case(questions: explain.Questions, row: int, seconds: float) -> Case | None:
    """A line in full on time, or where it is, one that waits; None where neither is possible."""
    point, source, began = questions.standing.point, questions.standing.source, time.monotonic()
    answer = questions.line(demand_name(point, row))
    took = time.monotonic() - began
    line = demand_line(point, answer.line)
    demand = {name: list(cells) for name, cells in source.text["demand"].items()}
    if answer.promise is not None:
        choice, kind, improvement = answer.promise.price, "promise", answer.promise.improvement
        due = due_period(point, line)
        near = around(point, [line.item], gates(point, line.item, due))
        demand["policy"][row] = "win"
    elif answer.wait is not None:
        choice, kind, improvement = answer.wait.choice, "wait", answer.wait.improvement
        near = around(point, [line.item], [])
        demand["policy"][row], demand["confirmed"][row] = "fill", point.days[due_period(point, line) + 1]
    else:
        return None
    forced = with_rows(changed(source, {"demand": demand}), "overrides", list(held(point, near, set())))
    return _case(kind, answer.line, choice, improvement, forced, point.cost, seconds, took)


def held(point: Point, near: Neighbourhood, but: set[int]) -> Iterator[Row]:
    """Rows of `overrides` for all orders that stay as planned."""
    ordered, columns = point.quantity("order"), point.compiled.columns["order"]
    for row in range(len(ordered)):
        if row not in but and columns[row] >= 0 and not _may_move(point, near, row):
            about = point.about("orders", row)
            yield {
                **{name: about[name] for name in ("item", "supplier", "location", "period")},
                "quantity": repr(float(ordered[row])),
            }


def _may_move(point: Point, near: Neighbourhood, row: int) -> bool:
    """Whether an order line is free: the line itself, and whether it is placed."""
    place = int(point.compiled.columns["place"][row])
    return bool(near.free[place]) if place >= 0 else False


def _case(
    kind: str, asked: str, choice: Choice, improvement: float, source: Input, cost: float, seconds: float, took: float
) -> Case:
    """Force it, and compare."""
    if choice.difference is None:
        return Case(kind, asked, None, 0.0, 0.0, None, 0.0, improvement, took, True)
    base, difference, near = cost - improvement, choice.difference, NEAR * abs(cost)
    found, bound = solved(source.instance, seconds)
    forced, proven = None if found is None else found - base, bound - base
    # What is stated is between the best of both sides; a base that is not proven may be beaten, down to its bound.
    least = difference.low if difference.low > 0 else difference.cost - difference.high
    agrees = proven <= difference.cost + near and (forced is None or forced >= least - near)
    if difference.exact and forced is not None and forced - proven <= near:
        agrees = agrees and abs(forced - difference.cost) <= near
    return Case(
        kind, asked, difference.cost, difference.low, difference.high, forced, proven, improvement, took, agrees
    )


def solved(instance: Instance, seconds: float) -> tuple[float | None, float]:
    """Cost and bound of an instance, by branch and bound on the whole, from nothing."""
    _, compiled = programmed(instance)
    inside = balanced(compiled.program)
    answer = solve(inside.program, Limits(seconds, 1e-10))
    cost = None if answer.x is None else compiled.program.objective(inside.point(answer.x))
    return cost, answer.bound * inside.money


def main(words: Sequence[str] | None = None) -> int:
    """Run the campaign and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan", type=Path, help="a published plan; by default one is made")
    parser.add_argument("--instance", type=Path, default=INSTANCE)
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each plan and each explanation")
    asked = parser.parse_args(words)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.plan
        if folder is None:
            folder = Path(scratch) / "plan"
            planning.plan(read(asked.instance), time_limit=asked.time_limit, out=folder)
        questions = explain.opened(folder, asked.instance, asked.time_limit)
        cases = []
        for case in campaign(questions, asked.count, asked.seed, asked.time_limit):
            cases.append(case)
            print(json.dumps(asdict(case)), file=sys.stderr, flush=True)
    figures = summed(cases, asked.count, asked.seed, time.monotonic() - began)
    json.dump(figures, sys.stdout, indent=2)
    print()
    return 1 if figures["found"] else 0


def summed(cases: Sequence[Case], count: int, seed: int, seconds: float) -> dict[str, Any]:
    """The figures of all cases."""
    told = [case for case in cases if case.stated is not None and case.forced is not None]
    exact = [case for case in told if case.high - case.low <= max(0.01, NEAR * abs(case.high))]
    return {
        "campaign": "explanations",
        "count": count,
        "seed": seed,
        "seconds": round(seconds, 1),
        "found": [asdict(case) for case in cases if not case.agrees],
        "orders": sum(case.kind == "order" for case in cases),
        "lines": sum(case.kind != "order" for case in cases),
        "possible": len(told),
        "exact": len(exact),
        "largest_difference_of_exact": max(
            (abs(c.forced - c.stated) for c in exact if c.forced and c.stated), default=0
        ),
        "widest_range": max((case.high - case.low for case in told), default=0.0),
        "seconds_each": round(float(np.mean([case.seconds for case in cases])), 1) if cases else 0.0,
    }


if __name__ == "__main__":
    raise SystemExit(main())
