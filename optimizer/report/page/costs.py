"""Costs: the plan's money by account, item, supplier and customer, over all periods, for the page's tree."""

from typing import Any

import pandas as pd

from optimizer.report.page.embed import Names, codes, numbers
from optimizer.results.plan import Plan

KEYS = ["account", "item", "supplier", "customer"]
MOST = 20_000


def costs(plan: Plan, names: Names) -> dict[str, Any]:
    """Sums of `costs.csv` over periods and locations, the largest first.

    Where there are more than `MOST`, the others of each account are one row that names nothing, so that an account is
    what it is.

    Returns:
        `accounts` (names), and lists of one length: `account` (place in it), `item`, `supplier`, `customer` (places
        in the page's lists, -1 for none), `amount`; `total`: how many sums there are.
    """
    frame = plan.tables.get("costs")
    if frame is None or not len(frame):
        frame = pd.DataFrame(columns=[*KEYS, "amount"], dtype=object).astype({"amount": float})
    texts = frame[KEYS].astype(object).where(frame[KEYS].notna(), "")
    texts = texts.assign(amount=frame["amount"].to_numpy(dtype=float))
    sums = pd.DataFrame(texts.groupby(KEYS, sort=True, as_index=False)["amount"].sum())
    sums = sums.sort_values("amount", key=abs, ascending=False, kind="stable")
    total = len(sums)
    if total > MOST:
        others = sums.iloc[MOST:].groupby("account", sort=True, as_index=False)["amount"].sum()
        sums = pd.concat([sums.head(MOST), others.assign(item="", supplier="", customer="")], ignore_index=True)
    where, accounts = pd.factorize(sums["account"])
    return {
        "accounts": [str(name) for name in accounts],
        "account": where.tolist(),
        **{name: codes(sums[name], names[name]) for name in KEYS[1:]},
        "amount": numbers(sums["amount"]),
        "total": total,
    }
