"""Marginal values: that one unit more saves what was said, and so many units more each as much.

    python -m tests.campaigns.marginal_values --count 20
    python -m tests.campaigns.marginal_values --plan my-plan instances/health-supplies

Of each instance, a plan is made (or taken) and asked what a unit more is worth. Then the unit is given, in the
planner's tables: stock in a period as an open order that arrives in it, capacity, overtime and budgets in their rows;
values of other rules are counted and left. Orders are held by rows of table `overrides` as the question holds them:
none that is not planned, whole packs as planned, the others placed. The changed tables are read, compiled and solved
from nothing, as they are and with the unit, and the difference is what the unit saves; so with as many units as were
said to save as much each, where nothing but a minimum keeps an order placed.

Wrong is what differs by more than a millionth. Prints the figures as JSON; exit code 1 where anything is wrong.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.instance import Instance
from optimizer import explain, planning, read
from optimizer.explain.point import Point, programmed
from optimizer.explain.values import Worth
from optimizer.read import Input
from optimizer.read.changed import changed, with_rows
from optimizer.solve.balance import balanced
from optimizer.solve.construct import polished
from optimizer.solve.highs import Limits, solve

SAME, NOISE = 1e-6, 1e-11  # of what is saved, and of the plan's cost: so little is none
ROWS = {"supplier_capacity": ("supplier_capacity", "capacity"), "budget": ("budgets", "amount")}
INSTANCES = Path(__file__).parents[2] / "instances"
NAMES = ("item", "supplier", "location", "period")
Row = Mapping[str, str]


@dataclass(frozen=True)
class Check:
    """A value: what a unit was said to save, what it saves, and what as many as were said to save each, for one."""

    words: str
    said: float
    saves: float
    up_to: float
    each: float
    wrong: str


def checks(questions: explain.Questions, count: int, seconds: float) -> Iterator[Check | str]:
    """Each value that can be given in a table, those of rules in turn; of the others the name of the rule."""
    source, point = questions.standing.source, questions.standing.point
    rows = list(as_asked(point))
    held = with_rows(source, "overrides", [row for row in rows if len(row) > len(NAMES)])
    all_held = all(len(row) > len(NAMES) for row in rows)
    before, found = cost(held.instance, seconds), 0
    for worth in in_turn(questions.values()):
        given = with_more(held, worth, 1.0)
        if given is None:
            yield worth.named.rule
        elif found < count:
            found += 1
            saves = before - cost(given.instance, seconds)
            many = with_more(held, worth, worth.up_to)
            assert many is not None
            each = (
                saves if worth.up_to == 1.0 or not all_held else (before - cost(many.instance, seconds)) / worth.up_to
            )
            allowed = SAME * worth.saves + NOISE * abs(before)
            off = [abs(one - worth.saves) > allowed for one in (saves, each)]
            wrong = "the first unit saves another amount" if off[0] else "the others save another" if off[1] else ""
            yield Check(worth.words, worth.saves, saves, worth.up_to, each, wrong)


def in_turn(values: Sequence[Worth]) -> list[Worth]:
    """One of each rule after the other."""
    place = Counter[str]()
    order = []
    for worth in values:
        place[worth.named.rule] += 1
        order.append((place[worth.named.rule], worth.named.rule))
    return [values[k] for k in sorted(range(len(values)), key=lambda k: order[k])]


def as_asked(point: Point) -> Iterator[Row]:
    """Rows of `overrides`: no other orders, whole numbers of packs as planned, the others placed."""
    ordered = point.quantity("order")
    (of, places), smallest = point.book.parts_of["minimum_orders"], np.zeros(len(ordered))
    assert of == "orders"
    smallest[places] = point.book.values("smallest_order")
    whole = np.zeros(len(ordered), dtype=np.bool_)
    for subset in ("packed_orders", "stepped_orders"):
        whole[point.book.parts_of[subset][1]] = True
    for row in range(len(ordered)):
        about = point.about("orders", row)
        named = {name: about[name] for name in NAMES}
        if ordered[row] <= 0 or whole[row]:
            yield {**named, "quantity": repr(float(ordered[row]))}
        else:  # one without a minimum may go, with its cost, where so many units more make it needless
            yield named | ({"minimum_quantity": repr(float(smallest[row]))} if smallest[row] > 0 else {})


def with_more(source: Input, worth: Worth, units: float) -> Input | None:
    """The tables with so many units more; None where no table says how many there are."""
    about = worth.named.about
    if worth.named.rule == "stock_balance":
        supplier = str(source.instance.labels["supplier"][0])
        row = {"order": "one more", "arrival": about["period"], "quantity": repr(units), "supplier": supplier}
        return with_rows(source, "open_orders", [{**row, "item": about["item"], "location": about["location"]}])
    if worth.named.rule not in ROWS:
        return None
    name, column = ROWS[worth.named.rule]
    table, calendar = {key: list(cells) for key, cells in source.text[name].items()}, source.instance.calendar
    period = calendar.index(np.array(table["period"], dtype="datetime64[D]"))
    for k, t in enumerate(period.tolist()):
        same = all(table[key][k] == about[key] for key in ("supplier",) if key in about and key in table)
        if same and 0 <= t < calendar.periods and calendar.first_day(t) == about["period"]:
            table[column][k] = repr(float(table[column][k]) + units)
            return changed(source, {name: table})
    return None


def cost(instance: Instance, seconds: float) -> float:
    """What the best plan costs, by branch and bound on the whole, from nothing."""
    _, compiled = programmed(instance)
    inside = balanced(compiled.program)
    answer = solve(inside.program, Limits(seconds, 0.0))
    assert answer.x is not None and answer.ended == "optimal"
    exact = polished(inside.program, answer.x, seconds)
    return compiled.program.objective(inside.point(answer.x if exact is None else exact))


def main(words: Sequence[str] | None = None) -> int:
    """Run the campaign and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", type=Path, nargs="*", default=[INSTANCES / "quickstart"])
    parser.add_argument("--count", type=int, default=20, help="values of each instance (20)")
    parser.add_argument("--plan", type=Path, help="a published plan of the only instance; by default one is made")
    parser.add_argument("--time-limit", type=float, default=30.0, help="seconds for a plan (30)")
    asked = parser.parse_args(words)
    began, found, left = time.monotonic(), list[tuple[str, Check]](), Counter[str]()
    with tempfile.TemporaryDirectory() as scratch:
        for place in asked.instances:
            folder = asked.plan or Path(scratch) / place.name
            if asked.plan is None:
                planning.plan(read(place), time_limit=asked.time_limit, out=folder)
            questions = explain.opened(folder, place, 10 * asked.time_limit)
            for one in checks(questions, asked.count, 10 * asked.time_limit):
                if isinstance(one, str):
                    left[one] += 1
                    continue
                found.append((place.name, one))
                print(place.name, one, file=sys.stderr, flush=True)
    figures = summed(found, left, time.monotonic() - began)
    json.dump(figures, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 1 if figures["found"] else 0


def summed(found: Sequence[tuple[str, Check]], left: Mapping[str, int], seconds: float) -> dict[str, Any]:
    """The figures of all values."""
    shares = [abs(one.saves - one.said) / one.said for _, one in found]
    return {
        "campaign": "marginal_values",
        "count": len(found),
        "seconds": round(seconds, 1),
        "found": sum(bool(one.wrong) for _, one in found),
        "wrong": [f"{name}: {one.words}: {one.wrong}" for name, one in found if one.wrong],
        "counts": {
            **Counter(name for name, _ in found),
            "with more units than one": sum(one.up_to != 1.0 for _, one in found),
            **{f"left: {rule}": number for rule, number in left.items()},
        },
        "largest_share_by_which_one_is_off": max(shares, default=0.0),
    }


if __name__ == "__main__":
    raise SystemExit(main())
