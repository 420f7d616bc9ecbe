"""Stability: cost against the number of order lines that are changed from last week's plan.

Every supplier charges the same for a changed line, from next to nothing to much more than a line is worth: a sweep
of that charge (sweep.py). The charge itself is no part of the cost that is shown. What was promised is the instance's
table `last_plan`, or the orders of a plan that is named.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from models.entities import price
from optimizer.read import Input
from optimizer.read.changed import changed
from optimizer.read.earlier import read_earlier
from optimizer.tune.frontier import tuned_sweep
from optimizer.tune.groups import named, texts_of
from optimizer.tune.refused import TuneRefused
from optimizer.tune.result import Axis, Tuned
from optimizer.tune.run import Run
from optimizer.tune.sweep import Range, path, swept
from optimizer.tune.trials import Trials

KEY = ("item", "supplier", "location", "order_period", "quantity")
CHANGES = Axis("changed_lines", "order lines changed from last week's plan")
COST = Axis("cost_other", "cost without charges for changes")
LEAST, MOST = 0.01, 10.0  # of what a line of the last plan is worth: the charges at the ends


def stability(source: Input, last: Path | None, run: Run, steps: int) -> Tuned:
    """The frontier.

    Raises:
        AuditRefused: a plan failed its audit.
        InputFaults: the last plan does not fit the instance.
        NoEarlierPlan: the folder is no plan.
        TuneRefused: there is no last plan.
    """
    source = with_charge(source if last is None else with_last_plan(source, last))
    orders = source.text["last_plan"]
    group = named(source, "suppliers.change_cost")
    trials = Trials(source, [group], run)
    worth = float(np.mean([float(cell) for cell in orders["quantity"]])) * _price(source)
    one = Range(group, LEAST * worth, MOST * worth)
    points = [factors for factors in path([one], steps, "ratio")[1] if factors != (1.0,)]
    sweep = swept(trials, [factors[0] for factors in points], points)
    result = tuned_sweep(sweep)
    table = result.points.rename(columns={"varied_own": CHANGES.column, "factor": "charge"})
    table["label"] = [f"a change costs {charge:,.4g}" for charge in table["charge"]]
    table["own"], table["cost_own"] = 0, table["cost_other"]
    sentences = [
        f"{len(orders['quantity'])} order lines were promised; between {table[CHANGES.column].min():.0f} and "
        f"{table[CHANGES.column].max():.0f} of the order lines are others.",
        *result.sentences,
    ]
    return replace(result, kind="stability", points=table, up=CHANGES, across=COST, down=True, sentences=sentences)


def with_last_plan(source: Input, folder: Path) -> Input:
    """The instance with the orders of a plan for what was promised."""
    orders = read_earlier(folder)["purchase_orders"]
    table = {name: [str(cell) for cell in orders[name]] for name in KEY}
    return changed(source, {"last_plan": table})


def with_charge(source: Input) -> Input:
    """The instance in which every supplier charges 1 for a changed line."""
    if not source.text.get("last_plan"):
        raise TuneRefused(
            "there is no last plan to change: put last_plan.csv beside the tables, or name one with --last-plan"
        )
    suppliers = texts_of(source, "suppliers")
    suppliers["change_cost"] = ["1"] * len(suppliers["supplier"])
    return changed(source, {"suppliers": suppliers})


def _price(source: Input) -> float:
    """What a unit is worth, in the middle."""
    prices = price(source.instance)
    known = prices[~np.isnan(prices) & (prices > 0)]
    return float(np.median(known)) if len(known) else 1.0
