"""Schema: what all parts together read, check and give."""

from collections.abc import Iterator
from functools import cache

from models.entities import CUSTOMERS, ITEMS, LOCATIONS, SUPPLIERS
from models.findings import Finding
from models.instance import Instance, PartOfInstance
from models.parts import parts
from models.tables import Column, Kind, Result, Setting, Table, date, merge, merge_results, text

COSTS = Result(
    "costs",
    "Every amount of the plan, from the ledger's charges; adds up to its cost. Keys that do not apply are empty.",
    (
        text("account", "What kind of cost it is."),
        text("item", "For which item."),
        text("supplier", "For which supplier."),
        text("customer", "For which customer."),
        text("location", "For which location."),
        date("period", "First day of the period in which it falls."),
        Column("amount", Kind.NUMBER, "The money; a credit is negative.", unit="money", minimum=None),
    ),
)


@cache
def tables() -> dict[str, Table]:
    """Every declared table with all its columns, by name, in the order in which a planner meets them."""
    return merge((ITEMS, SUPPLIERS, LOCATIONS, CUSTOMERS, *(table for part in parts() for table in part.needs)))


def settings() -> tuple[Setting, ...]:
    """Every setting that a part reads."""
    return tuple(dict.fromkeys(setting for part in parts() for setting in part.settings))


@cache
def results() -> tuple[Result, ...]:
    """Every result table: those that parts fill, and the costs."""
    return (*merge_results(result for part in parts() for result in part.gives).values(), COSTS)


def check(instance: Instance) -> Iterator[Finding]:
    """What every part finds wrong, or odd, in an instance whose cells are sound.

    Of a part of an instance, what is found before something is asked for that could not be read.
    """
    for part in parts():
        try:
            yield from part.check(instance)
        except KeyError:
            if not isinstance(instance, PartOfInstance):
                raise
