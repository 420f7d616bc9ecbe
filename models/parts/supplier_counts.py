"""Supplier counts: an item is bought from at least, and at most, so many suppliers, and all items from at most so many.

Decides     buys[i,s] in {0,1}         whether item i is ordered from s at all, where its suppliers are counted
            uses[s] in {0,1}           whether anything is, where all suppliers are counted
Subject to  bought_from        placed[i,s,l,o]  <=  buys[i,s]
            least_bought       Σ_{l,o} ordered[i,s,l,o]  >=  q_i · buys[i,s]           where the item has n
            least_suppliers    n_i · buys[i,s]  <=  Σ_r buys[i,r]
            most_suppliers     Σ_s buys[i,s]  <=  N_i
            supplier_used      placed[i,s,l,o]  <=  uses[s]
            most_used          Σ_s uses[s]  <=  N

n `minimum_suppliers`, N_i `maximum_suppliers`, q `supplier_quantity` of table `items`; N `maximum_suppliers` of the
settings `[sourcing]`. They hold for what is newly ordered over the horizon; of what nothing is ordered nobody need be a
supplier. Where a minimum holds, each supplier of the item gets at least q, so that no order is placed for the sake of
the number alone.

Source: supplier selection with a limited number of suppliers: Basnet & Leung (2005), Inventory lot-sizing with supplier
selection, Computers & Operations Research 32(1); the forcing rows line by line: Krarup & Bilde (1977).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import ITEMS
from models.findings import Finding, fault
from models.instance import Array, Codes, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.orders import order_lines
from models.part import Part, Scope
from models.tables import Column, Kind, Setting, quantity

LIMITS = ITEMS.with_columns(
    Column(
        "minimum_suppliers",
        Kind.COUNT,
        "Where it is ordered at all, it is from at least so many suppliers.",
        unit="suppliers",
        default=None,
        default_text="none",
    ),
    Column(
        "maximum_suppliers",
        Kind.COUNT,
        "It is ordered from at most so many suppliers.",
        unit="suppliers",
        default=None,
        default_text="none",
    ),
    quantity(
        "supplier_quantity",
        "Where minimum_suppliers holds, each of its suppliers gets at least this over the horizon.",
        default=1.0,
        positive=True,
    ),
)


class SupplierCounts(Part):
    """Number of suppliers of an item, and of all."""

    scope = Scope.SHARED
    needs = (LIMITS,)
    limits = (
        Limit("items", "minimum_suppliers", "at least {} suppliers"),
        Limit("items", "maximum_suppliers", "at most {} suppliers"),
        Limit("", "sourcing.maximum_suppliers", "at most {} suppliers of all items"),
    )
    settings = (
        Setting(
            "sourcing",
            "maximum_suppliers",
            Kind.COUNT,
            "Suppliers from whom anything is ordered, at most.",
            unit="suppliers",
            default_text="none",
        ),
    )
    uses = ("ordered", "placed")

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Numbers of suppliers that can be; orders that the planner fixes are with no more."""
        items, most = instance["items"], instance.settings["sourcing.maximum_suppliers"]
        sold = _pairs(instance, "sourcing", np.ones(len(instance["sourcing"]), dtype=np.bool_))
        sharing = _pairs(instance, "sourcing", instance["sourcing"]["share_min"] > 0)
        rows = instance["overrides"]
        fixed = _pairs(instance, "overrides", (rows["quantity"] > 0) | (rows["minimum_quantity"] > 0))
        for k in np.flatnonzero(items["minimum_suppliers"] > items["maximum_suppliers"]):
            message = (
                f"{items['item'][k]}: minimum_suppliers is above maximum_suppliers "
                f"({items['maximum_suppliers'][k]:.10g})"
            )
            yield _at(k, "maximum below minimum", message, "minimum_suppliers", items["minimum_suppliers"][k])
        for k in np.flatnonzero(items["minimum_suppliers"] > 1):
            sellers = int((sold[:, 0] == k).sum())
            if sellers < items["minimum_suppliers"][k]:
                message = (
                    f"only {sellers} of the suppliers sell{'s' * (sellers == 1)} {items['item'][k]} (sourcing), so "
                    "that nothing of it could be ordered"
                )
                yield _at(k, "too few suppliers", message, "minimum_suppliers", items["minimum_suppliers"][k])
        for told, pairs in (("a share_min in sourcing", sharing), ("an order that overrides fixes", fixed)):
            for k in np.flatnonzero(~np.isnan(items["maximum_suppliers"])):
                suppliers = pairs[pairs[:, 0] == k, 1]
                if len(suppliers) > items["maximum_suppliers"][k]:
                    message = (
                        f"{_names(instance, suppliers)} each have {told}, and may not all be suppliers of "
                        f"{items['item'][k]}"
                    )
                    yield _at(k, "too many suppliers", message, "maximum_suppliers", items["maximum_suppliers"][k])
        suppliers = np.unique(fixed[:, 1])
        if most is not None and len(suppliers) > most:
            yield fault(
                "too many suppliers",
                f"overrides fix orders with {_names(instance, suppliers)}, and [sourcing] maximum_suppliers of "
                f"instance.toml allows {most:.10g}",
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """What each supplier must get is a reason to order more than is needed."""
        items = instance["items"]
        least = np.where(items["minimum_suppliers"] > 1, items["supplier_quantity"], 0.0)
        if least.any():
            book.post("reason", lambda lines: least[lines.item])

    def derive(self, instance: Instance, book: Book) -> None:
        """Items and suppliers that are counted, and their order lines."""
        lines, items = order_lines(book), instance["items"]
        several, few = items["minimum_suppliers"] > 1, ~np.isnan(items["maximum_suppliers"])
        counted = (several | few)[lines.item]
        mine = lines.only(counted)
        pairs = np.unique(np.column_stack([mine.item, mine.supplier]), axis=0)
        book.index("item_suppliers", item=pairs[:, 0], supplier=pairs[:, 1])
        book.subset("counted_lines", "orders", counted)
        of_several = several[pairs[:, 0]]
        book.subset("several_suppliers", "item_suppliers", of_several)
        book.parameter("least_number", "several_suppliers", items["minimum_suppliers"][pairs[of_several, 0]])
        book.parameter("least_from_each", "several_suppliers", items["supplier_quantity"][pairs[of_several, 0]])
        bought = mine.only(several[mine.item])
        book.relation(
            "lines_with_each", "several_suppliers", (bought.item, bought.supplier),
            location=bought.location, period=bought.period,
        )  # fmt: skip
        limited = np.unique(pairs[few[pairs[:, 0]], 0])
        book.index("few_suppliers", item=limited)
        book.parameter("most_number", "few_suppliers", items["maximum_suppliers"][limited])
        every = np.unique(pairs[:, 0])
        book.index("counted_items", item=every)
        book.relation("suppliers_of", "counted_items", (pairs[:, 0],), supplier=pairs[:, 1])

        most, all_of_them = instance.settings["sourcing.maximum_suppliers"], np.unique(lines.supplier)
        # Of all suppliers there are, not only of those with order lines: these may be the lines of some items only.
        binds = most is not None and most < len(instance["suppliers"]) and len(all_of_them) > 0
        used = all_of_them if binds else all_of_them[:0]
        book.index("used_suppliers", supplier=used)
        book.subset("lines_of_used", "orders", np.isin(lines.supplier, used))
        book.index("supplier_bases", base=np.zeros(int(binds), np.int64))
        book.parameter("most_in_all", "supplier_bases", np.full(int(binds), 0.0 if most is None else most))
        book.relation("suppliers_in_all", "supplier_bases", (np.zeros(len(used), np.int64),), supplier=used)

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Who is a supplier."""
        m.buys = pyo.Var(m.item_suppliers, domain=pyo.Binary)
        m.uses = pyo.Var(m.used_suppliers, domain=pyo.Binary)
        m.least_suppliers = pyo.Constraint(
            m.several_suppliers,
            rule=lambda m, i, s: m.least_number[i, s] * m.buys[i, s] <= sum(m.buys[i, r] for r in m.suppliers_of[i]),
        )
        m.most_suppliers = pyo.Constraint(
            m.few_suppliers, rule=lambda m, i: sum(m.buys[i, s] for s in m.suppliers_of[i]) <= m.most_number[i]
        )
        m.most_used = pyo.Constraint(
            m.supplier_bases, rule=lambda m, b: sum(m.uses[s] for s in m.suppliers_in_all[b]) <= m.most_in_all[b]
        )

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Only suppliers get orders, and each enough."""
        m.bought_from = pyo.Constraint(
            m.counted_lines, rule=lambda m, i, s, l, o: ledger.total("placed", m, i, s, l, o) <= m.buys[i, s]
        )
        m.least_bought = pyo.Constraint(
            m.several_suppliers,
            rule=lambda m, i, s: (
                sum(ledger.total("ordered", m, i, s, l, o) for l, o in m.lines_with_each[i, s])
                >= m.least_from_each[i, s] * m.buys[i, s]
            ),
        )
        m.supplier_used = pyo.Constraint(
            m.lines_of_used, rule=lambda m, i, s, l, o: ledger.total("placed", m, i, s, l, o) <= m.uses[s]
        )


def _at(row: Any, rule: str, message: str, column: str, value: object) -> Finding:
    return fault(rule, message, table="items", row=int(row), column=column, value=value)


def _names(instance: Instance, suppliers: Codes) -> str:
    *first, last = instance.labels["supplier"][suppliers]
    return f"{', '.join(first)} and {last}" if first else str(last)


def _pairs(instance: Instance, table: str, keep: Array) -> Codes:
    """Each item and supplier that rows of a table name, once."""
    named = np.column_stack([instance.codes(table, "item"), instance.codes(table, "supplier")])[keep]
    return np.unique(named[(named >= 0).all(axis=1)], axis=0)
