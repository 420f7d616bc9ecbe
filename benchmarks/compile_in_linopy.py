"""The family's model in linopy, vectorised as its manual shows: variables over labelled arrays, sums by group.

Labels are whole numbers, so that nothing but the modelling itself is measured. It has the rules that `compile_by_hand`
has, and the same number of columns, rows and coefficients.
"""

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.compile_by_hand import ByHand


def in_linopy(hand: ByHand) -> tuple[int, int, int]:
    """Columns, rows and coefficients of the matrix that linopy makes for a solver."""
    import linopy
    import xarray as xr

    m: Any = linopy.Model()
    value, horizon = hand.value, hand.horizon

    def index(count: int, name: str) -> pd.Index:
        return pd.RangeIndex(count, name=name)

    def data(values: Any, name: str) -> Any:
        return xr.DataArray(np.asarray(values), dims=[name], coords={name: np.arange(len(values))})

    on_hand = m.add_variables(lower=0, coords=[index(hand.stocks * (horizon + 1), "end")], name="on_hand")
    deliver = m.add_variables(lower=0, coords=[index(hand.deliveries, "delivery")], name="deliver")
    short = m.add_variables(lower=0, coords=[index(hand.lines, "line")], name="short")
    order = m.add_variables(lower=0, coords=[index(hand.orders, "order")], name="order")
    place = m.add_variables(binary=True, coords=[index(hand.orders, "order")], name="place")
    opened = m.add_variables(binary=True, coords=[index(hand.joint, "week")], name="open_order")
    packs = m.add_variables(lower=0, integer=True, coords=[index(hand.packed, "pack")], name="packs")

    line, issue = data(hand.of_line, "delivery").rename("line"), data(hand.issue, "delivery").rename("stock")
    receipt, week = data(hand.receipt, "order").rename("stock"), data(hand.of_joint, "order").rename("week")
    now = np.arange(hand.stocks * horizon)
    before = now + now // horizon

    def at(variable: Any, of: Any, dimension: str, name: str) -> Any:
        """A variable's elements, in another order and under another name."""
        places = xr.DataArray(of, dims=[name], coords={name: np.arange(len(of))})
        return (1 * variable).isel({dimension: places}).drop_vars(dimension)

    m.add_constraints(
        at(on_hand, np.arange(hand.stocks) * (horizon + 1), "end", "item") == data(value("opening"), "item")
    )
    m.add_constraints((1 * deliver).groupby(line).sum() + short == data(value("quantity"), "line"))
    m.add_constraints(order - data(value("largest_order"), "order") * place <= 0)
    m.add_constraints(data(value("smallest_order"), "order") * place - order <= 0)
    arrives = (1 * order).groupby(receipt).sum().reindex(stock=now).fillna(0)
    leaves = (1 * deliver).groupby(issue).sum().reindex(stock=now).fillna(0)
    change = at(on_hand, before + 1, "end", "stock") - at(on_hand, before, "end", "stock")
    m.add_constraints(change - arrives + leaves == 0)
    used = (data(value("capacity_use"), "order") * order).groupby(week).sum()
    m.add_constraints(used <= data(value("capacity"), "week"))
    m.add_constraints(place - at(opened, hand.of_joint, "week", "order") <= 0)
    worth = (data(value("unit_cost"), "order") * order).groupby(week).sum()
    m.add_constraints(data(value("minimum_value"), "week") * opened - worth <= 0)
    m.add_constraints(at(order, hand.pack_of, "order", "pack") - data(value("pack"), "pack") * packs == 0)

    cost = np.split(hand.cost(), hand.columns[1:-1])
    terms = (
        (on_hand, "end"),
        (deliver, "delivery"),
        (short, "line"),
        (order, "order"),
        (place, "order"),
        (opened, "week"),
    )
    m.add_objective(
        sum((data(rate, name) * variable).sum() for rate, (variable, name) in zip(cost, terms, strict=False))
    )
    matrix = m.matrices.A
    return matrix.shape[1], matrix.shape[0], matrix.nnz
