"""A small set of declarations and a sound folder of its tables, in which tests plant one fault each."""

from collections.abc import Mapping
from pathlib import Path

from models.tables import Column, Kind, Setting, Table, date, money, number, periods, quantity, text
from optimizer.read import Declarations, Input, InputFaults, Located, read

ITEMS = Table(
    "items",
    "What is planned.",
    key=(text("item", "The item.", example="A1"),),
    columns=(
        text("description", "For people.", default=""),
        text("class", "A group.", default=""),
        money("price", "Its price.", per="unit", default=None, default_text="its lowest unit_cost"),
    ),
)
SUPPLIERS = Table("suppliers", "Whom we buy from.", key=(text("supplier", "The supplier.", example="ACME"),))
LOCATIONS = Table(
    "locations",
    "Where stock is.",
    key=(text("location", "The location.", example="main"),),
    optional=True,
    implied_by=("inventory.location",),
    implied="main",
)
SOURCING = Table(
    "sourcing",
    "Who sells what.",
    key=(
        text("item", "The item.", refers="items", example="A1"),
        text("supplier", "The supplier.", refers="suppliers", example="ACME"),
        date("valid_from", "First day.", default=None, default_text="always"),
    ),
    columns=(
        money("unit_cost", "Price.", per="unit", example="2.5"),
        periods("lead_time", "Time.", example="2"),
        quantity("minimum_quantity", "At least this.", default=0.0),
        quantity("multiple", "Pack.", default=None, positive=True),
        number("share_max", "Largest share.", unit="share", default=1.0, maximum=1.0),
    ),
)
INVENTORY = Table(
    "inventory",
    "What is on hand.",
    key=(
        text("item", "The item.", refers="items", example="A1"),
        text("location", "The location.", refers="locations", example="main"),
    ),
    columns=(quantity("on_hand", "On hand.", default=0.0, clip=True),),
    optional=True,
)
DEMAND = Table(
    "demand",
    "What is asked for.",
    key=(
        text("item", "The item.", refers="items", example="A1"),
        text("customer", "The customer.", example="C1"),
        date("due", "When.", example="2026-12-07"),
        text("kind", "Kind.", default="order", choices=("order", "forecast")),
        text("location", "From where.", refers="locations", default="", default_text="any"),
    ),
    columns=(quantity("quantity", "How much.", example="10"),),
)
FROZEN = Setting("horizon", "frozen", Kind.COUNT, "Frozen periods.", unit="periods", default=0.0)
RATE = Setting("costs", "holding_rate", Kind.NUMBER, "Holding rate.", unit="share of the price a year", default=0.25)
SMALL = Declarations(
    {table.name: table for table in (ITEMS, SUPPLIERS, LOCATIONS, SOURCING, INVENTORY, DEMAND)}, (FROZEN, RATE)
)

TOML = 'name = "small"\nstart = 2026-11-23\nperiods = 13\n'
SOUND = {
    "instance.toml": TOML,
    "items.csv": "item,price\nA1,10\nB2,20\n",
    "suppliers.csv": "supplier\nACME\nBEST\n",
    "sourcing.csv": "item,supplier,unit_cost,lead_time\nA1,ACME,2.5,2\nB2,BEST,7,3\n",
    "demand.csv": "item,customer,due,quantity\nA1,C1,2026-12-07,10\nB2,C1,2026-12-14,5\n",
}

Content = str | bytes | None


def write(folder: Path, changes: Mapping[str, Content] | None = None) -> Path:
    """A sound folder with some files changed, or left out (None)."""
    folder.mkdir(exist_ok=True)
    for name, content in {**SOUND, **(changes or {})}.items():
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read_small(folder: Path, changes: Mapping[str, Content] | None = None) -> Input:
    """The folder as read."""
    return read(write(folder, changes), declarations=SMALL)


def findings(folder: Path, changes: Mapping[str, Content] | None = None) -> list[str]:
    """Every finding, faults first, as the user sees them."""
    try:
        return [f"{found.severity.value}: {found}" for found in read_small(folder, changes).warnings]
    except InputFaults as error:
        return [f"{found.severity.value}: {found}" for found in error.findings]


def column(name: str, table: Table) -> Column:
    """A declared column."""
    return next(column for column in table.all_columns if column.name == name)


__all__ = ["SMALL", "SOUND", "TOML", "Located", "column", "findings", "read_small", "write"]
