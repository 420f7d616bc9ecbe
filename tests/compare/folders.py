"""Plans of few rows, published without solving, to be compared."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.read.published import Published, published
from optimizer.write import publish
from tests.write import plans

MONDAY = date(2026, 11, 23)
LINE = ("C", "order", "", "")


def week(t: int, start: date = MONDAY) -> str:
    return str(start + timedelta(days=7 * t))


def sunday(t: int) -> str:
    return str(MONDAY + timedelta(days=7 * t + 6))


def order(item: str, supplier: str, placed: int, quantity: float, *, lead_time: int = 1) -> list[Any]:
    """An order line; its unit costs 2."""
    action = "release" if placed == 0 else "planned"
    return [item, supplier, "main", week(placed), week(placed + lead_time), quantity, 2.0, 2 * quantity, action]


def delivery(item: str, due: int, t: int, quantity: float) -> list[Any]:
    late = t - due
    return [item, "C", week(due), "order", "", "", "main", week(t), quantity, float(late), max(late, 0) * quantity]


def waiting(item: str, due: int, asked: float, late: float, short: float, last: int | None, cost: float) -> list[Any]:
    """A line of which something is late or short; `last`: week of its last delivery."""
    return [item, "C", week(due), "order", "", "", asked, late, short, "" if last is None else sunday(last), cost]


def publish_one(
    folder: Path,
    orders: list[list[Any]],
    deliveries: list[list[Any]],
    backorders: list[list[Any]],
    costs: list[tuple[str, int, float]],
    *,
    weeks: tuple[int, int] = (0, 6),
    bound: float = 0.0,
    run: dict[str, Any] | None = None,
) -> Published:
    """A plan from its rows; costs are (account, week, amount); `weeks`: its first and how many."""
    known = plans.tables()
    rows: dict[str, list[list[Any]]] = {
        "purchase_orders": orders,
        "allocations": deliveries,
        "backorders": backorders,
        "inventory": [],
        "costs": [[account, "", "", "", "", week(t) if t >= 0 else "", amount] for account, t, amount in costs],
        "actions": [],
    }
    tables = {name: pd.DataFrame(cells, columns=known[name].columns) for name, cells in rows.items()}
    accounts = {name: float(amount) for name, amount in tables["costs"].groupby("account")["amount"].sum().items()}
    objective = sum(accounts.values())
    horizon = {"start": week(weeks[0]), "periods": weeks[1], "period": "week"}
    made = plans.plan(
        tables=tables,
        accounts=accounts,
        objective=objective,
        bound=bound,
        gap_money=objective - bound,
        fill_rate_on_time=0.5,
        fill_rate=0.75,
        run={"horizon": horizon, **(run or {})},
    )
    return published(publish(made, folder, plans.no_audit, pages=False))
