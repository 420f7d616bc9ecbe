"""Convert published lot-sizing problems with known optimal costs into instances of the data contract.

A machine is one supplier with lead time 0 and unit cost 0. Then
    setup cost            -> sourcing.order_cost           unit time   -> sourcing.capacity_use
    setup time            -> sourcing.capacity_setup       machine     -> supplier_capacity.capacity
    overtime              -> overtime_capacity, at overtime_cost
    backlog cost          -> items.backorder_cost; no backlog -> items.max_delay 0
    all demand must be met by the end -> items.shortage_cost 10000, which never pays
Stock is charged at the period's end, opens at 0, and is worth nothing at the end, as in the sources.

Run: python instances/benchmarks/make.py [FOLDER]
writes one folder per problem into FOLDER (default: beside this file).
"""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

SOURCE = Path(__file__).parent / "source"
NEVER = 10_000.0  # a shortage cost that no optimal plan pays

MIPLIB = (
    "MIPLIB 3 {}: Bixby, Ceria, McZeal & Savelsbergh (1998), Optima 58; "
    "the tables are the problem as its MPS file has it"
)
TRIGEIRO = (
    "Trigeiro, Thomas & McClain (1989), Capacitated lot sizing with setup times, Management Science 35(3), {}; "
    "optimum: Belvaux & Wolsey (2000), bc-prod, Management Science 46(5)"
)


@dataclass(frozen=True)
class Product:
    """One item of a lot-sizing problem; sequences have one entry per period."""

    item: str
    demand: Sequence[float]
    setup_cost: Sequence[float]
    holding_cost: float
    unit_cost: Sequence[float]
    backlog_cost: float | None = None
    unit_time: float = 1.0
    setup_time: float = 0.0


@dataclass(frozen=True)
class Problem:
    """A lot-sizing problem on at most one machine, with its known optimal cost."""

    name: str
    known: float
    source: str
    period: str
    products: Sequence[Product]
    capacity: Sequence[float] = ()
    overtime_cost: Sequence[float | None] = ()
    time_limit: int = 60
    gap: float = 1e-6
    first: date = date(2027, 1, 4)

    @property
    def starts(self) -> list[date]:
        """First day of each period."""
        days = [self.first]
        for _ in self.products[0].demand[1:]:
            last = days[-1]
            months = date(last.year + last.month // 12, last.month % 12 + 1, 1)
            days.append(months if self.period == "month" else last + timedelta(days=7))
        return days


def number(value: float) -> str:
    """Shortest decimal text."""
    return str(int(value)) if value == int(value) else repr(float(value))


def write_table(path: Path, header: Sequence[str], rows: Iterator[Sequence[str]]) -> None:
    """Write one CSV table with bare line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def sourcing_rows(problem: Problem) -> Iterator[Sequence[str]]:
    """One row per item and run of periods with the same costs; undated where nothing changes."""
    starts = problem.starts
    for product in problem.products:
        terms = list(zip(product.setup_cost, product.unit_cost, strict=True))
        runs = [(key, [t for t, _ in group]) for key, group in groupby(enumerate(terms), key=lambda pair: pair[1])]
        for (setup_cost, unit_cost), periods in runs:
            first, after = starts[periods[0]], periods[-1] + 1
            valid_from = "" if periods[0] == 0 else first.isoformat()
            valid_to = "" if after == len(starts) else (starts[after] - timedelta(days=1)).isoformat()
            yield [
                product.item,
                "machine",
                valid_from,
                valid_to,
                number(unit_cost),
                "0",
                number(setup_cost),
                number(product.unit_time),
                number(product.setup_time),
            ]


def item_rows(problem: Problem) -> Iterator[Sequence[str]]:
    """Every cost is given, so that no default enters the objective."""
    for product in problem.products:
        waits = product.backlog_cost is not None
        yield [
            product.item,
            number(product.holding_cost),
            number(product.backlog_cost or 0),
            number(NEVER),
            "" if waits else "0",
            "0",
        ]


def demand_rows(problem: Problem) -> Iterator[Sequence[str]]:
    """One order per item and period with demand."""
    for product in problem.products:
        for day, quantity in zip(problem.starts, product.demand, strict=True):
            if quantity:
                yield [product.item, "customer", day.isoformat(), "order", number(quantity)]


def capacity_rows(problem: Problem) -> Iterator[Sequence[str]]:
    """Overtime is unlimited in the sources: all the work there is fits into it."""
    everything = sum(sum(product.demand) * product.unit_time for product in problem.products)
    for day, capacity, overtime in zip(problem.starts, problem.capacity, problem.overtime_cost, strict=True):
        extra = ["0", "0"] if overtime is None else [number(everything), number(overtime)]
        yield ["machine", day.isoformat(), number(capacity), *extra]


def write(problem: Problem, folder: Path) -> None:
    """Write one instance folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "instance.toml").write_text(
        f'name = "{problem.name}"\nstart = {problem.first.isoformat()}\nperiods = {len(problem.starts)}\n'
        f'period = "{problem.period}"\n\n[solve]\ngap = 0.0\ntime_limit = {problem.time_limit}\n',
        encoding="utf-8",
        newline="\n",
    )
    expected = {
        "objective": float(problem.known),
        "gap": problem.gap,
        "source": problem.source,
        "time_limit": problem.time_limit,
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=2) + "\n", encoding="utf-8", newline="\n")
    costs = ("holding_cost", "backorder_cost", "shortage_cost", "max_delay", "ending_value")
    terms = ("valid_from", "valid_to", "unit_cost", "lead_time", "order_cost", "capacity_use", "capacity_setup")
    write_table(folder / "items.csv", ("item", *costs), item_rows(problem))
    write_table(folder / "suppliers.csv", ("supplier",), iter([["machine"]]))
    write_table(folder / "sourcing.csv", ("item", "supplier", *terms), sourcing_rows(problem))
    stock = ([product.item, "main", "0"] for product in problem.products)
    write_table(folder / "inventory.csv", ("item", "location", "on_hand"), stock)
    write_table(folder / "demand.csv", ("item", "customer", "due", "kind", "quantity"), demand_rows(problem))
    if problem.capacity:
        header = ("supplier", "period", "capacity", "overtime_capacity", "overtime_cost")
        write_table(folder / "supplier_capacity.csv", header, capacity_rows(problem))


def textbook() -> Iterator[Problem]:
    """Wagner & Whitin's own example, and Silver, Pyke & Peterson's: one item, twelve months."""
    data = json.loads((SOURCE / "textbook.json").read_text(encoding="utf-8"))
    for name, key in (
        ("wagner-whitin-1958", "wagner_whitin_1958"),
        ("silver-pyke-peterson", "silver_pyke_peterson_ww"),
    ):
        case = data[key]
        item = Product("product", case["demand"], case["setup"], case["hold"][0], [0.0] * len(case["demand"]))
        yield Problem(name, case["known"], case["src"], "month", [item], first=date(2027, 1, 1))


def stockpyl() -> Iterator[Problem]:
    """Examples and exercises of Snyder & Shen, Fundamentals of Supply Chain Theory, as stockpyl has them."""
    for key, case in json.loads((SOURCE / "stockpyl.json").read_text(encoding="utf-8")).items():
        periods = case["num_periods"]
        item = Product(
            "product",
            case["demand"],
            [case["fixed_cost"]] * periods,
            case["holding_cost"],
            case.get("purchase_cost", [0.0] * periods),
        )
        yield Problem("stockpyl-" + key.replace("_", "-"), case["known"], case["src"], "week", [item])


def miplib(name: str, known: float) -> Problem:
    """Read the native tables `<name>_items.csv` and `<name>_caps.csv`.

    The last period has no holding cost there because no stock may be left; a positive one everywhere has the same
    optimum. `bigM` never binds: it is the demand left (all of it with backlogging), or the capacity where that is less.
    """
    with (SOURCE / f"{name}_items.csv").open(encoding="utf-8", newline="") as file:
        rows = [{column: float(cell) if cell else None for column, cell in row.items()} for row in csv.DictReader(file)]
    with (SOURCE / f"{name}_caps.csv").open(encoding="utf-8", newline="") as file:
        machine = list(csv.DictReader(file))
    products = []
    for item, group in groupby(rows, key=lambda row: row["item"]):
        periods = list(group)
        products.append(
            Product(
                f"{int(item or 0):02d}",
                [row["demand"] or 0.0 for row in periods],
                [row["setup_cost"] or 0.0 for row in periods],
                periods[0]["hold_cost"] or 0.0,
                [0.0] * len(periods),
                periods[0]["backlog_cost"],
                periods[0]["unit_use"] or 1.0,
            )
        )
    return Problem(
        name,
        known,
        MIPLIB.format(name),
        "month",
        products,
        [float(row["capacity"]) for row in machine],
        [float(row["overtime_cost"]) if row["overtime_cost"] else None for row in machine],
        time_limit=300,
        first=date(2027, 1, 1),
    )


def trigeiro(name: str, known: float, gap: float, time_limit: int) -> Problem:
    """Read a file of the Trigeiro format.

    `n T`, a 1, the capacity, n rows (unit time, holding cost, setup time, setup cost), then demand with periods as rows
    and at most 15 items as columns; further items follow in a second block of T rows.
    """
    lines = (SOURCE / f"{name}.DAT").read_text(encoding="ascii").splitlines()
    count, periods = (int(cell) for cell in lines[0].split())
    capacity = float(lines[2])
    terms = [[float(cell) for cell in line.split()] for line in lines[3 : 3 + count]]
    demand: list[list[float]] = []
    body = lines[3 + count :]
    while len(demand) < count:
        block = [[float(cell) for cell in line.split()] for line in body[:periods]]
        demand += [list(column) for column in zip(*block, strict=True)]
        body = body[periods:]
    products = [
        Product(
            f"{i + 1:02d}",
            quantity,
            [setup_cost] * periods,
            holding_cost,
            [0.0] * periods,
            unit_time=unit_time,
            setup_time=setup_time,
        )
        for i, (quantity, (unit_time, holding_cost, setup_time, setup_cost)) in enumerate(
            zip(demand, terms, strict=True)
        )
    ]
    return Problem(
        f"trigeiro-{name.lower()}",
        known,
        TRIGEIRO.format(name),
        "week",
        products,
        [capacity] * periods,
        [None] * periods,
        time_limit=time_limit,
        gap=gap,
    )


def problems() -> list[Problem]:
    """All benchmark problems, in the order of the README."""
    return [
        *textbook(),
        *stockpyl(),
        miplib("pp08a", 7350.0),
        miplib("set1ch", 54537.75),
        trigeiro("G30b", 37721.0, 1e-6, 300),
        trigeiro("G53", 74634.0, 0.02, 60),
        trigeiro("G57", 136509.0, 0.02, 60),
    ]


def main(folder: Path) -> None:
    """Write every problem into its own folder of `folder`."""
    for problem in problems():
        write(problem, folder / problem.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
