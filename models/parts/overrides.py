"""Overrides: orders that the planner fixes, forbids, or holds within bounds.

Subject to  override_minimum   Σ ordered[i,s,l,o]  >=  m     over the lines that the row is for
            override_maximum   Σ ordered[i,s,l,o]  <=  M

m, M `minimum_quantity` and `maximum_quantity` of table `overrides` [unit]; `quantity` is both: 0 forbids. A row is for
the order lines of its item and period, from its supplier (empty: all together), for its location (empty: all together).

An override is hard, and bounds what else holds for an order: packs, minimums, capacity stay as they are. Where they
leave no way to keep it, that is told and nothing is planned. A maximum that concerns one line is its largest quantity.

Source: firm planned orders: Orlicky (1975), Material Requirements Planning, ch. 6.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.findings import Finding, fault, warning
from models.instance import Codes, Figures, Instance, repeated
from models.ledger import Ledger
from models.limits import Limit
from models.order_calendar import order_periods
from models.orders import OrderLines, order_lines, pairs
from models.part import Part
from models.tables import Table, date, quantity, text
from models.terms import lines_in_force

OVERRIDES = Table(
    "overrides",
    "What the planner decides: one row per item and period, for a supplier or location alone where they are named.",
    key=(
        text("item", "The item.", refers="items", example="WIDGET-1"),
        text("supplier", "From whom.", refers="suppliers", default="", default_text="all together", example="ACME"),
        text("location", "For which location.", refers="locations", default="", default_text="all together"),
        date("period", "A day of the period in which the order is placed.", example="2026-11-30"),
    ),
    columns=(
        quantity("quantity", "Exactly this is ordered; 0 forbids an order.", default=None),
        quantity("minimum_quantity", "At least this is ordered.", default=None),
        quantity("maximum_quantity", "At most this is ordered.", default=None, example="240"),
        text("note", "For people: why.", default="", example="Promised by phone"),
    ),
    optional=True,
)
CELLS = ("quantity", "minimum_quantity", "maximum_quantity")


class Overrides(Part):
    """The planner's own orders."""

    needs = (OVERRIDES,)
    uses = ("ordered",)
    hard = ("override_minimum", "override_maximum")
    limits = (
        Limit("overrides", "quantity", "an override of {}"),
        Limit("overrides", "minimum_quantity", "an override of at least {}"),
        Limit("overrides", "maximum_quantity", "an override of at most {}"),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Rows that say something, once, and that orders can follow."""
        rows, period = instance["overrides"], _period(instance)
        given = np.column_stack([~np.isnan(rows[name]) for name in CELLS])
        for k in np.flatnonzero(~given.any(axis=1)):
            yield _at(k, "override of nothing", "fill quantity, minimum_quantity or maximum_quantity", "quantity")
        for k in np.flatnonzero(given[:, 0] & given[:, 1:].any(axis=1)):
            yield _at(k, "two overrides", "a fixed quantity has no other bounds; leave one of them empty", "quantity")
        least, most = _bounds(instance)
        for k in np.flatnonzero(least > most):
            message = f"minimum_quantity is above maximum_quantity ({most[k]:.10g})"
            yield _at(k, "maximum below minimum", message, "minimum_quantity")
        inside = (period >= 0) & (period < instance.calendar.periods)
        for k in np.flatnonzero(~inside):
            yield warning(
                "override outside the horizon",
                "no order of this plan is placed in that period, and the override is passed over",
                table="overrides",
                row=int(k),
                column="period",
                value=rows.text("period")[k],
            )
        again, _ = repeated(_key(instance))
        for k in again[inside[again]]:
            yield _at(k, "two overrides", "another row is for the same orders of the same period; leave one", "period")
        yield from _impossible(instance, inside & (least > 0))

    def prepare(self, instance: Instance, book: Book) -> None:
        """A minimum is a reason to order more than is needed; a maximum is a ceiling of every line."""
        if not len(instance["overrides"]):
            return
        least, most = _bounds(instance)

        def reason(lines: OrderLines) -> Figures:
            largest = np.zeros(len(lines))
            row, line = _pairs(instance, lines)
            np.maximum.at(largest, line, least[row])
            return largest

        def ceiling(lines: OrderLines) -> Figures:
            smallest = np.full(len(lines), np.inf)
            row, line = _pairs(instance, lines)
            np.minimum.at(smallest, line, most[row])
            return smallest

        book.post("reason", reason)
        book.post("ceiling", ceiling)

    def derive(self, instance: Instance, book: Book) -> None:
        """Rows with a bound on the sum of their lines."""
        lines = order_lines(book)
        least, most = _bounds(instance)
        row, line = _pairs(instance, lines)
        count = np.bincount(row, minlength=len(least))
        inside = (_period(instance) >= 0) & (_period(instance) < instance.calendar.periods)
        key = _key(instance)
        for name, binds, bound in (
            ("floors", inside & (least > 0), least),
            ("caps", (count > 1) & np.isfinite(most), most),
        ):
            rows = key[binds]
            book.index(f"override_{name}", item=rows[:, 0], supplier=rows[:, 1], location=rows[:, 2], period=rows[:, 3])
            book.parameter(f"override_{name}_quantity", f"override_{name}", bound[binds])
            mine = binds[row]
            parents = key[row[mine]]
            ordered = lines.only(line[mine])
            book.relation(
                f"override_{name}_lines",
                f"override_{name}",
                (parents[:, 0], parents[:, 1], parents[:, 2], parents[:, 3]),
                supplier=ordered.supplier,
                location=ordered.location,
            )

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Hold the sums."""
        m.override_minimum = pyo.Constraint(
            m.override_floors,
            rule=lambda m, i, s, l, o: (
                sum(ledger.total("ordered", m, i, r, k, o) for r, k in m.override_floors_lines[i, s, l, o])
                >= m.override_floors_quantity[i, s, l, o]
            ),
        )
        m.override_maximum = pyo.Constraint(
            m.override_caps,
            rule=lambda m, i, s, l, o: (
                sum(ledger.total("ordered", m, i, r, k, o) for r, k in m.override_caps_lines[i, s, l, o])
                <= m.override_caps_quantity[i, s, l, o]
            ),
        )

    def contradiction(self, instance: Instance, book: Book, rule: str, row: int, missing: float) -> Finding:
        """What is wanted, and by how much that is too much or too little."""
        key = book.indexes["override_floors" if rule == "override_minimum" else "override_caps"].codes[row]
        k = int(np.flatnonzero((_key(instance) == key).all(axis=1))[0])
        rows, (least, most) = instance["overrides"], _bounds(instance)
        when = f"the {instance.calendar.kind} of {instance.calendar.first_day(int(_period(instance)[k]))}"
        bound = ("minimum", least) if rule == "override_minimum" else ("maximum", most)
        exact = not np.isnan(rows["quantity"][k])
        words = "" if exact else "at least " if rule == "override_minimum" else "at most "
        message = (
            f"{words}{bound[1][k]:,.10g} of {rows['item'][k]} in {when} cannot be ordered, {missing:,.10g} are "
            f"{'missing' if rule == 'override_minimum' else 'too much'}"
        )
        column = "quantity" if exact else f"{bound[0]}_quantity"
        return _at(k, "override against other rules", message, column)


def _at(row: Any, rule: str, message: str, column: str) -> Finding:
    return fault(rule, message, table="overrides", row=int(row), column=column)


def _period(instance: Instance) -> Codes:
    return instance.calendar.index(instance["overrides"]["period"])


def _key(instance: Instance) -> Codes:
    """Item, supplier, location (-1: all) and period of each row."""
    named = [instance.codes("overrides", name) for name in ("item", "supplier", "location")]
    return np.column_stack([*named, _period(instance)])


def _bounds(instance: Instance) -> tuple[Figures, Figures]:
    """Least and most of each row."""
    exact, least, most = (instance["overrides"][name] for name in CELLS)
    return (
        np.where(np.isnan(exact), np.nan_to_num(least), exact),
        np.where(np.isnan(exact), np.where(np.isnan(most), np.inf, most), exact),
    )


def _pairs(instance: Instance, lines: OrderLines) -> tuple[Codes, Codes]:
    """Pairs (row, order line): the lines that each row is for."""
    item, supplier, location, period = _key(instance).T
    inside = np.flatnonzero((period >= 0) & (period < instance.calendar.periods))
    named = {"item": item, "supplier": supplier, "location": location, "period": period}
    row, line = pairs(lines, **{name: codes[inside] for name, codes in named.items()})
    return inside[row], line


def _impossible(instance: Instance, forces: Any) -> Iterator[Finding]:
    """Orders that are wanted where none can be placed, or not so few, so many or so broken."""
    lines, rows, sourcing = lines_in_force(instance), instance["overrides"], instance["sourcing"]
    if not forces.any() or np.isnan(np.nansum([sourcing["lead_time"], sourcing["lead_time_days"]], axis=0)).any():
        return
    (least, most), (row, line) = _bounds(instance), _pairs(instance, lines)
    frozen, whole = instance.setting("horizon.frozen"), instance.settings["horizon.whole_packs"]
    for k in np.flatnonzero(forces):
        mine, period = lines.only(line[row == k]), int(_period(instance)[k])
        terms = (
            sourcing["minimum_quantity"][mine.row],
            np.nan_to_num(sourcing["maximum_quantity"][mine.row], nan=np.inf),
        )
        pack = np.nan_to_num(sourcing["multiple"][mine.row])
        when = f"the {instance.calendar.kind} of {instance.calendar.first_day(period)}"
        what = f"{least[k]:.10g} of {rows['item'][k]} in {when}"
        column = "minimum_quantity" if np.isnan(rows["quantity"][k]) else "quantity"
        who = " and ".join(instance.labels["supplier"][np.unique(mine.supplier)])
        if not len(mine):
            reason = _why_nobody(instance, int(k), period)
        elif period < frozen:
            reason = f"the first {frozen:.10g} order periods are frozen"
        elif least[k] > terms[1].sum():
            reason = f"maximum_quantity of {who} allows {terms[1].sum():.10g}"
        elif most[k] < terms[0].min():
            reason = f"minimum_quantity of {who} is {terms[0].min():.10g}, and at most {most[k]:.10g} may be ordered"
        elif len(mine) == 1 and (whole is None or period < whole) and _between(least[k], most[k], pack[0]):
            reason = f"it comes from {who} in packs of {pack[0]:.10g}"
        else:
            continue
        yield _at(k, "override cannot be kept", f"{what} cannot be ordered: {reason}", column)


def _why_nobody(instance: Instance, k: int, period: int) -> str:
    """Why no order can be placed in a period for what row k names."""
    item, supplier, location, _ = _key(instance)[k]
    codes = {name: instance.codes("sourcing", name) for name in ("item", "supplier", "location")}
    mine = (codes["item"] == item) & ((supplier == -1) | (codes["supplier"] == supplier))
    mine &= (location == -1) | (codes["location"] == -1) | (codes["location"] == location)
    if not mine.any():
        who = "nobody sells" if supplier == -1 else f"{instance.labels['supplier'][supplier]} does not sell"
        return f"{who} it (sourcing)"
    sellers = np.unique(codes["supplier"][mine])
    if not order_periods(instance)[sellers, period].any():
        names = " and ".join(instance.labels["supplier"][sellers].tolist())
        return f"{names} {'takes' if len(sellers) == 1 else 'take'} no orders then (order_calendar)"
    return "it would arrive after the horizon, or no row of sourcing is valid then"


def _between(least: float, most: float, pack: float) -> bool:
    """Whether no whole number of packs lies within the bounds."""
    return pack > 0 and np.floor(most / pack + 1e-9) * pack < least - 1e-9 * max(1.0, least)
