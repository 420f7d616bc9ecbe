"""Plan page: what a plan's page embeds, in the order in which a planner asks.

Is it good? What do I do today? Who waits, and until when? What is at risk? What does it cost? And of each item: why.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from models.schema import results
from models.tables import Column, date, money, text
from optimizer.report.page import verdict
from optimizer.report.page.costs import costs
from optimizer.report.page.document import document
from optimizer.report.page.embed import NAMED, Names, codes, table
from optimizer.report.page.stock import stock
from optimizer.report.pegging import COLUMNS as PEGS
from optimizer.report.shown import Shown
from optimizer.report.why import reasons, with_reason
from optimizer.results.plan import Plan

MOST_ROWS = 5_000
SCRIPTS = ("format.js", "filter.js", "table.js", "figure.js", "stock.js", "costs.js", "plan.js")
DECLARED: dict[str, tuple[Column, ...]] = {result.name: result.columns for result in results()}
UNTIL = date("until", "The last day on which it can go out with every delivery as planned; empty: none needs it.")
ORDERS = with_reason(DECLARED["purchase_orders"], UNTIL)
WORKLIST = (
    *DECLARED["actions"],
    text("with", "Whom to talk to: the supplier, or the customer to be told."),
    money("at_stake", "What a week of waiting would cost; of a customer to tell, what the waiting of the line costs."),
)


def plan_page(shown: Shown, warnings: Sequence[str], changed: Sequence[str] = ()) -> str:
    """The page of a plan.

    Args:
        shown: the plan, and what is put together from it.
        warnings: what to warn of.
        changed: files of the instance that are not what they were when it was planned.
    """
    said = [*(f"{name} has changed since this was planned." for name in changed), *warnings]
    return document("plan.html", SCRIPTS, verdict.holes(shown.plan, said), data(shown))


def data(shown: Shown) -> dict[str, Any]:
    """What the page's script reads."""
    plan = shown.plan
    calendar = plan.instance.calendar
    labels = _labels(plan)
    projected = shown.projection
    names: Names = {kind: {name: place for place, name in enumerate(labels[kind])} for kind in NAMED}
    stocks = stock(plan, names, projected)
    return {
        "currency": plan.currency,
        "period": calendar.kind,
        "periods": [calendar.first_day(t) for t in range(calendar.periods)],
        "names": labels,
        "about": _descriptions(plan, labels["item"]),
        "related": {kind: _related(plan, names, kind) for kind in ("supplier", "customer")},
        "tables": _tables(plan, names, projected) | {"pegs": _pegs(shown, names, stocks["item"])},
        "stock": stocks,
        "costs": costs(plan, names),
    }


def _tables(plan: Plan, names: Names, projected: pd.DataFrame) -> dict[str, Any]:
    orders = _frame(plan, "purchase_orders")
    now = orders["action"] == "release"
    sent = orders[now]
    sent = sent.assign(why=pd.Series(reasons(sent, projected), index=sent.index, dtype=object))
    sent = sent.assign(until=_until(plan, sent))
    backorders = _frame(plan, "backorders")
    made = {
        "today": (sent, ORDERS, "purchase_orders.csv", "value"),
        "later": (orders[~now], DECLARED["purchase_orders"], "purchase_orders.csv", ""),
        "waiting": (backorders, DECLARED["backorders"], "backorders.csv", "cost"),
    }
    worklist = plan.tables.get("actions")
    if worklist is not None and len(worklist):
        made["worklist"] = (_with_whom(worklist), WORKLIST, "actions.csv", "")
    if len(orders):
        by_date = orders[~now].sort_values(["order_period", "supplier", "item", "location"], kind="stable")
        made["later"] = (by_date, *made["later"][1:])
    return {
        name: table(
            frame.sort_values(by, ascending=False, kind="stable") if by else frame,
            columns, names, plan.currency, source, MOST_ROWS,
        )
        for name, (frame, columns, source, by) in made.items()
    }  # fmt: skip


def _pegs(shown: Shown, names: Names, items: Sequence[int]) -> dict[str, Any]:
    """Which receipt serves whom, of the items in some order."""
    frame, place = shown.pegging, {code: k for k, code in reversed(list(enumerate(items)))}
    order = np.argsort([place.get(code, len(items)) for code in codes(frame["item"], names["item"])], kind="stable")
    return table(frame.iloc[order], PEGS, names, shown.plan.currency, "plan.xlsx, sheet Pegging", MOST_ROWS)


def _with_whom(actions: pd.DataFrame) -> pd.DataFrame:
    """The worklist with the columns `with` and `at_stake`."""
    supplier, stake = actions["supplier"].astype(object), actions["cost_of_waiting"]
    return actions.assign(
        **{"with": supplier.where(supplier != "", actions["customer"])},
        at_stake=stake.where(actions["action"] != "tell", actions["money"]),
    )


def _until(plan: Plan, orders: pd.DataFrame) -> "pd.Series[Any]":
    """Latest safe date of each order that goes out now, as the worklist has it."""
    actions = plan.tables.get("actions")
    names = ["item", "supplier", "location"]
    if actions is None or not len(actions) or not len(orders):
        return pd.Series("", index=orders.index, dtype=object)
    released = actions[actions["action"] == "release"]
    known = dict(zip(map(tuple, released[names].to_numpy()), released["latest_safe_date"], strict=True))
    found = [known.get(tuple(key), "") for key in orders[names].to_numpy()]
    return pd.Series(found, index=orders.index, dtype=object)


def _frame(plan: Plan, name: str) -> pd.DataFrame:
    """A result table; without rows where the plan has none."""
    frame = plan.tables.get(name)
    if frame is None or not len(frame.columns):
        return pd.DataFrame({column.name: pd.Series([], dtype=object) for column in DECLARED[name]})
    return frame


def _labels(plan: Plan) -> dict[str, list[str]]:
    """Every id, in the instance's order."""
    labels = plan.instance.labels
    return {kind: [str(name) for name in labels[kind]] for kind in NAMED}


def _descriptions(plan: Plan, items: Sequence[str]) -> list[str]:
    records = plan.instance.tables.get("items")
    if records is None or "description" not in records.columns:
        return []
    known = dict(zip(records["item"], records["description"], strict=True))
    texts = [str(known.get(item, "")) for item in items]
    return texts if any(texts) else []


def _related(plan: Plan, names: Names, kind: str) -> list[list[int]]:
    """Of each item, its suppliers or customers, wherever they are named together."""
    count = len(names[kind])
    pairs = [np.zeros(0, dtype=int)]
    for frame in _naming(plan, kind):
        item, other = (np.array(codes(frame[name], names[name]), dtype=int) for name in ("item", kind))
        pairs.append(np.unique((item * count + other)[(item >= 0) & (other >= 0)]))
    found: list[list[int]] = [[] for _ in names["item"]]
    for pair in np.unique(np.concatenate(pairs)).tolist():
        found[pair // count].append(pair % count)
    return found


def _naming(plan: Plan, kind: str) -> Iterable[pd.DataFrame]:
    tables: Mapping[str, Any] = plan.instance.tables
    for name in ("sourcing", "open_orders", "demand"):
        records = tables.get(name)
        if records is not None and len(records) and {"item", kind} <= records.columns.keys():
            yield pd.DataFrame({column: records[column] for column in ("item", kind)})
    for name in ("purchase_orders", "allocations", "backorders"):
        frame = _frame(plan, name)
        if kind in frame and len(frame):
            yield frame[["item", kind]]
