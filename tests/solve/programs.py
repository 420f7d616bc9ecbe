"""Small programs to solve, and one way to see each answer without a solver.

`lots` is lot-sizing: per item i and period t

    order q <= M y,  stock_t = stock_{t-1} + q_t + short_t - demand_t,  Σ_i q_it <= capacity
    cost: setup y + holding stock + 50 short

An item is a block. Where the capacity binds nothing, each item's optimum is Wagner and Whitin's, in a few lines here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.assemble import build, derive
from models.book import Book
from optimizer import read
from optimizer.compile import Compiled, compile_model
from optimizer.read import Input
from optimizer.solve.program import SHARED, Booleans, Floats, Program
from tests.reference.random_instances import Size, random_instance
from tests.results.frames import frames

SHORT = 50.0


def program(
    cost: Sequence[float],
    rows: Sequence[tuple[Sequence[float], float, float]] = (),
    *,
    lower: Sequence[float] | None = None,
    upper: Sequence[float] | None = None,
    integer: Sequence[bool] | None = None,
    block: Sequence[int] | None = None,
    offset: float = 0.0,
) -> Program:
    """A program from lists; rows as (coefficients, at least, at most). By default 0 <= x, continuous, shared."""
    count = len(cost)
    coefficients = np.array([row[0] for row in rows], dtype=np.float64).reshape(len(rows), count)
    return Program(
        cost=np.array(cost, dtype=np.float64),
        offset=offset,
        matrix=sp.csc_array(coefficients),
        row_lower=np.array([row[1] for row in rows], dtype=np.float64),
        row_upper=np.array([row[2] for row in rows], dtype=np.float64),
        lower=np.array(lower if lower is not None else [0.0] * count, dtype=np.float64),
        upper=np.array(upper if upper is not None else [np.inf] * count, dtype=np.float64),
        integer=np.array(integer if integer is not None else [False] * count, dtype=np.bool_),
        block=np.array(block if block is not None else [SHARED] * count, dtype=np.int64),
        late=np.zeros(count, dtype=np.bool_),
    )


@dataclass(frozen=True)
class Lots:
    """A lot-sizing program, and what its items cost each for itself."""

    program: Program
    apart: float  # the optimum where no capacity binds; a lower limit where one does


def lots(items: int, periods: int, *, seed: int = 0, capacity: float = np.inf) -> Lots:
    """Random lot-sizing: demand 0 to 20, setup 20 to 80, holding 1; capacity per period over all items."""
    dice = np.random.default_rng(seed)
    demand = dice.integers(0, 21, (items, periods)).astype(np.float64)
    setup = dice.integers(20, 81, items).astype(np.float64)
    each = items * periods
    order, place, stock, short = (np.arange(each).reshape(items, periods) + k * each for k in range(4))
    row: list[int] = []
    column: list[int] = []
    value: list[float] = []
    low: list[float] = []
    high: list[float] = []

    def add(entries: dict[int, float], at_least: float, at_most: float) -> None:
        row.extend([len(low)] * len(entries))
        column.extend(entries)
        value.extend(entries.values())
        low.append(at_least)
        high.append(at_most)

    for i in range(items):
        for t in range(periods):
            add({order[i, t]: 1, place[i, t]: -demand[i].sum()}, -np.inf, 0)
            before = {stock[i, t - 1]: 1.0} if t else {}
            add(before | {order[i, t]: 1, short[i, t]: 1, stock[i, t]: -1}, demand[i, t], demand[i, t])
    for t in range(periods):
        if np.isfinite(capacity):
            add({order[i, t]: 1.0 for i in range(items)}, -np.inf, capacity)
    upper = np.full(4 * each, np.inf)
    upper[place.ravel()] = 1
    upper[short.ravel()] = demand.ravel()
    made = Program(
        cost=np.concatenate([np.zeros(each), np.repeat(setup, periods), np.ones(each), np.full(each, SHORT)]),
        offset=0.0,
        matrix=sp.csc_array((np.array(value), (np.array(row), np.array(column))), shape=(len(low), 4 * each)),
        row_lower=np.array(low),
        row_upper=np.array(high),
        lower=np.zeros(4 * each),
        upper=upper,
        integer=np.isin(np.arange(4 * each), place),
        block=np.tile(np.repeat(np.arange(items), periods), 4),
        late=np.zeros(4 * each, dtype=np.bool_),
    )
    return Lots(made, sum(wagner_whitin(demand[i], setup[i]) for i in range(items)))


def wagner_whitin(demand: Floats, setup: float) -> float:
    """The optimum of one item without capacity: best[t] is that of the periods before t. Any of them may fall short."""
    best = [0.0]
    for end in range(1, len(demand) + 1):
        ways = [best[end - 1] + SHORT * demand[end - 1]]
        for first in range(end):
            # An order in `first` serves each period up to `end` that is cheaper to stock than to lose.
            waits = np.minimum(np.arange(end - first), SHORT) * demand[first:end]
            ways.append(best[first] + setup + float(waits.sum()))
        best.append(min(ways))
    return best[-1]


def relaxed_point(made: Program, seed: int) -> Floats:
    """Any point between the limits of the columns (no rule is kept)."""
    dice = np.random.default_rng(seed)
    low = np.maximum(made.lower, -10.0)
    return np.asarray(low + dice.random(made.columns) * (np.minimum(made.upper, 20.0) - low))


def whole(made: Program, x: Floats) -> bool:
    """Whether all whole numbers of a point are exact."""
    return bool((x[made.integer] == np.round(x[made.integer])).all())


def is_plan(made: Program, x: Floats) -> bool:
    """Whether a point keeps all limits, rules and whole numbers."""
    inside = (x >= made.lower - 1e-9) & (x <= made.upper + 1e-9)
    return bool(inside.all()) and whole(made, x) and made.relative_violation(x) <= 1e-6


def columns(made: Program, *which: int) -> Booleans:
    """A mask of some columns."""
    return np.isin(np.arange(made.columns), which)


def random_input(seed: int, size: Size = "small") -> Input:
    """A small random instance, read."""
    tables, settings = random_instance(seed, size)
    return read(frames(tables), settings=settings)


def compiled(source: Input) -> tuple[object, Book, Compiled]:
    """The Pyomo model of an instance, its book, and what it was compiled to."""
    book = derive(source.instance)
    m, ledger = build(source.instance, book)
    return m, book, compile_model(m, ledger, book)
