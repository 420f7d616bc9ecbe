"""Two Mondays: the week passes as planned, the instance of the next Monday is made, and the two plans are compared.

    python -m benchmarks.two_mondays roll INSTANCE PLAN NEXT [--same-end]
    python -m benchmarks.two_mondays compare PLAN SECOND_PLAN

What happens in the period that passes (the plan's period 0):

- `release` rows of the plan are placed: they become open orders with the arrival that the plan gives them, or are on
  hand where that was in the period itself. With frozen periods these are the orders of the first period that is not
  frozen.
- Open orders that arrive in it are received. An overdue one was expected by the plan in a later period: it gets that
  date, because otherwise it would be overdue, and expected a period later, every Monday anew.
- Stock is the plan's at the period's end. Supplier capacity stays as it is, by date.
- What was delivered is taken off the demand lines, and lines that are served or may wait no longer are gone. An order
  that is still open becomes an old backorder. The contract counts an old order's window from the new start; so its
  `max_delay` is set to what is left of it.
- A forecast that is due by now and not delivered would be dropped as past. What the plan promised to deliver later is
  a promise: it becomes an order of that quantity, with the forecast's dates and costs. The rest has lapsed: nobody
  ordered it, and nobody was promised it.
- The start moves by one period. The horizon keeps its length; with `--same-end` it ends where it did, and
  `whole_packs` counts one period less, so that the rest of the first plan is a plan of the second instance, and the
  second can cost no more.

The comparison looks at orders of periods that both plans have. A line is *ordered twice* if it was released on the
first Monday, the second Monday releases it again (same item, supplier, location) though the first plan did not plan
it for that period, and more is ordered of the item in all than the first plan had; *moved* is an order of the same
quantity in another period.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.plan_folder import number_text
from tests.reference.contract import Line, Tables, read_contract, rows_of
from tests.reference.folder import Row, table_of, write_instance
from tests.reference.periods import parse_date

LineKey = tuple[str, str, str, str, str, str]
OPEN_ORDERS = ("order", "line", "arrival", "item", "supplier", "location", "quantity")
TINY = Fraction(1, 10**6)


def read_rows(folder: Path, name: str) -> list[Row]:
    """The rows of a plan's file."""
    with (folder / name).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def roll(
    tables: Tables,
    settings: Mapping[str, Any],
    plan: Path,
    same_end: bool = False,
    due_as_written: Sequence[str] | None = None,
) -> tuple[dict[str, dict[str, list[str]]], dict[str, Any]]:
    """The instance of the next period, if the plan is followed for one.

    Args:
        tables: the instance as text tables.
        settings: its settings.
        plan: the plan folder.
        same_end: the horizon ends where it did, instead of keeping its length.
        due_as_written: the cells of `demand.due` as the user wrote them, by which the plan names its demand lines.

    Raises:
        ValueError: where nothing would be left of the horizon.
    """
    following = _Following(tables, settings, plan, due_as_written)
    rolled = {name: {column: list(cells) for column, cells in table.items()} for name, table in tables.items()}
    rolled["inventory"] = following.inventory()
    rolled["open_orders"] = following.open_orders()
    rolled["demand"] = following.demand()
    return rolled, following.settings(same_end)


class _Following:
    """What the tables are after a period in which the plan was followed."""

    def __init__(
        self, tables: Tables, settings: Mapping[str, Any], plan: Path, due_as_written: Sequence[str] | None
    ) -> None:
        self.tables, self.old_settings, self.plan = tables, settings, plan
        self.contract = read_contract(tables, settings, due_as_written)
        self.dues = due_as_written or list(tables.get("demand", {}).get("due", ()))
        self.calendar = self.contract.calendar
        self.items = {row["item"]: row for row in rows_of(tables, "items")}
        self.first, self.second = (self.calendar.first_day(t).isoformat() for t in (0, 1))

    def _columns(self, name: str) -> list[str]:
        return list(self.tables.get(name, {}))

    def inventory(self) -> dict[str, list[str]]:
        ends = {(r["item"], r["location"]): r["on_hand"] for r in self._stock_rows() if r["period"] == self.first}
        rows = [
            row | {"on_hand": ends.pop((row["item"], row["location"]), "0")}
            for row in rows_of(self.tables, "inventory")
        ]
        rows += [{"item": i, "location": place, "on_hand": quantity} for (i, place), quantity in ends.items()]
        return table_of(rows, self._columns("inventory"))

    def _stock_rows(self) -> list[Row]:
        return read_rows(self.plan, "inventory.csv")

    def open_orders(self) -> dict[str, list[str]]:
        horizon = self.old_settings.get("horizon", {})
        expected = int(horizon.get("overdue_arrival", 1))
        rows = []
        for row in rows_of(self.tables, "open_orders"):
            arrival = self.calendar.period(parse_date(row["arrival"]))
            if arrival < 0 < expected:
                rows.append(row | {"arrival": self.calendar.first_day(expected).isoformat()})
            elif arrival > 0:
                rows.append(row)
        released = (r for r in read_rows(self.plan, "purchase_orders.csv") if r["action"] == "release")
        for number, order in enumerate(released, start=1):
            if order["arrival_period"] > self.first:
                keys = {name: order[name] for name in ("item", "supplier", "location", "quantity")}
                mark = {"order": f"released {self.first}", "line": str(number), "arrival": order["arrival_period"]}
                rows.append(mark | keys)
        return table_of(rows, list(dict.fromkeys([*OPEN_ORDERS, *self._columns("open_orders")])))

    def demand(self) -> dict[str, list[str]]:
        now: dict[LineKey, Fraction] = defaultdict(Fraction)
        later: dict[LineKey, Fraction] = defaultdict(Fraction)
        for row in read_rows(self.plan, "allocations.csv"):
            names = ("item", "customer", "due", "kind", "demand_location", "reference")
            item, customer, due, kind, place, reference = (row[name] for name in names)
            period = now if row["delivery_period"] == self.first else later
            period[item, customer, due, kind, place, reference] += Fraction(row["quantity"])
        planned = {line.key: line for line in self.contract.lines}
        taken = {self._key(row) for row in rows_of(self.tables, "demand")}
        rows = []
        for row, due in zip(rows_of(self.tables, "demand"), self.dues, strict=True):
            key = self._key(row | {"due": due})
            if self.calendar.period(parse_date(row["due"])) >= 1:
                rows.append(row)
            elif key in planned and (left := self._left(row, planned[key], now[key], later[key])):
                rows.append(_renamed(left, taken) if row.get("kind") == "forecast" else left)
        return table_of(rows, self._columns("demand"))

    def _key(self, row: Row) -> LineKey:
        kind = row.get("kind") or "order"
        return row["item"], row["customer"], row["due"], kind, row.get("location", ""), row.get("reference", "")

    def _left(self, row: Row, line: Line, now: Fraction, later: Fraction) -> Row | None:
        """What is still open of a line that is due by now; none where nothing is, or where it may wait no longer."""
        forecast = row.get("kind") == "forecast"
        quantity = later if forecast else line.quantity - now
        delay = row.get("max_delay") or self.items[row["item"]].get("max_delay", "")
        if quantity <= TINY or delay == "0":
            return None
        window = {"max_delay": str(int(Fraction(delay)) - 1)} if delay else {}
        return row | {"quantity": number_text(quantity)} | ({"kind": "order"} if forecast else {}) | window

    def settings(self, same_end: bool) -> dict[str, Any]:
        settings = {name: value for name, value in self.old_settings.items() if name != "read"}
        settings["start"] = date.fromisoformat(self.second)
        if same_end:
            if self.contract.periods < 2:
                raise ValueError("the horizon has one period: nothing is left of it")
            settings["periods"] = self.contract.periods - 1
            horizon = dict(settings.get("horizon", {}))
            if "whole_packs" in horizon:
                horizon["whole_packs"] = max(0, int(horizon["whole_packs"]) - 1)
                settings["horizon"] = horizon
        return settings


def _renamed(row: Row, taken: set[LineKey]) -> Row:
    """A promised forecast as an order, with a reference that makes its key its own."""
    number = 1
    while True:
        reference = f"{row.get('reference', '')} forecast {number}".strip()
        key = row["item"], row["customer"], row["due"], "order", row.get("location", ""), reference
        if key not in taken:
            taken.add(key)
            return row | {"reference": reference}
        number += 1


@dataclass
class Changes:
    """What changed between two plans, in order lines; `quantities` adds up what each group of lines is about."""

    released_first: int = 0
    released_second: int = 0
    released_again: int = 0
    ordered_twice: int = 0
    kept: int = 0
    quantity_changed: int = 0
    moved: int = 0
    dropped: int = 0
    added: int = 0
    value_kept: float = 0.0
    value_dropped: float = 0.0
    value_added: float = 0.0
    twice: list[str] = field(default_factory=list)


def compare(first: Path, second: Path, through: str = "9999") -> Changes:
    """Counts what the second plan changes in what the first had planned after its release.

    Args:
        first: the plan folder of the first Monday.
        second: the plan folder of the second.
        through: first day of the last period that both horizons have; what the second plan orders to arrive later is
        new
            because the horizon is, and is not counted.
    """
    before, after = (read_rows(folder, "purchase_orders.csv") for folder in (first, second))
    released = [row for row in before if row["action"] == "release"]
    release_period = max((row["order_period"] for row in released), default="")
    planned = {
        _place(row): row for row in before if row["action"] != "release" and row["order_period"] > release_period
    }
    found = {_place(row): row for row in after if row["arrival_period"] <= through}
    changes = Changes(len(released), sum(row["action"] == "release" for row in after))
    more = _more_in_all(before, [*released, *found.values()])
    _count_released(changes, released, planned, [row for row in after if row["action"] == "release"], more)
    _count_planned(changes, planned, found)
    return changes


def _place(row: Row) -> tuple[str, str, str, str]:
    return row["item"], row["supplier"], row["location"], row["order_period"]


def _count_released(
    changes: Changes,
    released: Sequence[Row],
    planned: Mapping[tuple[str, str, str, str], Row],
    again: Sequence[Row],
    more: Mapping[str, Fraction],
) -> None:
    lines = {_place(row)[:3] for row in released}
    for row in again:
        if _place(row)[:3] in lines:
            changes.released_again += 1
            if _place(row) not in planned and more[row["item"]] > TINY:
                changes.ordered_twice += 1
                changes.twice.append(f"{row['item']} from {row['supplier']} at {row['location']}: {row['quantity']}")


def _more_in_all(first: Sequence[Row], second: Sequence[Row]) -> dict[str, Fraction]:
    """By item, how much more is ordered in all than the first plan had: what is split anew is not ordered twice."""
    more: dict[str, Fraction] = defaultdict(Fraction)
    for sign, rows in ((-1, first), (1, second)):
        for row in rows:
            more[row["item"]] += sign * Fraction(row["quantity"])
    return more


def _count_planned(
    changes: Changes,
    planned: Mapping[tuple[str, str, str, str], Row],
    found: Mapping[tuple[str, str, str, str], Row],
) -> None:
    dropped: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for key, row in planned.items():
        if key not in found:
            dropped[key[:3]].append(row)
        elif _same(row, found[key]):
            changes.kept += 1
            changes.value_kept += float(row["value"])
        else:
            changes.quantity_changed += 1
    for key, row in found.items():
        if key not in planned:
            elsewhere = next((old for old in dropped[key[:3]] if _same(old, row)), None)
            if elsewhere is None:
                changes.added += 1
                changes.value_added += float(row["value"])
            else:
                dropped[key[:3]].remove(elsewhere)
                changes.moved += 1
    for rows in dropped.values():
        changes.dropped += len(rows)
        changes.value_dropped += sum(float(row["value"]) for row in rows)


def _same(row: Row, other: Row) -> bool:
    here, there = Fraction(row["quantity"]), Fraction(other["quantity"])
    return abs(here - there) <= TINY * (1 + here)


def main(argv: Sequence[str] | None = None) -> int:
    """Rolls an instance forward, or compares two plans, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    rolling = commands.add_parser("roll", help="make the instance of the next period")
    rolling.add_argument("instance", type=Path)
    rolling.add_argument("plan", type=Path, help="the plan that is followed for one period")
    rolling.add_argument("next", type=Path, help="folder for the new instance")
    rolling.add_argument("--same-end", action="store_true", help="the horizon ends where it did")
    comparing = commands.add_parser("compare", help="count what changed between two plans")
    comparing.add_argument("first", type=Path)
    comparing.add_argument("second", type=Path)
    comparing.add_argument("--through", default="9999", help="first day of the last period that both horizons have")
    asked = parser.parse_args(argv)
    if asked.command == "roll":
        from optimizer.read import read

        instance = read(asked.instance)
        dues = instance.as_written("demand", "due")
        write_instance(asked.next, *roll(instance.text, instance.settings_text, asked.plan, asked.same_end, dues))
    else:
        json.dump(asdict(compare(asked.first, asked.second, asked.through)), sys.stdout, indent=2, ensure_ascii=False)
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
