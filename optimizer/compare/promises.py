"""Promises: the customers to call, because their order is promised otherwise than in the plan before.

Of each order (a forecast has nobody to call) that both plans have:

    sooner, later   the last of it comes on another day
    short           more of it is never delivered;  covered  less of it
"""

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from optimizer.compare.horizon import calendar_of
from optimizer.compare.lines import KEY, NEVER, fares, fares_of
from optimizer.read.published import Published
from optimizer.results.plan import Plan

NAME = "promise_changes"
COLUMNS = ["change", *KEY, "quantity", "promise_before", "promise", "short_before", "short_quantity"]
TINY = 1e-6
Change = Literal["short", "covered", "later", "sooner"]


def promise_changes(before: Published, made: Plan) -> pd.DataFrame:
    """The result table `promise_changes` of a plan, since an earlier one; the worst first.

    Raises:
        NoEarlierPlan: what is named as one cannot be read, or does not say of which periods it is.
    """
    one = fares(before)
    other = fares_of(made.tables["allocations"], made.tables["backorders"], made.instance.calendar)
    both = one.index.intersection(other.index, sort=False)
    both = both[[kind == "order" for kind in both.get_level_values("kind")]] if len(both) else both
    old, new = one.loc[both], other.loc[both]
    table = pd.DataFrame(
        {
            "change": [_change(*cells) for cells in zip(*_columns(old), *_columns(new), strict=True)],
            "quantity": new["quantity"].to_numpy(dtype=float),
            "promise_before": old["promise"].to_numpy(dtype=object),
            "promise": new["promise"].to_numpy(dtype=object),
            "short_before": old["short_quantity"].to_numpy(dtype=float),
            "short_quantity": new["short_quantity"].to_numpy(dtype=float),
        },
        index=both,
    )
    cost = (new["cost"] - old["cost"]).to_numpy(dtype=float)
    kept = table["change"].to_numpy(dtype=object) != ""
    order = np.argsort(-cost[kept], kind="stable")
    found: pd.DataFrame = table[kept].iloc[order].reset_index().reindex(columns=COLUMNS)
    return found


def with_promises(made: Plan, before: Published) -> Plan:
    """The plan with the table, where anything has changed; `run.json` says since when."""
    calendar_of(before)
    changes = promise_changes(before, made)
    tables = made.tables | ({NAME: changes} if len(changes) else {})
    return replace(made, tables=tables, run=made.run | {"since": str(before.folder)})


def _columns(fares: pd.DataFrame) -> "tuple[pd.Series[float], pd.Series[str]]":
    return fares["short_quantity"], fares["promise"]


def _change(short_before: float, before: str, short: float, now: str) -> Change | Literal[""]:
    if abs(short - short_before) > TINY * (1 + short_before):
        return "short" if short > short_before else "covered"
    if before == now:
        return ""
    return "later" if (now or NEVER) > (before or NEVER) else "sooner"
