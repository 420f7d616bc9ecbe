"""Entities: items, suppliers, locations and customers, and what several parts know of them.

The tables that more than one part reads are declared here with their keys; each part adds the columns that it reads.
Costs that a planner has no figures for follow from the item's price:

    price_i          = price, else the lowest unit cost at which anybody sells the item         [money per unit]
    holding_cost_i   = holding_cost, else price_i × holding_rate ÷ periods in a year     [money per unit and period]
"""

from collections.abc import Iterator

import numpy as np

from models.book import Book
from models.instance import Codes, Figures, Instance
from models.tables import Column, Kind, Setting, Table, date, money, number, quantity, text

ITEMS = Table(
    "items",
    "What is planned: one row per item.",
    key=(text("item", "Name of the item.", example="WIDGET-1"),),
    columns=(
        text("description", "For people.", default="", example="Blue widget"),
        text("class", "A group of items, for reports and targets.", default="", example="A"),
        text("unit", "The unit in which quantities of the item are counted.", default="unit", example="piece"),
        money("price", "What the item is worth.", per="unit", default=None, default_text="its lowest unit_cost"),
        money(
            "holding_cost",
            "Cost of a unit that is on hand at a period's end.",
            per="unit and period",
            default=None,
            default_text="price × holding_rate ÷ periods in a year",
        ),
    ),
)
SUPPLIERS = Table(
    "suppliers",
    "Whom we buy from: one row per supplier.",
    key=(text("supplier", "Name of the supplier.", example="ACME"),),
)
LOCATIONS = Table(
    "locations",
    "Where stock is kept: one row per location. Without it, those named in inventory and open_orders, or `main`.",
    key=(text("location", "Name of the location.", example="main"),),
    optional=True,
    implied_by=("inventory.location", "open_orders.location"),
    implied="main",
)
CUSTOMERS = Table(
    "customers",
    "Whom we deliver to: one row per customer. Without it, those named in demand.",
    key=(text("customer", "Name of the customer.", example="SHOP-1"),),
    columns=(text("class", "A group of customers, for reports and targets.", default="", example="retail"),),
    optional=True,
    implied_by=("demand.customer",),
)
SOURCING = Table(
    "sourcing",
    "Who can deliver which item, on what terms: one row per item and supplier, more where a location has terms of its "
    "own, or where terms change over time.",
    key=(
        text("item", "The item.", refers="items", example="WIDGET-1"),
        text("supplier", "The supplier.", refers="suppliers", example="ACME"),
        text("location", "The location that these terms are for.", refers="locations", default="", default_text="all"),
        date(
            "valid_from",
            "First day on which an order can be placed on these terms.",
            default=None,
            default_text="always",
        ),
    ),
)
INVENTORY = Table(
    "inventory",
    "What is on hand, and how much should be: one row per item and location.",
    key=(
        text("item", "The item.", refers="items", example="WIDGET-1"),
        text("location", "The location.", refers="locations", example="main"),
    ),
)
QUANTITY_STEP = quantity(
    "quantity_step",
    "What is ordered and delivered is a whole multiple of this.",
    default=None,
    default_text="none: fractions allowed",
    positive=True,
)
TIER = Column(
    "tier",
    Kind.COUNT,
    "Priority of the customer: 1 goes first.",
    unit="tier",
    default=None,
    default_text="after all tiers",
    minimum=1.0,
    example="1",
)
BOUGHT_BEFORE = Table(
    "bought_before",
    "What was bought earlier in the year, open orders included: it counts towards shares and commitments.",
    key=(
        text("item", "The item.", refers="items", example="WIDGET-1"),
        text("supplier", "From whom.", refers="suppliers", example="ACME"),
        text("location", "For which location.", refers="locations", default="", default_text="not known"),
    ),
    columns=(quantity("quantity", "How much.", example="500"),),
    optional=True,
)
UNIT_VOLUME = number(
    "unit_volume", "Room that a unit takes.", unit="unit of volume per unit", default=0.0, example="0.05"
)
UNIT_WEIGHT = number("unit_weight", "What a unit weighs.", unit="unit of weight per unit", default=0.0)
DEMAND = Table(
    "demand",
    "Who wants what, and when: one row per demand line. Forecast is what is expected beyond the orders.",
    key=(
        text("item", "The item.", refers="items", example="WIDGET-1"),
        text("customer", "The customer.", refers="customers", example="SHOP-1"),
        date("due", "When it is wanted.", example="2026-12-09"),
        text("kind", "`order` or `forecast`.", default="order", choices=("order", "forecast"), example="order"),
        text("location", "The location that must deliver it.", refers="locations", default="", default_text="any"),
        text("reference", "The customer's order number.", default="", default_text="none"),
    ),
)
HOLDING_RATE = Setting(
    "costs",
    "holding_rate",
    Kind.NUMBER,
    "Holding cost of a year, as a share of the item's price, where an item has none.",
    unit="share of the price a year",
    default=0.25,
)


def lowest_unit_cost(instance: Instance) -> Figures:
    """Lowest purchase price of each item over all rows of all tables that state one; NaN where nobody sells it."""
    lowest = np.full(len(instance["items"]), np.inf)
    for item, prices in _purchase_prices(instance):
        np.fmin.at(lowest, item, prices)
    return np.where(np.isinf(lowest), np.nan, lowest)


def least_cost(instance: Instance) -> Figures:
    """Least that a unit of each item can cost, with the best discount of whole orders; NaN where nobody sells it."""
    most, lowest = np.zeros(len(instance.labels["supplier"])), np.full(len(instance["items"]), np.inf)
    for name, column in _of_role(instance, "order discount"):
        np.maximum.at(most, instance.codes(name, "supplier"), instance[name][column])
    for name, column in _of_role(instance, "purchase price"):
        after = instance[name][column] * (1.0 - most[instance.codes(name, "supplier")])
        np.fmin.at(lowest, instance.codes(name, "item"), after)
    return np.where(np.isinf(lowest), np.nan, lowest)


def dearest_unit_cost(instance: Instance) -> Figures:
    """Highest purchase price of each item over all rows of all tables that state one; 0 where nobody sells it."""
    dearest = np.zeros(len(instance["items"]))
    for item, prices in _purchase_prices(instance):
        np.fmax.at(dearest, item, prices)
    return dearest


def _purchase_prices(instance: Instance) -> Iterator[tuple[Codes, Figures]]:
    for name, column in _of_role(instance, "purchase price"):
        yield instance.codes(name, "item"), instance[name][column]


def _of_role(instance: Instance, role: str) -> Iterator[tuple[str, str]]:
    """Tables with rows, and their columns of a role."""
    for name, records in instance.tables.items():
        for column in records.table.columns:
            if column.role == role and len(records):
                yield name, column.name


def price(instance: Instance) -> Figures:
    """What each item is worth [money per unit]; NaN where neither a price nor a supplier tells."""
    given = instance["items"]["price"]
    return np.where(np.isnan(given), lowest_unit_cost(instance), given)


def holding_cost(instance: Instance) -> Figures:
    """Holding cost of each item [money per unit and period]; NaN where nothing tells."""
    given = instance["items"]["holding_cost"]
    by_rate = price(instance) * instance.setting("costs.holding_rate") / instance.calendar.a_year
    return np.where(np.isnan(given), by_rate, given)


def pair_places(instance: Instance, items: Codes, locations: Codes) -> Codes:
    """One number for each item and location: item × number of locations + location."""
    return items * len(instance.labels["location"]) + locations


def stocked(instance: Instance, book: Book) -> Codes:
    """The places (`pair_places`) where an item can be, as any part posted them, in ascending order."""
    places = [pair_places(instance, items, locations) for items, locations in book.posted("stocked")]
    return np.unique(np.concatenate([*places, np.zeros(0, dtype=np.int64)]))
