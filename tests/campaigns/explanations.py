"""Explanations: that forcing a stated alternative costs what was stated.

    python -m tests.campaigns.explanations --count 10 --seed 1
    python -m tests.campaigns.explanations --plan my-plan --count 10 --alone

So many orders, and as many demand lines, are drawn from a plan of instances/health-supplies. Asked is of an order what
it costs not to order it then; of a line, to have it in full on time, or where it is, to let it wait. Each is forced by
hand in the planner's tables and planned anew from nothing, by the road of every plan, to a gap of 0, and audited: once
with all orders that were said to stay as planned held by rows of table `overrides`, and once with the alternative
besides, by the rows that the explanation tells, or by the line's `policy` and `confirmed`. With `--alone`, branch and
bound on the changed tables' program takes the place of the road and the audit: it is quicker.

Wrong is a difference of the two plans that is not the one that was stated, by more than a millionth of it (and what is
left of their gaps); where a range was stated, one outside it; a plan as it is that saves another amount than was said;
and a plan where it was said that there is none. Prints the figures as JSON, with Ctrl-C those that there are by then;
exit code 1 where anything is wrong.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from optimizer import explain, planning, read
from optimizer.explain.choice import Choice
from optimizer.explain.line import Waiting, due_period
from optimizer.explain.neighbourhood import Neighbourhood, circles, held
from optimizer.explain.order import arrival, gate
from optimizer.explain.point import programmed
from optimizer.explain.promise import Promise, gates
from optimizer.explain.subject import demand_line, demand_name, line_at, order_name
from optimizer.read import Input, InputFaults
from optimizer.read.changed import changed, with_rows
from optimizer.solve.balance import balanced
from optimizer.solve.highs import Infeasible, Limits, solve

INSTANCE = Path(__file__).parents[2] / "instances" / "health-supplies"
SAME = 1e-6  # of a difference: two that are so near are one
CENT = 0.005  # so little is left of two gaps where both plans are proven                                     [money]
NOISE = 1e-11  # of a plan's cost: what sums of so many amounts are off by, each written with nine decimals
Row = Mapping[str, str]


@dataclass(frozen=True)
class Anew:
    """A plan made anew: its cost, how much less it may cost at most, and what broken promises cost of it [money]."""

    cost: float
    open: float
    promise: float


Planned = Callable[[Input, float], Anew | None]


@dataclass
class Case:
    """One thing that was asked, and what came of forcing it; money.

    Attributes:
        kind: `order`, `promise` or `wait`.
        asked: its name.
        around: what was free.
        stated: what the alternative costs more; None: not possible.
        exact: whether that was said to be exact; else it lies between `low` and `high`.
        forced: what it costs more where it is forced; None: no plan.
        improvement: by which the plan itself could be improved, as was said, and `improved`: as was found.
        open: what is left of the gaps of both plans.
        seconds: for the explanation.
        wrong: what is.
    """

    kind: str
    asked: str
    around: str
    stated: float | None
    exact: bool
    low: float
    high: float
    forced: float | None
    improvement: float
    improved: float
    open: float
    seconds: float
    wrong: str


def campaign(questions: explain.Questions, count: int, seed: int, seconds: float, planned: Planned) -> Iterator[Case]:
    """So many orders and so many demand lines, drawn from a plan; of lines, those that can be asked about."""
    point, random = questions.standing.point, np.random.default_rng(seed)
    orders = random.permutation(np.flatnonzero(point.quantity("order") > 0))[:count].tolist()
    lines = iter(random.permutation(point.book.indexes["lines"]["line"]).tolist())
    for row in orders:
        yield order_case(questions, int(row), planned, seconds)
        cases = (line_case(questions, int(line), planned, seconds) for line in lines)
        yield from islice((case for case in cases if case is not None), 1)


def order_case(questions: explain.Questions, row: int, planned: Planned, seconds: float) -> Case:
    """An order that is not placed."""
    point, began = questions.standing.point, time.monotonic()
    answer = questions.order(order_name(point, row), ["none"])
    took = time.monotonic() - began
    (choice,) = answer.choices
    around = circles(point, line_at(point, row).item, [arrival(point, row)], [gate(point, row)])
    near = next(near for near in around if near.words == answer.around)
    return _case("order", answer.order, choice, answer.improvement, near, questions, {}, planned, seconds, took)


def line_case(questions: explain.Questions, row: int, planned: Planned, seconds: float) -> Case | None:
    """A line in full on time, or where it is, one that waits; None where neither can be asked."""
    point, source, began = questions.standing.point, questions.standing.source, time.monotonic()
    answer = questions.line(demand_name(point, row))
    took = time.monotonic() - began
    line = demand_line(point, answer.line)
    due = due_period(point, line)
    demand = {name: list(cells) for name, cells in source.text["demand"].items()}
    for name in ("policy", "confirmed"):
        demand.setdefault(name, [""] * len(demand["item"]))
    told: Promise | Waiting
    if answer.promise is not None:
        told, choice, kind, periods = answer.promise, answer.promise.price, "promise", [due]
        demand["policy"][row] = "win"
    elif answer.wait is not None:
        told, choice, kind, periods = answer.wait, answer.wait.choice, "wait", [due, due + 1]
        demand["policy"][row], demand["confirmed"][row] = "fill", point.days[due + 1]
    else:
        return None
    around = circles(point, line.item, periods, gates(point, line.item, due))
    near = next(near for near in around if near.words == told.around)
    return _case(
        kind, answer.line, choice, told.improvement, near, questions, {"demand": demand}, planned, seconds, took
    )


def _case(
    kind: str,
    asked: str,
    choice: Choice,
    improvement: float,
    near: Neighbourhood,
    questions: explain.Questions,
    tables: Mapping[str, Mapping[str, Sequence[str]]],
    planned: Planned,
    seconds: float,
    took: float,
) -> Case:
    """Plan with the rest held, once as it is and once with the alternative forced, and compare."""
    point, difference = questions.standing.point, choice.difference
    as_it_is = with_rows(questions.standing.source, "overrides", list(held(point, near)))
    base = planned(as_it_is, seconds)
    assert base is not None
    forced = planned(with_rows(changed(as_it_is, tables), "overrides", choice.overrides), seconds)
    if forced is not None and forced.promise > base.promise + CENT:
        forced = None  # what should be kept is broken, at a price
    case = Case(
        kind,
        asked,
        near.words,
        None if difference is None else difference.cost,
        difference is not None and difference.exact,
        0.0 if difference is None else difference.low,
        0.0 if difference is None else difference.high,
        None if forced is None else forced.cost - base.cost,
        improvement,
        point.cost - base.cost,
        base.open + (0.0 if forced is None else forced.open),
        round(took, 1),
        "",
    )
    case.wrong = wrong(case, point.cost)
    return case


def by_road(source: Input, seconds: float) -> Anew | None:
    """By the road of every plan, audited; None where rules forbid it."""
    try:
        plan = planning.plan(source, gap=0.0, time_limit=seconds)
    except InputFaults:
        return None
    return Anew(plan.objective, plan.gap_money, plan.accounts.get("promise", 0.0))


def by_branch_and_bound(source: Input, seconds: float) -> Anew | None:
    """By branch and bound on the whole alone; None where rules forbid it."""
    _, compiled = programmed(source.instance)
    inside = balanced(compiled.program)
    try:
        answer = solve(inside.program, Limits(seconds))
    except Infeasible:
        return None
    assert answer.x is not None
    x = inside.point(answer.x)
    cost = compiled.program.objective(x)
    promise = sum(float(amounts.sum()) for charge, amounts in compiled.amounts(x) if charge.account == "promise")
    return Anew(cost, max(0.0, cost - answer.bound * inside.money), promise)


def wrong(case: Case, cost: float) -> str:
    """What does not agree; "" where all does."""
    noise = NOISE * abs(cost) + case.open
    if case.stated is None or case.forced is None:
        return "" if case.stated is None and case.forced is None else "possible on one side only"
    allowed = SAME * abs(case.stated) + noise
    if case.exact and abs(case.forced - case.stated) > allowed:
        return "another difference"
    if not case.low - allowed <= case.forced <= case.high + allowed:
        return "outside what was stated"
    if case.exact and abs(case.improved - case.improvement) > SAME * abs(case.improvement) + noise:
        return "the plan as it is saves another amount"
    return ""


def main(words: Sequence[str] | None = None) -> int:
    """Run the campaign and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan", type=Path, help="a published plan; by default one is made in 60 seconds")
    parser.add_argument("--instance", type=Path, default=INSTANCE)
    parser.add_argument("--time-limit", type=float, default=20.0, help="seconds for each explanation (20)")
    parser.add_argument("--plan-limit", type=float, default=120.0, help="seconds for each plan that is made anew (120)")
    parser.add_argument("--alone", action="store_true", help="make plans anew by branch and bound alone, not audited")
    asked = parser.parse_args(words)
    planned = by_branch_and_bound if asked.alone else by_road
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.plan
        if folder is None:
            folder = Path(scratch) / "plan"
            planning.plan(read(asked.instance), time_limit=60.0, out=folder)
        questions = explain.opened(folder, asked.instance, asked.time_limit)
        cases = []
        with suppress(KeyboardInterrupt):  # what there is by then
            for case in campaign(questions, asked.count, asked.seed, asked.plan_limit, planned):
                cases.append(case)
                print(json.dumps(asdict(case), ensure_ascii=False), file=sys.stderr, flush=True)
    figures = summed(cases, asked.count, asked.seed, time.monotonic() - began)
    json.dump(figures, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 1 if figures["found"] else 0


def summed(cases: Sequence[Case], count: int, seed: int, seconds: float) -> dict[str, Any]:
    """The figures of all cases."""
    told = [case for case in cases if case.stated is not None and case.forced is not None]
    exact = [case for case in told if case.exact]
    shares = [abs(c.forced - c.stated) / max(abs(c.stated), 1.0) for c in exact if c.forced is not None and c.stated]
    return {
        "campaign": "explanations",
        "count": count,
        "seed": seed,
        "seconds": round(seconds, 1),
        "found": sum(bool(case.wrong) for case in cases),
        "wrong": [f"{case.kind} {case.asked}: {case.wrong}" for case in cases if case.wrong],
        "counts": {
            "orders": sum(case.kind == "order" for case in cases),
            "lines": sum(case.kind != "order" for case in cases),
            "possible": len(told),
            "stated exactly": len(exact),
            "forced to the end": sum(case.open <= CENT for case in told),
        },
        "largest_share_by_which_an_exact_one_is_off": max(shares, default=0.0),
        "widest_range": max((case.high - case.low for case in told), default=0.0),
        "seconds_each": round(float(np.mean([case.seconds for case in cases])), 1) if cases else 0.0,
    }


if __name__ == "__main__":
    raise SystemExit(main())
