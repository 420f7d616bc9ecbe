"""The plan's files as written: each row parsed to exact numbers and periods; what cannot be read is kept as a fault.

A record type is a named tuple whose first field is `row` and whose other fields are the file's columns in their order:
`str` is text byte for byte, `Fraction` a plain decimal, `int` a period named by its first day. A rule that comes with a
file of its own declares its record and calls `Plan.load`.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_type_hints

from optimizer.audit.book.calendar import Calendar
from optimizer.audit.book.numbers import decimal
from optimizer.audit.book.violation import Violation

ROWS_AT_ONCE = 10_000
LineKey = tuple[str, str, str, str, str, str]
Record = TypeVar("Record", bound=NamedTuple)


class Order(NamedTuple):
    """A row of `purchase_orders.csv`."""

    row: int
    item: str
    supplier: str
    location: str
    order_period: int
    arrival_period: int
    quantity: Fraction
    unit_cost: Fraction
    value: Fraction
    action: str


class Allocation(NamedTuple):
    """A row of `allocations.csv`."""

    row: int
    item: str
    customer: str
    due: str
    kind: str
    demand_location: str
    reference: str
    location: str
    delivery_period: int
    quantity: Fraction
    periods_late: Fraction
    backorder_cost: Fraction

    @property
    def line(self) -> LineKey:
        """The demand line that it names."""
        return self.item, self.customer, self.due, self.kind, self.demand_location, self.reference


class Backorder(NamedTuple):
    """A row of `backorders.csv`."""

    row: int
    item: str
    customer: str
    due: str
    kind: str
    demand_location: str
    reference: str
    quantity: Fraction
    late_quantity: Fraction
    short_quantity: Fraction
    promise: str
    cost: Fraction

    @property
    def line(self) -> LineKey:
        """The demand line that it names."""
        return self.item, self.customer, self.due, self.kind, self.demand_location, self.reference


class StockRow(NamedTuple):
    """A row of `inventory.csv`."""

    row: int
    item: str
    location: str
    period: int
    opening: Fraction
    receipts: Fraction
    transfers_in: Fraction
    transfers_out: Fraction
    delivered: Fraction
    on_hand: Fraction


class CostRow(NamedTuple):
    """A row of `costs.csv`; `period` is text because it may be empty."""

    row: int
    account: str
    item: str
    supplier: str
    customer: str
    location: str
    period: str
    amount: Fraction


class _Known(dict[str, Any]):
    """What the texts of one column mean: each different one is read, and kept, once."""

    def __init__(self, parser: Callable[[str], Any]) -> None:
        self._parser = parser

    def __missing__(self, text: str) -> Any:
        self[text] = value = self._parser(text)
        return value


class Plan:
    """The folder of a plan."""

    def __init__(self, folder: Path, calendar: Calendar) -> None:
        self.folder = folder
        self.faults: list[Violation] = []
        self._parsers: dict[Any, Callable[[str], Any]] = {str: str, Fraction: decimal, int: calendar.named}
        self.orders = self.load("purchase_orders.csv", Order)
        self.allocations = self.load("allocations.csv", Allocation)
        self.backorders = self.load("backorders.csv", Backorder)
        self.stock_rows = self.load("inventory.csv", StockRow)
        self.cost_rows = self.load("costs.csv", CostRow)
        self.figures = self.load_json("plan.json")
        self.run = self.load_json("run.json") if (folder / "run.json").exists() else {}

    def load(self, name: str, record: type[Record]) -> list[Record]:
        """The rows of a CSV file that can be read, each as a `record`; the others become faults."""
        hints, make, columns = get_type_hints(record), record._make, record._fields[1:]
        known = [_Known(self._parsers[hints[column]]) for column in columns]
        records: list[Record] = []
        for rows, cells in self.cells(name, columns):
            try:
                by_column = zip(*cells, strict=True)
                values = [list(map(texts.__getitem__, own)) for texts, own in zip(known, by_column, strict=False)]
                records.extend(map(make, zip(rows, *values, strict=True)))
            except ValueError:
                records.extend(self._one_by_one(name, record, rows, cells, known))
        return records

    def _one_by_one(
        self, name: str, record: type[Record], rows: Sequence[int], cells: list[list[str]], known: Sequence["_Known"]
    ) -> Iterator[Record]:
        """Those rows that can be read, and a fault for each cell of the others that cannot."""
        for row, own in zip(rows, cells, strict=True):
            try:
                values = [texts[cell] for texts, cell in zip(known, own, strict=False)]
            except ValueError:
                self._tell(name, row, record._fields[1:], known, own)
            else:
                yield record._make((row, *values))

    def _tell(self, name: str, row: int, columns: Sequence[str], known: Sequence["_Known"], cells: list[str]) -> None:
        """A fault for each cell of a row that cannot be read."""
        for column, values, text in zip(columns, known, cells, strict=False):
            try:
                values[text]
            except ValueError as error:
                self._fault(name, f"{column} cannot be read", row, found=text or "an empty cell", expected=str(error))

    def cells(self, name: str, columns: Sequence[str]) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """Row numbers and cells of the full rows of a CSV file that starts with the given columns, many at a time."""
        try:
            with (self.folder / name).open(encoding="utf-8", newline="") as file:
                yield from self._full_rows(name, columns, csv.reader(file, strict=True))
        except FileNotFoundError:
            self._fault(name, "is missing")
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self._fault(name, f"cannot be read: {error}")

    def _full_rows(
        self, name: str, columns: Sequence[str], reader: Any
    ) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        header: list[str] = next(reader, [])
        if header[: len(columns)] != list(columns) or len(set(header)) != len(header):
            self._fault(name, "has another header", 1, found=",".join(header), expected=",".join(columns))
            return
        last = reader.line_num
        while cells := list(islice(reader, ROWS_AT_ONCE)):
            rows: Sequence[int] = range(last + 1, reader.line_num + 1)
            last = reader.line_num
            if len(rows) != len(cells):  # some cell spans several lines
                rows = list(accumulate((_lines(row) for row in cells[:-1]), initial=rows[0]))
            if set(map(len, cells)) == {len(header)}:
                yield rows, cells
                continue
            for row, own in zip(rows, cells, strict=True):
                if len(own) != len(header):
                    self._fault(name, "has another number of cells", row, str(len(own)), str(len(header)))
            full = [(row, own) for row, own in zip(rows, cells, strict=True) if len(own) == len(header)]
            if full:
                yield [row for row, _ in full], [own for _, own in full]

    def load_json(self, name: str) -> dict[str, Any]:
        """What a JSON file holds, its decimals as fractions; nothing, and a fault, if it cannot be read."""
        try:
            text = (self.folder / name).read_text(encoding="utf-8")
            content = json.loads(text, parse_float=Fraction, parse_constant=_refuse)
        except FileNotFoundError:
            self._fault(name, "is missing")
        except (OSError, ValueError) as error:
            self._fault(name, f"cannot be read: {error}")
        else:
            if isinstance(content, dict):
                return content
            self._fault(name, "holds no object")
        return {}

    @property
    def run_settings(self) -> dict[str, Any]:
        """Settings that `run.json` states."""
        return _object(self.run.get("settings"))

    @property
    def run_files(self) -> dict[str, dict[str, Any]]:
        """What `run.json` states of each file that is there."""
        files = _object(self.run.get("files"))
        return {name: _object(stated) for name, stated in files.items() if (self.folder / name).is_file()}

    def _fault(self, name: str, message: str, row: int | None = None, found: str = "", expected: str = "") -> None:
        self.faults.append(Violation(rule="file", file=name, row=row, message=message, found=found, expected=expected))


def _lines(cells: Sequence[str]) -> int:
    """Lines that a row spans in its file."""
    return 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in cells)


def _object(value: object) -> dict[str, Any]:
    """A JSON object, or nothing where it is something else."""
    return value if isinstance(value, dict) else {}


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")
