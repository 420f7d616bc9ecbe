"""Effective: what the empty cells of a column stand for, so that a change can reckon with them."""

from collections.abc import Callable, Sequence

import numpy as np

from models.entities import holding_cost, lowest_unit_cost, price
from models.instance import Figures, Instance
from models.tables import Column, Kind
from models.terms import lead_times

WITHOUT = ("no limit", "unlimited", "to the horizon's end", "it keeps", "after all tiers", "it cannot be cancelled")


def effective(instance: Instance, table: str, column: Column) -> Figures | None:
    """The number of each row, its default where the cell is empty; NaN where that is "none".

    Returns:
        None where the default follows from so much that a change cannot reckon with it.
    """
    given = instance[table][column.name]
    if not np.isnan(given).any():
        return np.asarray(given, dtype=np.float64)
    derived = _derived(instance, table, column)
    if derived is not None:
        return np.where(np.isnan(given), derived, given)
    without = column.default_text in WITHOUT or column.default_text.startswith("none")
    return given if without else None


def _derived(instance: Instance, table: str, column: Column) -> Figures | None:
    """What the default of each row follows from."""
    if column.default_text == "the item's":
        own = {one.name: one for one in instance["items"].table.all_columns}.get(column.name)
        of_items = None if own is None else effective(instance, "items", own)
        return None if of_items is None else of_items[instance.codes(table, "item")]
    if (table, column.name) in _FOLLOWS:
        return _FOLLOWS[table, column.name](instance)
    return None


def _by_rate(rate: str) -> Callable[[Instance], Figures]:
    return lambda instance: price(instance) * instance.setting(f"costs.{rate}")


def _four_times_holding(instance: Instance) -> Figures:
    return 4 * holding_cost(instance)[instance.codes("inventory", "item")]


def _lead_times(instance: Instance) -> Figures:
    return lead_times(instance).astype(np.float64)


_FOLLOWS: dict[tuple[str, str], Callable[[Instance], Figures]] = {
    ("items", "price"): price,
    ("items", "holding_cost"): holding_cost,
    ("items", "backorder_cost"): _by_rate("backorder_rate"),
    ("items", "shortage_cost"): _by_rate("shortage_rate"),
    ("items", "ending_value"): lowest_unit_cost,
    ("inventory", "overstock_cost"): _four_times_holding,
    ("inventory", "cover_cost"): _four_times_holding,
    ("sourcing", "lead_time"): _lead_times,
}


def numeric(column: Column) -> bool:
    """Whether a change can reckon with a column's numbers."""
    return column.kind in (Kind.NUMBER, Kind.COUNT)


def names(columns: Sequence[Column]) -> list[str]:
    """Names of columns."""
    return [column.name for column in columns]
