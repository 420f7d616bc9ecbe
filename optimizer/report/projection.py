"""Projection: how demand, receipts and stock of each item and location unfold, put together from the result tables.

Per item, location and period t, for every pair in which anything is or happens, over the whole horizon:

    demand[t]          = quantity due in t (due before the start: in 0), at the location that serves it
    short[t]           = of it, what is never delivered
    backlog[t]         = backlog[t-1] + demand[t] - short[t] - deliveries to customers in t
    open_receipts[t]   = receipts[t] - new_receipts[t]       from orders placed earlier, and from this plan's
    cover[t]           = how many periods of the demand to come on_hand[t] lasts

After the horizon, demand is taken to go on as on average.

What is never delivered of a line that any location may serve counts at the location "", or at the only one.
With lanes, `delivered` is what leaves the location, and the backlog ends where the customer has the goods.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.calendar import Calendar
from models.instance import Instance

PAIR = ["item", "location"]
FIGURES = (
    "demand", "backlog", "open_receipts", "new_receipts", "transfers_in",
    "delivered", "on_hand", "safety_stock", "cover", "short",
)  # fmt: skip
COLUMNS = [*PAIR, "period", *FIGURES]
TINY = 1e-9

Grid = NDArray[np.float64]
Tables = Mapping[str, pd.DataFrame]


def projection(tables: Tables, instance: Instance) -> pd.DataFrame:
    """The stock projection.

    Args:
        tables: result tables by file stem.
        instance: what was planned: its calendar and its table `inventory`.

    Returns:
        Columns `COLUMNS`, quantities in the item's unit, `cover` in periods (NaN where no demand comes);
        ordered by item, location and period.
    """
    tables = {name: frame for name, frame in tables.items() if len(frame)}
    due = _due(tables, instance)
    pairs = _pairs([due, *(tables[name] for name in ("inventory", "purchase_orders") if name in tables)])
    grids = _Grids(pairs, instance.calendar)
    receipts = grids.total(tables.get("inventory"), "period", "receipts")
    new = grids.total(tables.get("purchase_orders"), "arrival_period", "quantity")
    demand = grids.total(due, "due", "quantity")
    waiting = grids.total(due, "due", "delivered") - grids.total(due, "delivery", "delivered")
    figures = {
        "demand": demand,
        "backlog": waiting.cumsum(axis=1),
        "open_receipts": receipts - new,
        "new_receipts": new,
        "transfers_in": grids.total(tables.get("inventory"), "period", "transfers_in"),
        "delivered": grids.total(tables.get("inventory"), "period", "delivered"),
        "on_hand": grids.total(tables.get("inventory"), "period", "on_hand"),
        "safety_stock": np.broadcast_to(_safety_stock(pairs, instance)[:, None], demand.shape),
        "short": grids.total(due, "due", "short"),
    }
    cleaned = {name: np.where(np.abs(grid) < TINY, 0.0, np.round(grid, 9)) for name, grid in figures.items()}
    cleaned["cover"] = _cover(cleaned["on_hand"], demand)
    return grids.frame(cleaned)


class _Grids:
    """Figures by pair of item and location (rows) and period (columns)."""

    def __init__(self, pairs: pd.MultiIndex, calendar: Calendar) -> None:
        self.pairs = pairs
        self.shape = (len(pairs), calendar.periods)
        self.days = [str(day) for day in calendar.first_days()[:-1]]
        self.place = {day: t for t, day in enumerate(self.days)}

    def total(self, frame: pd.DataFrame | None, period: str, figure: str) -> Grid:
        """Sum of a column of figures by pair and period; a period is an index or the text of its first day."""
        grid = np.zeros(self.shape)
        if frame is None or figure not in frame:
            return grid
        rows = self.pairs.get_indexer(pd.MultiIndex.from_frame(frame[PAIR].astype(object)))
        times = frame[period]
        columns = times if pd.api.types.is_numeric_dtype(times) else times.astype(object).map(self.place)
        kept = columns.notna().to_numpy() & (rows >= 0)
        places = columns.to_numpy(dtype=float)[kept].astype(int)
        np.add.at(grid, (rows[kept], places), frame[figure].to_numpy(dtype=float)[kept])
        return grid

    def frame(self, figures: Mapping[str, Grid]) -> pd.DataFrame:
        """All figures as a table, a row for each pair and period."""
        count = self.shape[1]
        columns: dict[str, object] = {name: np.repeat(self.pairs.get_level_values(name), count) for name in PAIR}
        columns["period"] = np.tile(np.array(self.days, dtype=object), len(self.pairs))
        columns |= {name: figures[name].ravel() for name in FIGURES}
        return pd.DataFrame(columns, columns=COLUMNS)


def _pairs(frames: Iterable[pd.DataFrame]) -> pd.MultiIndex:
    """Every pair of item and location that is named, in order."""
    named = pd.concat([frame[PAIR].astype(object) for frame in frames], ignore_index=True).drop_duplicates()
    return pd.MultiIndex.from_frame(named.sort_values(PAIR))


def _due(tables: Tables, instance: Instance) -> pd.DataFrame:
    """What customers want: a row for each delivery and each shortage; `due` and `delivery` are numbers of periods."""
    calendar, locations = instance.calendar, instance.labels["location"]
    parts = [pd.DataFrame({name: pd.Series([], dtype=object) for name in PAIR})]
    given = tables.get("allocations")
    if given is not None:
        place = {calendar.first_day(t): t for t in range(calendar.periods)}
        delivery = given["delivery_period"].astype(object).map(place).to_numpy(dtype=float)
        quantity = given["quantity"].to_numpy(dtype=float)
        late = given["periods_late"].to_numpy(dtype=float)
        parts.append(
            pd.DataFrame(
                {
                    "item": given["item"].astype(object),
                    "location": given["location"].astype(object),
                    "due": np.maximum(delivery - late, 0),
                    "delivery": delivery,
                    "quantity": quantity,
                    "delivered": quantity,
                    "short": 0.0,
                }
            )
        )
    missed = tables.get("backorders")
    if missed is not None:
        missed = missed[missed["short_quantity"] > TINY]
        anywhere = locations[0] if len(locations) == 1 else ""
        short = missed["short_quantity"].to_numpy(dtype=float)
        parts.append(
            pd.DataFrame(
                {
                    "item": missed["item"].astype(object),
                    "location": missed["demand_location"].astype(object).fillna("").replace("", anywhere),
                    "due": np.maximum(_periods(missed["due"], instance), 0.0),
                    "delivery": np.nan,
                    "quantity": short,
                    "delivered": 0.0,
                    "short": short,
                }
            )
        )
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _periods(due: "pd.Series[str]", instance: Instance) -> Grid:
    """Period of each due date, which the plan has as the planner wrote it (23.11.2026); NaN beyond the horizon."""
    calendar, demand = instance.calendar, instance.tables.get("demand")
    day_of = {} if demand is None else dict(zip(demand.text("due"), demand["due"], strict=True))
    for text in due.unique():
        if text not in day_of:
            day_of[text] = np.datetime64(date.fromisoformat(text), "D")
    index = calendar.index(np.array([day_of[text] for text in due], dtype="datetime64[D]")).astype(float)
    return np.where(index < calendar.periods, index, np.nan)


def _safety_stock(pairs: pd.MultiIndex, instance: Instance) -> Grid:
    """Safety stock of each pair; a row without a location is the only location's."""
    records = instance.tables.get("inventory")
    if records is None or not len(records) or "safety_stock" not in records.columns:
        return np.zeros(len(pairs))
    locations = instance.labels["location"]
    only = locations[0] if len(locations) == 1 else ""
    rows = zip(records["item"], records["location"], np.nan_to_num(records["safety_stock"]), strict=True)
    stock = {(item, location or only): float(figure) for item, location, figure in rows}
    return np.array([stock.get(pair, 0.0) for pair in pairs], dtype=float)


def _cover(on_hand: Grid, demand: Grid) -> Grid:
    """Periods of the demand after t that the stock at the end of t lasts, with parts of a period; none without stock.

    `reach[t, k]` is the demand of periods 0 … k-1; the stock lasts to where reach equals reach[t+1] + on_hand.
    """
    cover = np.full(on_hand.shape, np.nan)
    periods = on_hand.shape[1]
    reach = np.concatenate([np.zeros((len(demand), 1)), demand.cumsum(axis=1)], axis=1)
    for row in np.flatnonzero(reach[:, -1] > TINY):
        after = reach[row]
        wanted = after[1:] + on_hand[row]
        ends = np.searchsorted(after, wanted + TINY, side="right") - 1  # last k whose demand is covered whole
        inside = ends < periods
        step = demand[row][np.minimum(ends, periods - 1)]
        mean = after[-1] / periods
        part = np.where(inside, (wanted - after[ends]) / np.where(inside, step, mean), (wanted - after[-1]) / mean)
        lasts = ends - np.arange(1, periods + 1) + np.maximum(part, 0.0)
        cover[row] = np.where(on_hand[row] > TINY, np.round(lasts, 9), 0.0)
    return cover
