"""Stock: what the page's chart shows of each item and location, and what is at risk.

At risk is whatever in the horizon runs below its safety stock, keeps customers waiting, or is never delivered.
"""

from typing import Any

import numpy as np
import pandas as pd

from optimizer.report.page.embed import Names, codes, numbers
from optimizer.results.plan import Plan

FIGURES = ("on_hand", "demand", "open_receipts", "new_receipts", "transfers_in", "backlog", "short")
AT_STAKE = ("backorder", "shortage", "safety_stock")
MOST_NUMBERS = 300_000
TINY = 1e-6


def stock(plan: Plan, names: Names, frame: pd.DataFrame) -> dict[str, Any]:
    """The stock projection, those items and locations first at which most money is at stake.

    Args:
        plan: the plan.
        names: places of ids in the page's lists.
        frame: its projection.

    Returns:
        Of every item and location: `item` and `location` (places in the page's lists), `safety` (its safety stock),
        `now` (on hand at the end of the first period), `cover` (periods which that lasts; None where no demand comes),
        `lowest` (stock at the end of a period), `below` (periods below the safety stock), `first` (the first period at
        risk, or -1), `late`, `never` (quantities), `stake` [money].
        `figures`: by name, a list of numbers by period for each, or 0 where all of them are. `total`: how many.
    """
    periods = plan.instance.calendar.periods
    count = len(frame) // periods
    grids = {name: frame[name].to_numpy(dtype=float).reshape(count, periods) for name in (*FIGURES, "safety_stock")}
    pairs = frame.iloc[::periods][["item", "location"]].reset_index(drop=True) if count else frame[["item", "location"]]
    stake = _stake(plan, pairs)
    order = np.lexsort((np.arange(count), -grids["demand"].sum(axis=1), -stake))
    kept = order[: max(1, MOST_NUMBERS // (periods * len(FIGURES)))]
    safety = grids["safety_stock"][:, 0] if count else np.zeros(0)
    below = grids["on_hand"] < safety[:, None] - TINY
    wrong = below | (grids["backlog"] > TINY) | (grids["short"] > TINY)
    cover = frame["cover"].to_numpy(dtype=float).reshape(count, periods)
    columns = {
        "safety": safety,
        "now": grids["on_hand"][:, 0],
        "cover": np.round(cover[:, 0], 1),
        "lowest": grids["on_hand"].min(axis=1, initial=np.inf),
        "below": below.sum(axis=1),
        "first": np.where(wrong.any(axis=1), wrong.argmax(axis=1), -1),
        "late": grids["backlog"].max(axis=1, initial=0.0),
        "never": grids["short"].sum(axis=1),
        "stake": stake,
    }
    chosen = pairs.iloc[kept]
    return {
        "item": codes(chosen["item"], names["item"]),
        "location": codes(chosen["location"], names["location"]),
        **{name: numbers(values[kept]) for name, values in columns.items()},
        "figures": {name: [_series(grids[name][row]) for row in kept] for name in FIGURES},
        "total": count,
    }


def _series(values: Any) -> list[float | int | None] | int:
    return numbers(values) if np.any(values) else 0


def _stake(plan: Plan, pairs: pd.DataFrame) -> Any:
    """Money that waiting, falling short and thin stock of an item cost, at the location where it is booked."""
    costs = plan.tables.get("costs")
    if costs is None or not len(costs) or not len(pairs):
        return np.zeros(len(pairs))
    costs = costs[costs["account"].isin(AT_STAKE)]
    keys = ["item", "location"]
    where = pd.MultiIndex.from_frame(pairs[keys].astype(object))
    money = costs.assign(location=costs["location"].astype(object).fillna("")).groupby(keys)["amount"].sum()
    found = money.reindex(where, fill_value=0.0).to_numpy(dtype=float)
    # What is booked at no location (a shortage, which any may cause) is the item's first location's.
    nowhere = money[~money.index.isin(where)].groupby(level="item").sum()
    first = ~pairs["item"].duplicated().to_numpy()
    rest = pairs["item"].map(nowhere).fillna(0.0).to_numpy(dtype=float)
    return np.where(first, found + rest, found)
