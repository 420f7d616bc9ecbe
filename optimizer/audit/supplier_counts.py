"""Supplier counts: from how many suppliers an item is ordered, and all items.

For an item of which anything is ordered, over the whole plan:

    number of its suppliers <= maximum_suppliers
    number of its suppliers >= minimum_suppliers, each gets >= supplier_quantity (1)      where minimum_suppliers > 1

and the number of all suppliers is at most `[sourcing] maximum_suppliers`.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import at_most
from optimizer.audit.book.violation import Violation, show

FILE = "purchase_orders.csv"


def check(book: Book) -> Iterator[Violation]:
    """Refuse too few and too many suppliers."""
    bought: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for order in book.plan.orders:
        bought[order.item][order.supplier] += order.quantity
    for row in book.instance.tables.rows("items"):
        item, suppliers = row.text("item"), bought.get(row.text("item"), {})
        least, most = row.number("minimum_suppliers"), row.number_or_none("maximum_suppliers")
        if most is not None and len(suppliers) > most:
            yield _number("maximum_suppliers", len(suppliers), f"at most {show(most)}", item)
        if suppliers and least > 1:
            if len(suppliers) < least:
                yield _number("minimum_suppliers", len(suppliers), f"at least {show(least)}", item)
            enough = row.number("supplier_quantity", Fraction(1))
            for supplier, quantity in suppliers.items():
                if not at_most(enough, quantity):
                    yield Violation(
                        rule="supplier_quantity",
                        file=FILE,
                        item=item,
                        supplier=supplier,
                        message="a supplier of the item gets too little to count as one",
                        found=show(quantity),
                        expected=f"at least {show(enough)}",
                    )
    used, limit = (
        {order.supplier for order in book.plan.orders},
        book.instance.number("sourcing", "maximum_suppliers", "-1"),
    )
    if 0 <= limit < len(used):
        yield _number("maximum_suppliers", len(used), f"at most {show(limit)} in all")


def _number(rule: str, found: int, expected: str, item: str = "") -> Violation:
    message = "the number of suppliers is outside its limits"
    return Violation(rule=rule, file=FILE, item=item, message=message, found=str(found), expected=expected)
