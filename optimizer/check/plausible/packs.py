"""Packs: order limits that do not fit each other.

A multiple above the minimum quantity makes the minimum idle; a minimum that is no multiple is rounded up; a maximum
below one pack, or below the minimum, means that nothing can be ordered.
"""

import math
from collections.abc import Iterator

import numpy as np

from models.findings import Finding, shown, warning
from models.instance import Figures, Instance, Records


def look(instance: Instance) -> Iterator[Finding]:
    """Rows of sourcing whose pack, minimum and maximum do not fit."""
    sourcing = instance.tables.get("sourcing")
    if sourcing is None or not {"minimum_quantity", "multiple"} <= set(sourcing.columns):
        return
    minimum = np.nan_to_num(sourcing["minimum_quantity"])
    packs = sourcing["multiple"]
    yield from _without_room(sourcing, minimum, packs)
    for row in np.flatnonzero((packs > 0) & (minimum > 0)):
        least, pack = float(minimum[row]), float(packs[row])
        ratio = least / pack
        if pack > least:
            message = (
                f"a pack of {shown(pack)} is above the minimum of {shown(least)}: an order is {shown(pack)} at least"
            )
            yield warning("pack above minimum", message, table="sourcing", row=int(row), column="multiple", value=pack)
        elif abs(ratio - round(ratio)) > 1e-9 * ratio:
            taken = math.ceil(ratio) * pack
            message = (
                f"the minimum of {shown(least)} is no multiple of {shown(pack)}: an order is {shown(taken)} at least"
            )
            yield warning(
                "minimum is no multiple",
                message,
                table="sourcing",
                row=int(row),
                column="minimum_quantity",
                value=least,
            )


def _without_room(sourcing: Records, minimum: Figures, packs: Figures) -> Iterator[Finding]:
    """Rows of which no whole pack lies between minimum and maximum; a maximum below the minimum is a fault anyway."""
    if "maximum_quantity" not in sourcing.columns:
        return
    maximum = sourcing["maximum_quantity"]
    for row in np.flatnonzero((packs > 0) & (maximum >= minimum)):
        pack, most = float(packs[row]), float(maximum[row])
        least = max(math.ceil(minimum[row] / pack * (1 - 1e-9)), 1) * pack
        if least > most * (1 + 1e-9):
            message = (
                f"in packs of {shown(pack)} an order is {shown(least)} at least, and {shown(most)} is the most: "
                "nothing can be ordered where packs are whole"
            )
            yield warning(
                "no pack below maximum", message, table="sourcing", row=int(row), column="maximum_quantity", value=most
            )
