"""Make the instance `health-supplies` from the SCMS delivery history (US government open data).

The supply chain of HIV medicines and tests: some 90 items, bought from manufacturers and wholesalers for a regional
distribution centre, delivered to 30 countries. The planner stands on Monday 3 February 2014 and looks 78 weeks ahead:
the year and a half in which the history is densest. (26 weeks beyond the 90th percentile of the lead time are 55.)
README.md says what is data and what is assumed.

Run: python instances/health-supplies/make.py [FOLDER]     writes the tables into FOLDER (default: beside this file).
"""

import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd

SOURCE = Path(__file__).parent / "source" / "SCMS_Delivery_History_Dataset.csv.gz"
START = pd.Timestamp("2014-02-03")
PERIODS = 78
END = START + pd.Timedelta(weeks=PERIODS)
LISTED = START - pd.DateOffset(years=4)  # a vendor not used since then no longer counts as a source
CENTRE = "RDC"
FREE = 0.01  # pack prices up to one cent are samples and give-aways, not prices

# What the history does not tell. README.md gives the reasons.
COVER_WEEKS = 13  # opening stock of the centre, in weeks of its deliveries of the year before
REPLENISHED_WEEKS = 4  # the centre's own orders on the way come every so many weeks, as far as the lead time reaches
SAFETY_WEEKS = 4
LINE_COST = 100.0  # quality sampling and papers per order line
SECOND_LINE_RATE = 0.03  # backorder cost a week, share of the price, for what is not a first-line treatment
ENDING_SHARE = 0.8  # of the lowest unit cost: part of the shelf life is gone
BUSY_LINES = 20  # vendors with fewer delivery lines since then have no capacity row: too few to tell

SETTINGS = f"""\
# Made by make.py from the SCMS delivery history; README.md tells what is data and what is assumed.
name = "health-supplies"
start = {START.date()}
periods = {PERIODS}
period = "week"
currency = "USD"

[solve]
gap = 0.002  # what is bought is 96% of the cost: this leaves about 5% of what can be influenced
time_limit = 270

[horizon]
whole_packs = 13

[costs]
holding_rate = 0.2
backorder_rate = 0.05
shortage_rate = 2.0
"""


def history() -> pd.DataFrame:
    """The delivery lines with parsed dates, numbers and item codes.

    Dates, NaT where the source has words: `due` (scheduled), `delivered`, `placed` (order sent to the vendor), `asked`
    (quotation sent), `ordered` (placed, or else delivered). Numbers: `quantity`, `value`, `price` (a pack), `freight`,
    `weight`, `days` from order to delivery. `direct`: from a vendor straight to a country, not from the centre's stock.
    """
    raw = pd.read_csv(SOURCE, sep="\t", lineterminator="\r", dtype=str, keep_default_na=False, encoding="utf-8")
    lines = pd.DataFrame(
        {
            "id": raw["ID"].astype(int),
            "order": raw["PO / SO #"],
            "project": raw["Project Code"],
            "customer": raw["Country"],
        }
    )
    lines["description"] = raw["Item Description"].str.strip()
    lines["class"] = raw["Product Group"] + " " + raw["Sub Classification"].str.lower()
    lines["vendor"], lines["site"] = raw["Vendor"].str.strip(), raw["Manufacturing Site"]
    lines["first_line"] = raw["First Line Designation"] == "Yes"
    lines["direct"] = raw["Fulfill Via"] == "Direct Drop"
    lines["due"] = pd.to_datetime(raw["Scheduled Delivery Date"], format="%d-%b-%y")
    lines["delivered"] = pd.to_datetime(raw["Delivered to Client Date"], format="%d-%b-%y")
    lines["placed"] = pd.to_datetime(raw["PO Sent to Vendor Date"], format="%m/%d/%y", errors="coerce")
    lines["asked"] = pd.to_datetime(raw["PQ First Sent to Client Date"], format="%m/%d/%y", errors="coerce")
    lines["quantity"], lines["value"] = raw["Line Item Quantity"].astype(int), raw["Line Item Value"].astype(float)
    lines["price"] = raw["Pack Price"].astype(float)
    included = raw["Freight Cost (USD)"].eq("Freight Included in Commodity Cost")
    lines["freight"] = pd.to_numeric(raw["Freight Cost (USD)"], errors="coerce").mask(included, 0.0)
    lines["weight"] = pd.to_numeric(raw["Weight (Kilograms)"], errors="coerce")
    lines["days"] = (lines["delivered"] - lines["placed"]).dt.days
    lines["ordered"] = lines["placed"].fillna(lines["delivered"])
    groups = raw["Product Group"].groupby(lines["description"]).first()
    codes = {name: f"{group}-{n:03d}" for n, (name, group) in enumerate(groups.sort_index().items(), start=1)}
    lines["item"] = lines["description"].map(codes)
    return lines.sort_values("id", ignore_index=True)


def with_makers(lines: pd.DataFrame) -> pd.DataFrame:
    """Name the vendor behind the centre's deliveries: whoever delivers most value directly from the same factory."""
    direct = lines[lines["direct"]]
    sums = direct.groupby(["site", "vendor"])["value"].sum().reset_index()
    largest = sums.sort_values(by=["site", "value", "vendor"]).drop_duplicates("site", keep="last")
    maker = largest.set_index("site")["vendor"]
    return lines.assign(vendor=lines["vendor"].where(lines["direct"], lines["site"].map(maker)))


def wanted(lines: pd.DataFrame) -> pd.DataFrame:
    """The delivery lines that are demand: not delivered by the start, due within the horizon, of items with a price."""
    window = lines[(lines["delivered"] >= START) & (lines["due"] < END) & (lines["quantity"] > 0)]
    priced = window[window["price"] > FREE]
    return window[window["item"].isin(priced["item"])]


def demand(window: pd.DataFrame, price: pd.Series) -> pd.DataFrame:
    """Firm orders (asked for before the start) one by one; what came in later is the forecast, by project and week."""
    firm = ~(window["asked"] >= START) | (window["placed"] < START) | (window["due"] < START)
    monday = window["due"].dt.to_period("W-SUN").dt.start_time
    table = window.assign(
        due=window["due"].where(firm, monday).dt.strftime("%Y-%m-%d"),
        kind=firm.map({True: "order", False: "forecast"}),
        reference=window["order"].where(firm, window["project"]),
    )
    key = ["item", "customer", "due", "kind", "reference"]
    table = table.groupby(key, as_index=False).agg(quantity=("quantity", "sum"), first_line=("first_line", "any"))
    second = table["item"].map(price) * SECOND_LINE_RATE
    table["backorder_cost"] = second.round(4).where(~table["first_line"])
    return table.drop(columns="first_line")


def sources(lines: pd.DataFrame, items: pd.Index) -> pd.DataFrame:
    """The lines that tell who supplies what at which price; the centre's too, for vendors' prices differ by country.

    Sources last used before `LISTED` count only where an item has no later one.
    """
    bought = lines[
        lines["item"].isin(items) & (lines["price"] > FREE) & lines["vendor"].notna() & (lines["ordered"] < END)
    ]
    last = bought.groupby(["item", "vendor"])["ordered"].transform("max")
    newest = bought.groupby("item")["ordered"].transform("max")
    return bought[(last >= LISTED) | (newest < LISTED)]


def lead_times(lines: pd.DataFrame) -> tuple[pd.Series, pd.Series, float]:
    """Median days from order to delivery, by the start: by item and vendor (three lines or more), by vendor, of all."""
    past = lines[lines["direct"] & (lines["days"] > 0) & (lines["delivered"] < START)]
    pair = past.groupby(["item", "vendor"])["days"].agg(["median", "count"])
    return pair.loc[pair["count"] >= 3, "median"], past.groupby("vendor")["days"].median(), past["days"].median()


def freight_shares(lines: pd.DataFrame) -> tuple[pd.Series, float]:
    """Freight as a share of the goods' value, by vendor and of all direct deliveries before the start."""
    told = lines[lines["direct"] & lines["freight"].notna() & (lines["value"] > 0) & (lines["delivered"] < START)]
    sums = told.groupby("vendor")[["freight", "value"]].sum()
    return (sums["freight"] / sums["value"]).clip(upper=0.3), told["freight"].sum() / told["value"].sum()


def carton(quantities: pd.Series) -> int:
    """The largest usual carton of which nine lines in ten are whole multiples; 1 if there is none."""
    sizes = (1000, 500, 250, 240, 200, 144, 120, 100, 96, 72, 60, 50, 48, 40, 36, 30, 24, 20, 12, 10, 6, 5, 4, 2)
    return next((size for size in sizes if len(quantities) >= 3 and (quantities % size == 0).mean() >= 0.9), 1)


def yearly_prices(group: pd.DataFrame) -> pd.Series:
    """Mean price by calendar year of the horizon; a year without orders has the price of the year before (or after)."""
    sums = group.groupby(group["ordered"].dt.year)[["value", "quantity"]].sum()
    years = sorted({*sums.index, *range(START.year, END.year + 1)})
    return (sums["value"] / sums["quantity"]).reindex(years).ffill().bfill().loc[START.year : END.year]


def sourcing(lines: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """One row per item, vendor and run of calendar years at one price, freight included."""
    pair_days, vendor_days, all_days = lead_times(lines)
    vendor_freight, all_freight = freight_shares(lines)
    rows = []
    for (item, vendor), group in bought.groupby(["item", "vendor"]):
        days = pair_days.get((item, vendor), vendor_days.get(vendor, all_days))
        asked = group.loc[group["direct"], "quantity"] if group["direct"].any() else group["quantity"]
        multiple = carton(asked)
        terms = {
            "item": item,
            "supplier": vendor,
            "lead_time_days": math.ceil(days),
            "order_cost": LINE_COST,
            "minimum_quantity": multiple * math.ceil(asked.quantile(0.25) / multiple) if len(asked) >= 3 else multiple,
            "multiple": multiple,
            "maximum_quantity": multiple * math.ceil(group["quantity"].max() / multiple),
        }
        prices = (yearly_prices(group) * (1 + vendor_freight.get(vendor, all_freight))).round(4)
        changes = prices[prices.shift() != prices]
        ends = [f"{year - 1}-12-31" for year in changes.index[1:]] + [""]
        for year, valid_to, unit_cost in zip(changes.index, ends, changes, strict=True):
            valid_from = "" if year == START.year else f"{year}-01-01"
            rows.append({**terms, "valid_from": valid_from, "valid_to": valid_to, "unit_cost": unit_cost})
    table = pd.DataFrame(rows)
    table["capacity_use"] = table["unit_cost"]
    columns = ["item", "supplier", "valid_from", "valid_to", "unit_cost", "lead_time_days", "order_cost"]
    return table[[*columns, "minimum_quantity", "multiple", "maximum_quantity", "capacity_use"]]


def two_digits(value: float) -> float:
    """Rounded down to two significant digits: limits are not known more exactly."""
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.floor(value / step) * step


def suppliers(lines: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Joint order cost: freight of small consignments. Minimum order value: the smallest tenth of a vendor's orders."""
    recent = lines[lines["direct"] & (lines["delivered"] < START) & (lines["delivered"] >= LISTED)]
    small = lines[lines["direct"] & (lines["freight"] > 0) & (lines["weight"] <= 30)]
    values = recent.groupby(["vendor", "order"])["value"].sum()
    by_vendor = values[values > 0].groupby("vendor")
    tenth = by_vendor.quantile(0.1)
    minimum = tenth[by_vendor.size() >= 5].map(two_digits)
    table = pd.DataFrame({"supplier": sorted(terms["supplier"].unique())})
    table["order_cost"] = float(round(small["freight"].median(), -1))
    table["minimum_order_value"] = table["supplier"].map(minimum).fillna(0.0)
    return table


def supplier_capacity(lines: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Money a week that a vendor can deliver: its busiest quarter from `LISTED` to the end, the centre's included."""
    seen = lines[(lines["delivered"] < END) & (lines["delivered"] >= LISTED) & lines["vendor"].isin(terms["supplier"])]
    busy = seen.groupby("vendor").filter(lambda group: len(group) >= BUSY_LINES)
    weekly = busy.pivot_table(
        index=pd.Grouper(key="delivered", freq="W-MON"), columns="vendor", values="value", aggfunc="sum"
    )
    rate = weekly.asfreq("W-MON").fillna(0.0).rolling(13, min_periods=1).sum().max() / 13
    largest = (terms["minimum_quantity"] * terms["unit_cost"]).groupby(terms["supplier"]).max()
    capacity = pd.concat([rate, 1.2 * largest.reindex(rate.index)], axis=1).max(axis=1).map(two_digits)
    weeks = [(START + pd.Timedelta(weeks=week)).strftime("%Y-%m-%d") for week in range(PERIODS)]
    return pd.DataFrame(
        [(vendor, week, capacity[vendor]) for vendor in capacity.sort_index().index for week in weeks],
        columns=["supplier", "period", "capacity"],
    )


def weekly_issues(lines: pd.DataFrame) -> pd.Series:
    """Packs a week that the centre delivered in the 52 weeks before the start, by item."""
    past = lines[
        ~lines["direct"] & (lines["delivered"] < START) & (lines["delivered"] >= START - pd.Timedelta(weeks=52))
    ]
    return past.groupby("item")["quantity"].sum() / 52


def inventory(items: pd.Index, issues: pd.Series) -> pd.DataFrame:
    """Opening stock and safety stock of the centre, by the weeks of cover assumed."""
    weekly = issues.reindex(items).fillna(0.0).to_numpy()
    table = pd.DataFrame({"item": items, "location": CENTRE})
    table["on_hand"] = (weekly * COVER_WEEKS).round().astype(int)
    table["safety_stock"] = (weekly * SAFETY_WEEKS).round().astype(int)
    return table


def open_orders(lines: pd.DataFrame, terms: pd.DataFrame, issues: pd.Series, items: pd.Index) -> pd.DataFrame:
    """Vendors' orders on the way at the start, with the arrival then expected; the centre's own ones are assumed."""
    on_way = lines[lines["direct"] & (lines["placed"] < START) & (lines["delivered"] >= START) & (lines["due"] < END)]
    on_way = on_way[on_way["item"].isin(items) & (on_way["quantity"] > 0)]
    real = on_way.assign(arrival=on_way["due"].dt.strftime("%Y-%m-%d"), location=CENTRE, line=on_way["id"].astype(str))
    real = real.rename(columns={"vendor": "supplier"})
    main = lines[lines["direct"] & (lines["ordered"] < START)].groupby(["item", "vendor"])["value"].sum()
    rows = []
    for item in items:
        batch = round(issues.get(item, 0.0) * REPLENISHED_WEEKS)
        rated = terms[terms["item"] == item].drop_duplicates("supplier")
        values = [main.get((item, vendor), 0.0) for vendor in rated["supplier"]]
        source = rated.iloc[values.index(max(values))]
        weeks = math.ceil(source["lead_time_days"] / 7)
        for n, week in enumerate(range(REPLENISHED_WEEKS // 2, weeks, REPLENISHED_WEEKS), start=1):
            if batch > 0:
                arrival = (START + pd.Timedelta(weeks=week)).strftime("%Y-%m-%d")
                rows.append((f"{CENTRE}-{item}", str(n), arrival, item, source["supplier"], CENTRE, batch))
    columns = ["order", "line", "arrival", "item", "supplier", "location", "quantity"]
    return pd.concat([real[columns], pd.DataFrame(rows, columns=columns)], ignore_index=True)


def text(cell: object) -> str:
    """Shortest decimal text; empty for what is missing."""
    if isinstance(cell, float):
        return "" if math.isnan(cell) else repr(int(cell) if cell.is_integer() else round(cell, 9))
    return str(cell)


def main(folder: Path) -> None:
    """Write all tables of the instance."""
    lines = with_makers(history())
    window = wanted(lines)
    bought = sources(lines, pd.Index(window["item"].unique()))
    window = window[window["item"].isin(bought["item"])]
    items = pd.Index(sorted(window["item"].unique()), name="item")
    terms = sourcing(lines, bought[bought["item"].isin(items)])
    lowest = terms.groupby("item")["unit_cost"].min()
    sums = window[window["price"] > FREE].groupby("item")[["value", "quantity"]].sum()
    paid = sums["value"] / sums["quantity"]
    price = pd.concat([paid, lowest], axis=1).max(axis=1).reindex(items).round(4)
    issues = weekly_issues(lines)
    orders = open_orders(lines, terms, issues, items)
    about = window.drop_duplicates("item").set_index("item").reindex(items)
    tables = {
        "items": pd.DataFrame(
            {
                "item": items,
                "description": about["description"].to_numpy(),
                "class": about["class"].to_numpy(),
                "unit": "pack",
                "price": price.to_numpy(),
                "max_delay": 26,
                "ending_value": np.floor(lowest.reindex(items).to_numpy() * ENDING_SHARE * 1e4) / 1e4,
            }
        ),
        "locations": pd.DataFrame({"location": [CENTRE]}),
        "suppliers": suppliers(lines, terms),
        "customers": pd.DataFrame({"customer": sorted(window["customer"].unique())}),
        "sourcing": terms,
        "supplier_capacity": supplier_capacity(lines, terms),
        "inventory": inventory(items, issues),
        "open_orders": orders,
        "demand": demand(window, price),
    }
    missing = sorted(set(orders["supplier"]) - set(tables["suppliers"]["supplier"]))
    tables["suppliers"] = pd.concat([tables["suppliers"], pd.DataFrame({"supplier": missing})], ignore_index=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.map(text).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    (folder / "instance.toml").write_text(SETTINGS, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
