"""Convert the bid evaluation problem of Bracken & McCormick into an instance of the data contract.

One item, wanted once; a vendor's first segment is its row of `sourcing` (setup, price, least quantity), the largest
quantity of its last segment is that row's largest, and further segments are incremental price breaks.

Run: python instances/benchmarks/make_bid.py [FOLDER]
writes the instance into FOLDER/bid (default: beside this file).
"""

import csv
import json
import sys
from itertools import groupby
from pathlib import Path

SOURCE = Path(__file__).parent / "source" / "bid.csv"
REQUIRED = "239600.48"
KNOWN = 15210109.512

INSTANCE = """name = "bid"
start = 2027-01-04
periods = 1
period = "week"

[solve]
gap = 0.0
time_limit = 60
"""
EXPECTED = {
    "objective": KNOWN,
    "gap": 1e-6,
    "source": "Bracken & McCormick (1968), Selected Applications of Nonlinear Programming, ch. 3; GAMS library: bid",
    "time_limit": 60,
}


def write_table(path: Path, rows: list[list[str]]) -> None:
    """Write one CSV table, header first, with bare line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main(folder: Path) -> None:
    """Write the instance into its own folder of `folder`."""
    folder = folder / "bid"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "instance.toml").write_text(INSTANCE, encoding="utf-8", newline="\n")
    (folder / "expected.json").write_text(json.dumps(EXPECTED, indent=2) + "\n", encoding="utf-8", newline="\n")
    with SOURCE.open(encoding="utf-8", newline="") as file:
        offers = [list(rows) for _, rows in groupby(csv.DictReader(file), key=lambda row: row["vendor"])]
    terms = ["unit_cost", "lead_time", "order_cost", "minimum_quantity", "maximum_quantity"]
    sourcing, breaks = [["item", "supplier", *terms]], [["item", "supplier", "minimum_quantity", "unit_cost", "kind"]]
    for first, *others in offers:
        last = others[-1] if others else first
        limits = [first["setup"], first["qmin"], last["qmax"]]
        sourcing.append(["goods", first["vendor"], first["price"], "0", *limits])
        breaks += [["goods", row["vendor"], row["qmin"], row["price"], "incremental"] for row in others]
    write_table(folder / "sourcing.csv", sourcing)
    write_table(folder / "price_breaks.csv", breaks)
    write_table(folder / "suppliers.csv", [["supplier"], *([first["vendor"]] for first, *_ in offers)])
    costs = ["holding_cost", "backorder_cost", "shortage_cost", "max_delay", "ending_value"]
    write_table(folder / "items.csv", [["item", *costs], ["goods", "0", "0", "10000", "0", "0"]])
    write_table(folder / "inventory.csv", [["item", "location", "on_hand"], ["goods", "main", "0"]])
    demand = [["item", "customer", "due", "kind", "quantity"], ["goods", "buyer", "2027-01-04", "order", REQUIRED]]
    write_table(folder / "demand.csv", demand)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
