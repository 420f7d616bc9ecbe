"""By piece: what was decided for all lots at once is written back, checked and collected some thousand items at a time.

Each piece is derived and compiled again, holds its own rules, and gives its rows of the result tables. What items share
(rows and costs of a supplier's period) is no piece's: gates are checked over all lots, their costs are taken once.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.instance import Instance
from models.lots import Lots
from models.part import Part
from models.pieces import Piece, forget
from optimizer.compile import compile_book
from optimizer.decompose.compose import broken_gates, composed
from optimizer.decompose.deliver import delivered
from optimizer.decompose.prices import Pricing
from optimizer.results.collect import asked, collect, together
from optimizer.results.finished import SIZES, Finished, counted
from optimizer.results.memory import PRICE_KEY, Begun, basis, begun, changed_items, price_table, told
from optimizer.results.warnings import lacking_supply
from optimizer.solve.program import SHARED, Floats


def finished_by_piece(
    instance: Instance, parts: Sequence[Part], pieces: Sequence[Piece], lots: Lots, quantity: Floats, prices: Floats
) -> tuple[Finished, float]:
    """Write quantities of all options back; and by how much they break a rule at most, relative to its size."""
    made = []
    worst = broken_gates(lots, quantity)
    for piece in pieces:
        own, violation = _finished(
            instance, parts, piece, quantity[slice(*piece.options)], _prices(piece, lots, prices)
        )
        made.append(own)
        worst = max(worst, violation)
        forget()
    sizes = {name: sum(one.sizes[name] for one in made) for name in SIZES}
    total = sum(one.asked for one in made)
    lacking = np.sum([one.lacking for one in made], axis=0)
    memory = {"basis": basis(instance)}
    if len(prices):
        memory["prices"] = pd.concat([one.memory["prices"] for one in made]).drop_duplicates(
            PRICE_KEY, ignore_index=True
        )
    return Finished(together([one.collected for one in made]), _with_gates(sizes, lots), total, lacking, memory), worst


def _finished(
    instance: Instance, parts: Sequence[Part], piece: Piece, quantity: Floats, prices: Floats
) -> tuple[Finished, float]:
    """A piece: its tables, and what it has of its own."""
    few, book, lots = piece.derived(instance, parts)
    compiled = compile_book(few, book, parts)
    x = composed(lots, compiled, quantity, delivered(lots, quantity))
    rows, columns = ~compiled.shared_rows(book), compiled.program.block != SHARED
    sizes = counted(compiled, book, columns, rows)
    memory = {"prices": price_table(few, book, lots, prices)} if len(prices) else {}
    made = Finished(collect(few, book, compiled, x), sizes, asked(book), lacking_supply(few, book), memory)
    return made, compiled.program.violation(x, rows)


def certain_bound(lots: Lots) -> float:
    """A bound on any plan that needs no search."""
    pricing = Pricing(lots, 1)
    return pricing.at(pricing.opening).bound


def begun_by_piece(
    instance: Instance, parts: Sequence[Part], pieces: Sequence[Piece], lots: Lots, earlier: Mapping[str, pd.DataFrame]
) -> Begun:
    """Take up an earlier plan; quantities are by `order` of all lots."""
    tables = {name: table for name, table in earlier.items() if name != "basis"}
    quantity, found = np.zeros(int(lots.order.max(initial=-1)) + 1), 0
    gates, limits, known = np.full(len(lots.gate_cost), np.nan), np.zeros((2, len(lots.order))), False
    for piece in pieces:
        few, book, own = piece.derived(instance, parts)
        start, here = begun(few, book, own, tables), slice(*piece.options)
        quantity[lots.order[here]] = start.quantity[own.order]
        found += start.record["orders_found_again"]
        if len(start.prices):
            known = True
            gates[piece.gates] = start.prices[: len(piece.gates)]
            limits[:, here] = start.prices[len(piece.gates) :].reshape(2, -1)
        del few, book, own
        forget()
    prices = np.concatenate([gates, limits.ravel()]) if known else np.zeros(0)
    changed = changed_items(instance, earlier.get("basis"))
    return Begun(quantity, prices, changed, told(len(tables["purchase_orders"]), found, changed, prices))


def _prices(piece: Piece, lots: Lots, prices: Floats) -> Floats:
    """The prices of a piece's gates and options; none where there are none."""
    if not len(prices):
        return prices
    gates, options = prices[: len(lots.gate_cost)], prices[len(lots.gate_cost) :].reshape(2, -1)
    return np.concatenate([gates[piece.gates], options[:, slice(*piece.options)].ravel()])


def _with_gates(sizes: dict[str, int], lots: Lots) -> dict[str, int]:
    """With what gates add: whether each is open, and a rule for each of its limits."""
    opened = int((lots.gate_open >= 0).sum())
    limits = np.isfinite(lots.gate_capacity), lots.gate_floor > 0, np.isfinite(lots.gate_ceiling)
    more = {
        "variables": opened,
        "whole_number_variables": opened,
        "constraints": sum(int(some.sum()) for some in limits),
    }
    return {name: count + more.get(name, 0) for name, count in sizes.items()}
