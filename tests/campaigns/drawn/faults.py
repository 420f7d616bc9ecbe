"""Faults to plant: kinds of what is wrong in planners' files, each with the place that a message must name.

A kind changes a table (or the settings, or a file) and says which row, column and value it spoiled. Kinds with
`together` are seen only when tables are looked at together, after every cell was read; those with `whole` spoil a whole
table. `severity` "warning": possible, and to be told all the same.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaigns.drawn.rule import Drawn

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Planted:
    """One fault and where it stands: row as an editor counts it, None where no single row is to blame."""

    table: str
    row: int | None = None
    column: str = ""
    value: str = ""
    other_rows: tuple[int, ...] = ()  # that may be named instead: of two rows that contradict each other, either


@dataclass(frozen=True)
class Kind:
    """A kind of fault; `plant` changes a row of its table, `spoil` the file."""

    name: str
    table: str
    plant: Callable[[random.Random, Rows, int], Planted] | None = None
    spoil: Callable[[random.Random, Path], Planted] | None = None
    severity: str = "fault"
    together: bool = False
    whole: bool = False
    knows: tuple[str, ...] = ()  # tables without which nobody can know: a reference needs the table referred to


def base(dice: random.Random) -> Drawn:
    """A sound instance of every usual table, of which nothing is implausible."""
    items, suppliers, customers = [f"A{k}" for k in range(1, 7)], ["ACME", "BEST", "0042"], ["C1", "C2", "C3"]
    items[0], places, weeks = "00123", ["north", "south"], range(1, 12)
    price = {item: dice.randint(10, 40) for item in items}
    day = {week: f"2026-W{47 + week}" if week < 7 else f"2027-W{week - 6:02d}" for week in weeks}
    tables: dict[str, Rows] = {
        "items": [{"item": item, "description": f"item {item}", "price": f"{price[item] * 2}", "holding_cost": "0.1",
                   "backorder_cost": "1", "shortage_cost": f"{price[item] * 30}", "max_delay": "4", "quantity_step": "",
                   "ending_value": "", "unit_volume": "1"} for item in items],
        "suppliers": [{"supplier": one, "order_cost": "20", "minimum_order_value": "", "maximum_order_value": "90000"}
                      for one in suppliers],
        "customers": [{"customer": one, "weight": "1"} for one in customers],
        "locations": [{"location": one, "volume_capacity": "", "overflow_cost": ""} for one in places],
        "sourcing": [{"item": item, "supplier": one, "valid_from": "", "valid_to": "", "unit_cost": f"{price[item]}",
                      "lead_time": f"{dice.randint(1, 3)}", "order_cost": "5", "minimum_quantity": "4", "multiple": "2",
                      "maximum_quantity": "400", "share_min": "", "share_max": ""}
                     for item in items for one in dice.sample(suppliers, 2)],
        "supplier_capacity": [{"supplier": one, "period": day[week], "capacity": "900", "overtime_capacity": "",
                               "overtime_cost": ""} for one in suppliers for week in weeks],
        "inventory": [{"item": item, "location": one, "on_hand": f"{dice.randint(0, 20)}", "safety_stock": "2"}
                      for item in items for one in places],
        "open_orders": [{"order": f"PO{k}", "arrival": day[k + 1], "item": item, "supplier": suppliers[k % 3],
                         "location": places[k % 2], "quantity": "6"} for k, item in enumerate(items)],
        "demand": [{"item": item, "customer": one, "due": day[week], "kind": "order", "location": "", "reference": "",
                    "quantity": f"{dice.randint(8, 14)}", "backorder_cost": "", "max_delay": ""}
                   for item in items for one in customers for week in dice.sample(weeks, 6)],
    }  # fmt: skip
    settings = {"name": "sound", "start": "2026-11-23", "periods": 26, "solve": {"gap": 0.01}}
    return Drawn({name: columns_of(rows) for name, rows in tables.items()}, settings)


def columns_of(rows: Rows) -> dict[str, list[str]]:
    """Rows as columns."""
    return {column: [row[column] for row in rows] for column in rows[0]}


def rows_of(of: dict[str, list[str]]) -> Rows:
    """Columns as rows."""
    return [dict(zip(of, cells, strict=True)) for cells in zip(*of.values(), strict=True)]


def _cell(name: str, table: str, column: str, *values: str, severity: str = "fault", knows: str = "") -> Kind:
    """Other text in a cell."""

    def plant(dice: random.Random, rows: Rows, row: int) -> Planted:
        rows[row][column] = value = dice.choice(values)
        return Planted(table, row + 2, column, value)

    return Kind(name, table, plant, severity=severity, knows=(knows,) if knows else ())


def _odd_id(name: str, table: str, column: str, change: Callable[[str], str], knows: str = "") -> Kind:
    def plant(dice: random.Random, rows: Rows, row: int) -> Planted:
        rows[row][column] = value = change(rows[row][column])
        return Planted(table, row + 2, column, value)

    return Kind(name, table, plant, knows=(knows,) if knows else ())


def _both(
    name: str, table: str, column: str, severity: str = "fault", knows: tuple[str, ...] = (), **cells: str
) -> Kind:
    """Several cells of a row that do not go together."""

    def plant(dice: random.Random, rows: Rows, row: int) -> Planted:
        rows[row].update(cells)
        return Planted(table, row + 2, column, cells.get(column, rows[row][column]))

    return Kind(name, table, plant, together=True, severity=severity, knows=knows)


def _again(name: str, table: str, column: str, **other: str) -> Kind:
    """A row whose key stands there already."""

    def plant(dice: random.Random, rows: Rows, row: int) -> Planted:
        rows.append({**rows[row], **other})
        return Planted(table, len(rows) + 1, column, rows[row][column], (row + 2,))

    return Kind(name, table, plant)


def _zero_lost(dice: random.Random, rows: Rows, row: int) -> Planted:
    rows[row]["item"] = "123"
    return Planted("demand", row + 2, "item", "123")


def _overlapping(dice: random.Random, rows: Rows, row: int) -> Planted:
    rows[row]["valid_to"] = "2027-01-31"
    rows.append({**rows[row], "valid_from": "2027-01-04", "valid_to": ""})
    return Planted("sourcing", len(rows) + 1, "valid_from", "2027-01-04", (row + 2,))


def _shares(dice: random.Random, rows: Rows, row: int) -> Planted:
    mine = [k for k, other in enumerate(rows) if other["item"] == rows[row]["item"]]
    for k in mine:
        rows[k]["share_min"] = "0.7"
    return Planted("sourcing", mine[0] + 2, "share_min", "0.7", tuple(k + 2 for k in mine))


def _no_lead_time(dice: random.Random, rows: Rows, row: int) -> Planted:
    rows[row]["lead_time"] = ""
    return Planted("sourcing", row + 2, "lead_time", "")


def _lookalike(dice: random.Random, rows: Rows, row: int) -> Planted:
    rows.append({**rows[1], "item": "a2"})
    return Planted("items", len(rows) + 1, "item", "a2", (3,))


CELLS: tuple[Kind, ...] = (
    _cell("a word for a number", "sourcing", "unit_cost", "abc", "TBD", "?"),
    _cell("a negative cost", "sourcing", "order_cost", "-5", "-0.01"),
    _cell("a negative quantity", "demand", "quantity", "-3", "-0.5"),
    _cell("a negative lead time", "sourcing", "lead_time", "-1"),
    _cell("a negative capacity", "supplier_capacity", "capacity", "-100"),
    _cell("infinity", "items", "price", "inf", "Infinity", "-inf", "∞"),
    _cell("not a number", "items", "holding_cost", "nan", "NaN"),
    _cell("NA for an empty cell", "items", "price", "NA", "N/A", "NULL", "none", "-", "#N/A"),
    _cell("a number beyond all bounds", "demand", "quantity", "1e999", "9" * 30),
    _cell("a number of 16 digits", "sourcing", "unit_cost", "9007199254740993"),
    _cell("a decimal comma", "sourcing", "unit_cost", "3,5", "12,75"),
    _cell("thousands separators", "sourcing", "unit_cost", "1,234", "1.234,50", "1 234", "1'234"),
    _cell("a unit behind a number", "demand", "quantity", "5 kg", "12 pcs", "3x"),
    _cell("a currency sign", "items", "price", "€5", "5 EUR", "$12.50"),
    _cell("a percent sign", "customers", "weight", "120%"),
    _cell("a number in words", "demand", "quantity", "ten", "١٢", "Ⅻ", "½"),
    _cell("a half period", "sourcing", "lead_time", "1.5", "0.25"),
    _cell("a day that does not exist", "demand", "due", "2026-02-30", "2026-13-01", "2027-00-10"),
    _cell("a date of another country", "demand", "due", "07.12.2026", "12/07/2026", "2026/12/07", "20261207"),
    _cell("a date as Excel counts", "open_orders", "arrival", "46349", "46349.5"),
    _cell("a date in words", "demand", "due", "soon", "next week", "Dec 2026"),
    _cell("a week that does not exist", "demand", "due", "2026-W54", "2026-W00"),
    _cell("a date and a time", "open_orders", "arrival", "2026-12-07 25:00", "2026-12-07T99"),
    _cell("no date where one must be", "demand", "due", ""),
    _cell("no id where one must be", "demand", "customer", ""),
    _cell("no price where one must be", "sourcing", "unit_cost", ""),
    _cell("a kind that is none", "demand", "kind", "Forecast", "ordr", "sale"),
    _cell("a share above one", "sourcing", "share_max", "1.2", "80"),
    _cell("a pack of nothing", "sourcing", "multiple", "0"),
    _cell("an item that nobody knows", "demand", "item", "ZZZ", "A99", knows="items"),
    _cell("a supplier that nobody knows", "sourcing", "supplier", "ACMEE", "acme", "BSET", knows="suppliers"),
    _cell("an item of stock that nobody knows", "inventory", "item", "B1", "a2", knows="items"),
    _cell("a location that nobody knows", "demand", "location", "nroth", "West", knows="locations"),
    _cell("a location of an open order that nobody knows", "open_orders", "location", "main", knows="locations"),
    Kind("leading zeros lost", "demand", _zero_lost, knows=("items",)),
    _odd_id("a space before an id", "demand", "item", lambda old: f" {old}"),
    _odd_id("a space behind an id", "sourcing", "supplier", lambda old: f"{old} "),
    _odd_id("a tab behind an id", "inventory", "item", lambda old: f"{old}\t"),
    _odd_id("a wide space in an id", "sourcing", "item", lambda old: f"{old}\u00a0"),
    _odd_id("an invisible character in an id", "demand", "customer", lambda old: f"{old}\u200b", "customers"),
    _odd_id("a long number shortened", "demand", "customer", lambda old: "4.00638E+12", "customers"),
    _cell("an id that became a number", "demand", "item", "123.0", knows="items"),
    _cell("no location where one must be", "open_orders", "location", ""),
    _again("an item twice", "items", "item", price="99"),
    _again("a supplier twice", "suppliers", "supplier", order_cost="1"),
    _again("a demand line twice", "demand", "item", quantity="7"),
    _again("a row word for word again", "inventory", "item"),
    _again("a period of capacity twice", "supplier_capacity", "supplier", capacity="5"),
    _cell("negative stock", "inventory", "on_hand", "-5", severity="warning"),
)  # fmt: skip
TOGETHER: tuple[Kind, ...] = (
    Kind("dated rows that overlap", "sourcing", _overlapping, together=True),
    _both("a row that ends before it begins", "sourcing", "valid_to", valid_from="2027-03-01", valid_to="2027-02-01"),
    Kind("shares that add up to more than all", "sourcing", _shares, together=True),
    _both("a share that is least above most", "sourcing", "share_min", share_min="0.6", share_max="0.4"),
    _both("most below least", "sourcing", "maximum_quantity", minimum_quantity="50", maximum_quantity="20"),
    _both("no pack between least and most", "sourcing", "maximum_quantity", "warning", minimum_quantity="11",
          multiple="10", maximum_quantity="19"),
    _both("an order value that is most below least", "suppliers", "maximum_order_value", minimum_order_value="500",
          maximum_order_value="400"),
    _both("an ending value above the price", "items", "ending_value", knows=("sourcing",), ending_value="90"),
    _both("a capacity without a cost of overflow", "locations", "overflow_cost", volume_capacity="100"),
    Kind("no lead time", "sourcing", _no_lead_time, together=True),
    _both("overtime without a capacity", "supplier_capacity", "overtime_capacity", "warning", capacity="",
          overtime_capacity="20"),
    _both("a shortage that costs less than buying", "items", "shortage_cost", "warning", shortage_cost="0.5"),
    _both("a shortage that costs less than waiting", "items", "shortage_cost", "warning", shortage_cost="60",
          backorder_cost="50"),
    _both("a forecast of the past", "demand", "due", "warning", due="2026-09-01", kind="forecast"),
    _both("a demand after the horizon", "demand", "due", "warning", due="2029-01-01"),
    _both("an open order after the horizon", "open_orders", "arrival", "warning", arrival="2029-01-01"),
    Kind("two ids that differ in case", "items", _lookalike, severity="warning", together=True),
    _both("a price ten times the usual", "sourcing", "unit_cost", "warning", unit_cost="3000"),
    _both("a demand ten times the usual", "demand", "quantity", "warning", quantity="4000"),
    _both("a lead time beyond the horizon", "sourcing", "lead_time", "warning", lead_time="60"),
    _both("a batch of years", "sourcing", "minimum_quantity", "warning", minimum_quantity="90000", maximum_quantity=""),
)  # fmt: skip


def _lines(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    text = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join(change(text)), encoding="utf-8")


def _file(name: str, table: str, spoil: Callable[[random.Random, Path], Planted], severity: str = "fault") -> Kind:
    return Kind(name, table, spoil=spoil, severity=severity, whole=True)


def _row_longer(dice: random.Random, path: Path) -> Planted:
    row = dice.randint(1, 3)
    _lines(path, lambda lines: [*lines[:row], lines[row] + ",x", *lines[row + 1 :]])
    return Planted(path.stem, row + 1)


def _row_shorter(dice: random.Random, path: Path) -> Planted:
    row = dice.randint(1, 3)
    _lines(path, lambda lines: [*lines[:row], lines[row].rpartition(",")[0], *lines[row + 1 :]])
    return Planted(path.stem, row + 1)


def _header(put: str, old: str, column: str = "", row: int | None = None) -> Callable[[random.Random, Path], Planted]:
    def spoil(dice: random.Random, path: Path) -> Planted:
        _lines(path, lambda lines: [",".join(put if cell == old else cell for cell in lines[0].split(",")), *lines[1:]])
        return Planted(path.stem, row, column or put)

    return spoil


def _column_gone(dice: random.Random, path: Path) -> Planted:
    place = path.read_text(encoding="utf-8").split("\n")[0].split(",").index("unit_cost")
    _lines(path, lambda lines: [",".join(c for k, c in enumerate(line.split(",")) if k != place) for line in lines])
    return Planted(path.stem, None, "unit_cost")


def _as_bytes(change: Callable[[bytes], bytes], row: int | None = None) -> Callable[[random.Random, Path], Planted]:
    def spoil(dice: random.Random, path: Path) -> Planted:
        path.write_bytes(change(path.read_bytes()))
        return Planted(path.stem, row)

    return spoil


def _gone(dice: random.Random, path: Path) -> Planted:
    path.unlink()
    return Planted(path.stem)


def _renamed(*changes: Callable[[str], str]) -> Callable[[random.Random, Path], Planted]:
    def spoil(dice: random.Random, path: Path) -> Planted:
        name = dice.choice(changes)(path.stem)
        path.rename(path.with_name(f"{name}.csv"))
        return Planted(name)

    return spoil


def _in_row(row: int, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def of(data: bytes) -> bytes:
        lines = data.split(b"\n")
        lines[row - 1] = change(lines[row - 1])
        return b"\n".join(lines)

    return of


WHOLE: tuple[Kind, ...] = (
    _file("a cell too many", "open_orders", _row_longer),
    _file("a cell too few", "inventory", _row_shorter),
    _file("a header twice", "items", _header("price", "holding_cost", row=1)),
    _file("a header in capitals", "sourcing", _header("UNIT_COST", "unit_cost")),
    _file("a header with a space", "demand", _header("quantity ", "quantity")),
    _file("a header misspelled", "sourcing", _header("lead_tme", "lead_time"), "warning"),
    _file("a header that must be there misspelled", "demand", _header("quantty", "quantity")),
    _file("a column that is missing", "sourcing", _column_gone),
    _file("a table that is missing", "suppliers", _gone),
    _file("a table named otherwise", "customers", _renamed(str.title, str.upper, lambda name: f"{name} ")),
    _file("a table misspelled", "locations", _renamed(lambda name: name[:-1], lambda name: f"my_{name}"), "warning"),
    _file("semicolons", "inventory", _as_bytes(lambda data: data.replace(b",", b";"))),
    _file("tabs", "open_orders", _as_bytes(lambda data: data.replace(b",", b"\t"))),
    _file("UTF-16", "items", _as_bytes(lambda data: data.decode().encode("utf-16"))),
    _file("Latin letters not in UTF-8", "items",
          _as_bytes(_in_row(3, lambda line: line.replace(b"item", b"Gr\xf6\xdfe")), 3)),
    _file("a quotation mark that is not closed", "suppliers", _as_bytes(_in_row(3, lambda line: b'"' + line), 3)),
    _file("a NUL character", "customers", _as_bytes(_in_row(3, lambda line: b"\0" + line), 3)),
    _file("an empty file", "demand", _as_bytes(lambda data: b"")),
    _file("a header without rows", "demand", _as_bytes(lambda data: data.split(b"\n")[0] + b"\n")),
)  # fmt: skip


def _setting(name: str, key: str, line: str, severity: str = "fault", whole: bool = False) -> Kind:
    def spoil(dice: random.Random, path: Path) -> Planted:
        section, _, last = key.rpartition(".")
        kept = [old for old in path.read_text(encoding="utf-8").split("\n") if not old.startswith(f"{last} ")]
        at = kept.index(f"[{section}]") + 1 if f"[{section}]" in kept else 0 if not section else len(kept)
        put = [line] if not section or f"[{section}]" in kept else [f"[{section}]", line]
        kept[at:at] = put
        path.write_text("\n".join(kept), encoding="utf-8")
        row = kept.index(line) + 1 if line else None
        return Planted("instance", row, key, line.partition("= ")[2].strip('"') if severity == "fault" else "")

    return Kind(name, "instance", spoil=spoil, severity=severity, whole=whole)


SETTINGS: tuple[Kind, ...] = (
    _setting("no periods", "periods", "periods = 0"),
    _setting("half a period", "periods", "periods = 13.5"),
    _setting("periods as a text", "periods", 'periods = "many"'),
    _setting("a start that is no date", "start", 'start = "soon"'),
    _setting("no start", "start", ""),
    _setting("a period of another kind", "period", 'period = "fortnight"'),
    _setting("a gap above one", "solve.gap", "gap = 2"),
    _setting("a gap below nothing", "solve.gap", "gap = -0.1"),
    _setting("a time limit below nothing", "solve.time_limit", "time_limit = -5"),
    _setting("frozen below nothing", "horizon.frozen", "frozen = -1"),
    _setting("a rate that is no number", "costs.holding_rate", 'holding_rate = "high"'),
    _setting("a setting misspelled", "horizon.frozn", "frozn = 1", "warning"),
    _setting("an encoding that nobody knows", "read.encoding", 'encoding = "klingon"', whole=True),
)
KINDS = (*CELLS, *TOGETHER, *WHOLE, *SETTINGS)


@dataclass
class Spoiled:
    """An instance with faults in it."""

    folder: Path
    planted: list[tuple[Kind, Planted]] = field(default_factory=list)


def spoiled(folder: Path, kinds: Sequence[Kind], dice: random.Random) -> Spoiled:
    """A sound instance, written with these faults: each table has one of the kinds that spoil it whole, or none."""
    from tests.reference.folder import write_instance

    drawn, result = base(dice), Spoiled(folder)
    used: dict[str, list[int]] = {}
    for kind in kinds:
        if kind.plant is None:
            continue
        rows = rows_of(drawn.tables[kind.table])
        taken = used.setdefault(kind.table, [])
        row = dice.choice([row for row in range(1, len(rows)) if row not in taken])
        planted = kind.plant(dice, rows, row)
        taken += [row, *(k - 2 for k in (planted.row or 2, *planted.other_rows))]
        drawn.tables[kind.table] = columns_of(rows)
        result.planted.append((kind, planted))
    write_instance(folder, drawn.tables, drawn.settings)
    for kind in kinds:
        if kind.spoil is not None:
            path = folder / ("instance.toml" if kind.table == "instance" else f"{kind.table}.csv")
            result.planted.append((kind, kind.spoil(dice, path)))
    return result


def some_kinds(dice: random.Random, first: Kind, more: int) -> list[Kind]:
    """A kind and some others that do not hide it: of a table that is spoiled whole nothing else can be told."""
    chosen = [first]
    if first.table == "instance" and first.whole:
        return chosen  # without it no table can be read
    for kind in dice.sample(KINDS, len(KINDS)):
        if len(chosen) > more:
            break
        one_table = [other for other in chosen if other.table == kind.table]
        if kind in chosen or (kind.table == "instance" and kind.whole):
            continue
        if any(kind.whole or other.whole or kind.table == "instance" for other in one_table):
            continue
        if any(_hides(one, kind) or _hides(kind, one) for one in chosen):
            continue
        chosen.append(kind)
    return chosen


def _hides(one: Kind, other: Kind) -> bool:
    """Whether nobody can know of the other: what it is judged by cannot be read. Warnings wait for the faults."""
    if other.together and other.severity == "warning" and one.severity == "fault":
        return True
    return one.whole and one.table in other.knows


def kinds_in_turn(number: int, dice: random.Random) -> list[Kind]:
    """The kind whose turn it is, alone in every third round, else with one to four others."""
    alone = (number // len(KINDS)) % 3 == 0
    return some_kinds(dice, KINDS[number % len(KINDS)], 0 if alone else dice.randint(1, 4))
