"""Whole packs: an order line is a whole number of packs.

Decides     packs[i,s,l,o] in {0,1,2,…}    packs on the order line
Subject to  whole_packs        ordered[i,s,l,o] = p · packs[i,s,l,o]

p `multiple` of the sourcing row [unit per pack]. The rule holds in the first `[horizon] whole_packs` order periods
(default: all); later lines are far off and may be fractional, which solves two to three times faster.
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.instance import Figures, Instance
from models.ledger import Ledger
from models.orders import OrderLines, order_lines
from models.part import Part
from models.tables import Kind, Setting


class WholePacks(Part):
    """Multiples of a pack in the near periods."""

    settings = (
        Setting(
            "horizon",
            "whole_packs",
            Kind.COUNT,
            "First order periods in which multiples are whole numbers; later ones may be fractional.",
            unit="periods",
            default_text="all",
        ),
    )
    uses = ("ordered",)

    def prepare(self, instance: Instance, book: Book) -> None:
        """Orders come in packs."""
        book.post("grain", lambda lines: _pack(instance, lines))

    def derive(self, instance: Instance, book: Book) -> None:
        """Lines that come in whole packs."""
        pack = _pack(instance, order_lines(book))
        book.subset("packed_orders", "orders", pack > 0)
        book.parameter("pack", "packed_orders", pack[pack > 0])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Count the packs."""
        m.packs = pyo.Var(m.packed_orders, domain=pyo.NonNegativeIntegers)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Order what is in them."""
        m.whole_packs = pyo.Constraint(
            m.packed_orders,
            rule=lambda m, i, s, l, o: (
                ledger.total("ordered", m, i, s, l, o) == m.pack[i, s, l, o] * m.packs[i, s, l, o]
            ),
        )


def _pack(instance: Instance, lines: OrderLines) -> Figures:
    """Pack size of each line; 0 where it may be fractional."""
    whole = instance.settings["horizon.whole_packs"]
    multiple = np.nan_to_num(instance["sourcing"]["multiple"])[lines.row]
    return np.where(lines.period < (np.inf if whole is None else whole), multiple, 0.0)
