"""The documented plan of instances/quickstart: orders as its README has them, and the best quantities for the rest."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from models.assemble import build, derive
from models.book import Book
from optimizer import read
from optimizer.compile import Compiled, compile_model
from optimizer.read import Input
from optimizer.results.collect import Collected, collect
from optimizer.solve.construct import polished
from optimizer.solve.highs import Limits, solve
from optimizer.solve.program import Booleans, Floats

FOLDER = Path(__file__).parents[2] / "instances" / "quickstart"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
MONTHS = {"Nov": (2026, 11), "Dec": (2026, 12), "Jan": (2027, 1)}

Order = tuple[str, str, str, str, float, float, float]  # period, item, supplier, location, quantity, unit cost, value


def rows(header: str) -> list[list[str]]:
    """The cells of the README's table whose header begins so, but for the header."""
    lines = README[README.index(header) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def number(text: str) -> float:
    return float(re.sub(r"[*,]", "", text).replace("\N{MINUS SIGN}", "-"))


def day(text: str) -> str:
    """`7 Dec` as an ISO date."""
    number_of_day, month = text.split()
    return date(*MONTHS[month], int(number_of_day)).isoformat()


def documented_orders() -> list[Order]:
    return [
        (day(week), item, supplier, location, number(quantity), number(unit_cost), number(value))
        for week, item, supplier, location, quantity, unit_cost, value in rows("| order week |")
    ]


def documented_accounts() -> dict[str, float]:
    *accounts, total = rows("| account |")
    return {cells[0].strip("`"): number(cells[-1]) for cells in accounts} | {"": number(total[-1])}


def documented_stock() -> dict[tuple[str, str], list[float]]:
    """Stock at the end of each week, by item and location."""
    found = {}
    for cells in rows("| | 23 Nov |"):
        item, location = cells[0].split()
        found[item, location] = [number(cell) for cell in cells[1:]]
    return found


@dataclass(frozen=True)
class Planned:
    """A point of an instance, and what was collected of it."""

    source: Input
    book: Book
    made: Compiled
    collected: Collected


@cache
def documented() -> Planned:
    """The documented orders, and the best quantities for them."""
    source = read(FOLDER)
    book = derive(source.instance)
    m, ledger = build(source.instance, book)
    made = compile_model(m, ledger, book)
    index, labels = book.indexes["orders"], source.instance.labels
    days = source.instance.calendar.first_days().astype(str)
    quantity = {order[:4]: order[4] for order in documented_orders()}
    at, held = np.zeros(made.program.columns), np.zeros(made.program.columns, dtype=np.bool_)
    for k, column in enumerate(made.columns["order"]):
        item, supplier, location = (labels[name][index[name][k]] for name in ("item", "supplier", "location"))
        at[column], held[column] = quantity.pop((days[index["period"][k]], item, supplier, location), 0.0), True
    assert not quantity, "an order that cannot be placed is documented"
    x = _best(made, at, held)
    return Planned(source, book, made, collect(source.instance, book, made, x))


def _best(made: Compiled, at: Floats, held: Booleans) -> Floats:
    answer = solve(made.program.fixed(held, at), Limits(600))
    assert answer.x is not None
    x = polished(made.program, answer.x, 10)
    assert x is not None
    return x
