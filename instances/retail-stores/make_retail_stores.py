"""Make the instance `retail-stores` from weekly sales of the M5 competition (28 items, 10 Walmart stores).

One distribution centre serves ten stores; what it has does not always suffice. Demand and selling prices are real,
everything about suppliers is assumed: README.md lists it. The horizon is the last 26 weeks of the data.

Run: python instances/retail-stores/make_retail_stores.py [FOLDER]
writes the tables into FOLDER (default: beside this file).
"""

import math
import sys
from pathlib import Path

import pandas as pd

SOURCE = Path(__file__).parent / "source" / "tiny_m5_weekly.csv.gz"
FIRST_WEEK = pd.Timestamp("2011-01-29")  # the Saturday on which the data's first week begins
PERIODS = 26
CENTRE = "dc"

# Assumed. Terms of the two suppliers of each department: cost as a share of the selling price, lead time in weeks,
# smallest order line in weeks of sales, weekly capacity as a share of the department's weekly sales at cost.
TERMS = {
    "FOODS": {"foods-maker": (0.70, 1, 0.5, 0.65), "foods-copacker": (0.66, 3, 1.5, 0.45)},
    "HOBBIES": {"hobbies-wholesaler": (0.72, 1, 0.5, 0.50), "hobbies-import": (0.58, 7, 3.0, 0.70)},
    "HOUSEHOLD": {"household-maker": (0.70, 2, 1.0, 0.60), "household-import": (0.60, 6, 3.0, 0.60)},
}
# Chinese New Year was on 8 February 2016: importers' factories rest.
HOLIDAY = ("2016-02-01", "2016-02-08", "2016-02-15")
LINE_COST = 15.0
JOINT_SHARE = 0.04  # joint order cost, of the supplier's weekly capacity
MINIMUM_SHARE = 0.5  # minimum order value, of the same
SHORTAGE_RATE = 1.25  # lost sale at the selling price, and a quarter of it in goodwill
WEIGHTS = {"A": 1.2, "B": 1.0, "C": 0.8}  # three largest stores, the next four, the rest
OPENING_WEEKS, SAFETY_WEEKS, MAXIMUM_WEEKS = 1.5, 1.0, 10.0
PREMIUM = 0.08  # overtime: an eighth of the capacity more, at a surcharge on the cost

SETTINGS = """\
# Made by make_retail_stores.py from weekly sales of the M5 competition; README.md tells what is assumed.
name = "retail-stores"
start = {start}
periods = {periods}
period = "week"
currency = "USD"

[solve]
gap = 0.01
time_limit = 300

[horizon]
whole_packs = 8

[costs]
holding_rate = 0.25
backorder_rate = 0.1
"""


def sales() -> pd.DataFrame:
    """Weekly units and selling price by item and store, with the Monday after the store week begins (a Saturday)."""
    table = pd.read_csv(SOURCE, dtype={"item_id": str, "store_id": str})
    weeks = {week: n for n, week in enumerate(sorted(table["wm_yr_wk"].unique()))}
    monday = FIRST_WEEK + pd.Timedelta(days=2) + pd.to_timedelta(table["wm_yr_wk"].map(weeks) * 7, unit="D")
    table = table.assign(monday=monday, department=table["item_id"].str.split("_").str[0])
    return table.rename(columns={"item_id": "item", "store_id": "customer", "units": "quantity"})


def case_size(weekly: float) -> int:
    """Pieces in a case: a size that a week's sales of all stores fills a few times."""
    return next((size for size in (48, 24, 12, 6) if weekly >= 4 * size), 3)


def items(table: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """Item, department, mean selling price of the year before, and what a lost sale and a left-over piece are worth."""
    rows = table.groupby("item", as_index=False).agg({"department": "first"}).rename(columns={"department": "class"})
    rows["unit"], rows["quantity_step"] = "piece", 1
    rows["price"] = rows["item"].map(past.groupby("item")["price"].mean()).round(2)
    rows["shortage_cost"] = (rows["price"] * SHORTAGE_RATE).round(4)
    rows["max_delay"] = 2
    cheapest = rows["class"].map({name: min(terms[0] for terms in makers.values()) for name, makers in TERMS.items()})
    rows["ending_value"] = (rows["price"] * cheapest * 0.9 - 0.005).round(2)
    return rows


def sourcing(about: pd.DataFrame, weekly: pd.Series) -> pd.DataFrame:
    """Two suppliers per item: one near and dear, one cheap, slower and with larger minimums."""
    rows = []
    for item, name, price in zip(about["item"], about["class"], about["price"], strict=True):
        case = case_size(weekly[item])
        for supplier, (share, lead_time, weeks, _) in TERMS[name].items():
            minimum = case * math.ceil(weekly[item] * weeks / case)
            rows.append(
                (item, supplier, round(price * share, 2), lead_time, LINE_COST, minimum, case, round(price * share, 2))
            )
    columns = [
        "item",
        "supplier",
        "unit_cost",
        "lead_time",
        "order_cost",
        "minimum_quantity",
        "multiple",
        "capacity_use",
    ]
    return pd.DataFrame(rows, columns=columns)


def suppliers(about: pd.DataFrame, weekly: pd.Series) -> tuple[pd.DataFrame, dict[str, float]]:
    """Joint order cost and minimum order value, and the weekly capacity in money, all in proportion to the sales."""
    value = (about["price"] * about["item"].map(weekly)).groupby(about["class"]).sum()
    rows, capacity = [], {}
    for name, makers in TERMS.items():
        for supplier, (share, _, _, part) in makers.items():
            capacity[supplier] = round(value[name] * share * part, -1)
            terms = (capacity[supplier] * JOINT_SHARE, capacity[supplier] * MINIMUM_SHARE)
            rows.append((supplier, *(round(term, -1) for term in terms)))
    return pd.DataFrame(rows, columns=["supplier", "order_cost", "minimum_order_value"]), capacity


def supplier_capacity(capacity: dict[str, float], weeks: list[str]) -> pd.DataFrame:
    """A row per supplier and week; makers near by can work overtime, importers close for the holiday."""
    rows = []
    for supplier, amount in capacity.items():
        importer = supplier.endswith("-import")
        for week in weeks:
            closed = importer and week in HOLIDAY
            rows.append(
                (supplier, week, 0 if closed else amount, 0 if importer else amount / 8, 0 if importer else PREMIUM)
            )
    return pd.DataFrame(rows, columns=["supplier", "period", "capacity", "overtime_capacity", "overtime_cost"])


def open_orders(about: pd.DataFrame, weekly: pd.Series, terms: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """What had been ordered before: from the slow supplier half a week's sales every week, due in its lead time."""
    rows = []
    slow = terms.sort_values(["item", "lead_time"]).drop_duplicates("item", keep="last")
    for item, supplier, lead_time, case in slow[["item", "supplier", "lead_time", "multiple"]].itertuples(index=False):
        for week in range(lead_time):
            quantity = case * round(weekly[item] / 2 / case)
            arrival = (start + pd.Timedelta(weeks=week)).strftime("%Y-%m-%d")
            if quantity:
                rows.append((f"{supplier}-{week + 1}", item, arrival, item, supplier, CENTRE, quantity))
    return pd.DataFrame(rows, columns=["order", "line", "arrival", "item", "supplier", "location", "quantity"])


def text(cell: object) -> str:
    """Shortest decimal text."""
    if isinstance(cell, float):
        return repr(int(cell) if cell.is_integer() else round(cell, 9))
    return str(cell)


def main(folder: Path) -> None:
    """Write all tables of the instance."""
    table = sales()
    start = table["monday"].max() - pd.Timedelta(weeks=PERIODS - 1)
    past = table[(table["monday"] < start) & (table["monday"] >= start - pd.Timedelta(weeks=52))]
    window = table[table["monday"] >= start]
    weekly = past.groupby("item")["quantity"].sum() / 52
    about = items(table, past)
    terms = sourcing(about, weekly)
    vendors, capacity = suppliers(about, weekly)
    ranks = past.groupby("customer")["quantity"].sum().rank(ascending=False)
    stores = pd.DataFrame({"customer": sorted(ranks.index)})
    stores["class"] = [
        ("A" if ranks[store] <= 3 else "B" if ranks[store] <= 7 else "C") for store in stores["customer"]
    ]
    stores["weight"] = stores["class"].map(WEIGHTS)
    covers = {"on_hand": OPENING_WEEKS, "safety_stock": SAFETY_WEEKS, "maximum": MAXIMUM_WEEKS}
    stock = pd.DataFrame({"item": about["item"], "location": CENTRE})
    for column, cover in covers.items():
        stock[column] = (about["item"].map(weekly) * cover).round().astype(int)
    sold = window[window["quantity"] > 0].sort_values(["item", "customer", "monday"])
    demand = sold[["item", "customer"]].assign(
        due=sold["monday"].dt.strftime("%Y-%m-%d"), kind="forecast", location=CENTRE
    )
    demand["quantity"] = sold["quantity"].astype(int)
    weeks = [(start + pd.Timedelta(weeks=week)).strftime("%Y-%m-%d") for week in range(PERIODS)]
    tables = {
        "items": about,
        "locations": pd.DataFrame({"location": [CENTRE]}),
        "suppliers": vendors,
        "customers": stores,
        "sourcing": terms,
        "supplier_capacity": supplier_capacity(capacity, weeks),
        "inventory": stock,
        "open_orders": open_orders(about, weekly, terms, start),
        "demand": demand,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        rows.map(text).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    settings = SETTINGS.format(start=start.date(), periods=PERIODS)
    (folder / "instance.toml").write_text(settings, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
