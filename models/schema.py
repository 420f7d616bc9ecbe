"""Schema: what all parts together read, check and give."""

from collections.abc import Iterator
from functools import cache

from models.demand import LINE_KEY
from models.entities import CUSTOMERS, ITEMS, LOCATIONS, SUPPLIERS
from models.findings import Finding
from models.instance import Instance, PartOfInstance
from models.parts import parts
from models.tables import Column, Kind, Result, Setting, Table, date, merge, merge_results, money, quantity, text

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


ACTIONS = Result(
    "actions",
    "What to do today, that first on which most money hangs.",
    (
        Column("rank", Kind.COUNT, "1 is first: by the cost of waiting, or the money of a line to tell of."),
        text("action", "`release`, `expedite`, `chase`, `postpone`, `cancel` or `tell`."),
        text("item", "The item."),
        text("supplier", "Whom to order from or to talk to; empty where it is a customer."),
        text("location", "Where it arrives, or from where the line must be delivered; empty for any."),
        text("customer", "Whom to tell."),
        text("reference", "Number and line of the open order; the customer's; the mode of what is expedited."),
        quantity("quantity", "How much is ordered or changed, or is late or never delivered."),
        text("due", "Agreed arrival or due date as the table has it; of an order, when it is needed."),
        date("promise", "By when it comes in this plan; empty where it does not."),
        money("money", "Value of an order, cost of a change, cost of a line's waiting and falling short."),
        date(
            "latest_safe_date", "Until when it can be done with every delivery as planned; empty: no delivery needs it."
        ),
        money("cost_of_waiting", "What a week more would cost in waiting and shortage: an estimate."),
        text("why", "Why, in words."),
    ),
)


PROMISE_CHANGES = Result(
    "promise_changes",
    "Customers to call: orders that are promised otherwise than in the plan before.",
    (
        text("change", "`short` or `covered`: more or less of it is never delivered; `later` or `sooner`."),
        *LINE_KEY,
        quantity("quantity", "What is asked."),
        date("promise_before", "By when the last of it was to be there; empty: nothing was to be delivered."),
        date("promise", "By when the last of it is there now; empty: nothing is delivered."),
        quantity("short_before", "What was never to be delivered."),
        quantity("short_quantity", "What is never delivered now."),
    ),
    optional=True,
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
    """Every result table: those that parts fill, the costs, and what follows from them."""
    return (
        *merge_results(result for part in parts() for result in part.gives).values(),
        COSTS,
        ACTIONS,
        PROMISE_CHANGES,
    )


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
