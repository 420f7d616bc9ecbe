"""Plan stability: what was promised to suppliers last week is changed at a cost, and within limits.

Decides     more[i,s,l,o], less[i,s,l,o] >= 0   ordered beyond what was promised, and short of it                [unit]
            changed[i,s,l,o] in {0,1}           whether the order line is another than was promised
Subject to  promised_order     ordered[i,s,l,o] - more + less  = p      ordered is 0 where no line can be placed
            changed_more       more  <= (M - p) · changed               M: the largest sensible order
            changed_less       less  <= p · changed
            changed_share      more + less  <= a_s · p                  where p > 0
            changed_lines      Σ_{i,l,o} changed  <=  n_s
Costs       plan_change  k_s · changed + r_s · price_i · (more + less)

p `quantity` of table `last_plan` (nothing there: 0); of table `suppliers` k `change_cost`, r `change_rate`, n
`maximum_changes`, a `maximum_change`. It holds in the order periods that are not frozen, up to the last one that
`last_plan` names, or before `[horizon] promised`. Suppliers without these four are free to be asked for anything.

Source: schedule nervousness: Kazan, Nagi & Rump (2000), New lot-sizing formulations for less nervous production
schedules, Computers & OR 27(13); quantity flexibility: Tsay (1999), Management Science 45(10).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Values
from models.entities import SUPPLIERS, price
from models.findings import Finding, fault
from models.instance import Array, Codes, Figures, Instance, repeated
from models.ledger import Ledger
from models.limits import Limit
from models.orders import OrderLines, order_lines, pairs
from models.part import Move, Part, Scope
from models.tables import Kind, Result, Setting, Table, date, money, number, quantity, text
from models.terms import lines_in_force

LAST_PLAN = Table(
    "last_plan",
    "What was promised: last week's purchase_orders.csv, as it is. One row per order line.",
    key=(
        text("item", "The item.", refers="items", example="WIDGET-1"),
        text("supplier", "From whom.", refers="suppliers", example="ACME"),
        text("location", "For which location.", refers="locations", example="main"),
        date("order_period", "A day of the period in which it is placed.", example="2026-11-30"),
    ),
    columns=(quantity("quantity", "How much was promised.", example="40"),),
    optional=True,
)
RATES = SUPPLIERS.with_columns(
    money("change_cost", "Cost of an order line that is changed from last_plan.", per="order line", default=0.0),
    number("change_rate", "Cost of each unit more or less.", unit="share of the item's price", default=0.0),
    number("maximum_changes", "Order lines that may be changed.", unit="order lines", default=None),
    number("maximum_change", "Share by which a promised quantity may change.", unit="share", default=None),
)
KEY = ("item", "supplier", "location", "period")


class PlanStability(Part):
    """Changes of what was promised."""

    scope = Scope.SHARED
    hard = ("changed_share", "changed_lines")
    limits = (
        Limit("suppliers", "maximum_changes", "at most {} order lines other than promised"),
        Limit("last_plan", "quantity", "a promise of {}", whole_row=True),
    )
    needs = (LAST_PLAN, RATES)
    settings = (
        Setting(
            "horizon",
            "promised",
            Kind.COUNT,
            "First order periods in which changes of last_plan count.",
            unit="periods",
            default_text="up to the last period of last_plan",
        ),
    )
    uses = ("ordered",)
    gives = (
        Result(
            "order_changes",
            "Order lines that are not as last_plan promised them, of suppliers to whom that matters.",
            (
                text("item", "The item."),
                text("supplier", "From whom."),
                text("location", "For which location."),
                date("order_period", "First day of the period in which it is placed."),
                quantity("promised", "In last_plan."),
                quantity("quantity", "In this plan."),
                quantity("change", "More than promised; negative: less."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """One promise for an order line; one that is held within limits can still be placed."""
        rows, key = instance["last_plan"], _key(instance)
        for k in repeated(key)[0]:
            message = "another row is for the same order line in the same period; leave one"
            yield _at(k, "two promises", message, rows.text("order_period")[k])
        tight = ~np.isnan(instance["suppliers"]["maximum_change"])
        holds = np.flatnonzero(_counts(instance) & tight[key[:, 1]]) if len(key) else np.zeros(0, np.int64)
        if not len(holds) or np.isnan(instance["sourcing"]["lead_time"]).any():
            return
        placed, _ = pairs(lines_in_force(instance), **dict(zip(KEY, key[holds].T, strict=True)))
        for k in np.delete(holds, np.unique(placed)):
            message = (
                f"the {rows['quantity'][k]:.10g} promised to {rows['supplier'][k]} cannot be ordered any more (nobody "
                "sells it or takes orders then, or it would arrive after the horizon), but maximum_change forbids to "
                "drop it; take the row off, or leave maximum_change of the supplier empty"
            )
            yield _at(k, "promise that cannot be kept", message, rows.text("order_period")[k])

    def prepare(self, instance: Instance, book: Book) -> None:
        """A promise that costs something to break is a reason to order."""
        key, counts = _key(instance), _counts(instance) & _active(instance)[_key(instance)[:, 1]]
        if not counts.any():
            return

        def reason(lines: OrderLines) -> Figures:
            promised = np.zeros(len(lines))
            row, line = pairs(lines, **dict(zip(KEY, key[counts].T, strict=True)))
            np.add.at(promised, line, instance["last_plan"]["quantity"][counts][row])
            return promised

        book.post("reason", reason)

    def derive(self, instance: Instance, book: Book) -> None:
        """Order lines that count: promised, or possible within the periods of the promise."""
        lines, suppliers = order_lines(book), instance["suppliers"]
        counts = _counts(instance) & _active(instance)[_key(instance)[:, 1]]
        key, promised = _key(instance)[counts], instance["last_plan"]["quantity"][counts]
        first, last = _window(instance)
        inside = _active(instance)[lines.supplier] & (lines.period >= first) & (lines.period < last)
        possible = np.column_stack([getattr(lines.only(inside), name) for name in KEY])
        places, which = np.unique(np.concatenate([key, possible]), axis=0, return_inverse=True)
        was, most = np.zeros(len(places)), np.zeros(len(places))
        was[which.ravel()[: len(key)]] = promised
        most[which.ravel()[len(key) :]] = book.values("largest_order")[inside]
        supplier = places[:, 1]

        book.index("promises", **dict(zip(KEY, places.T, strict=True)))
        book.parameter("promised", "promises", was)
        book.relation("promise_lines", "promises", tuple(possible.T), placed=possible[:, 3])
        rate = suppliers["change_rate"][supplier] * np.nan_to_num(price(instance))[places[:, 0]]
        book.subset("rated_promises", "promises", rate > 0)
        book.parameter("change_rate", "rated_promises", rate[rate > 0])

        counted = (suppliers["change_cost"] > 0) | ~np.isnan(suppliers["maximum_changes"])
        mine = counted[supplier]
        book.subset("counted_promises", "promises", mine)
        for name, limit in (("more", (most - was)[mine]), ("less", was[mine])):
            book.subset(f"may_be_{name}", "counted_promises", limit > 0)
            book.parameter(f"most_{name}", f"may_be_{name}", limit[limit > 0])
        cost = suppliers["change_cost"][supplier[mine]]
        book.subset("charged_promises", "counted_promises", cost > 0)
        book.parameter("change_cost", "charged_promises", cost[cost > 0])
        limited = ~np.isnan(suppliers["maximum_change"])[supplier] & (was > 0)
        book.subset("limited_promises", "promises", limited)
        book.parameter("most_change", "limited_promises", (suppliers["maximum_change"][supplier] * was)[limited])

        few = np.unique(supplier[~np.isnan(suppliers["maximum_changes"])[supplier]])
        book.index("few_changes", supplier=few)
        book.parameter("maximum_changes", "few_changes", suppliers["maximum_changes"][few])
        of_few = places[np.isin(supplier, few)]
        book.relation(
            "changes_of", "few_changes", (of_few[:, 1],), item=of_few[:, 0], location=of_few[:, 2], period=of_few[:, 3]
        )

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is changed, and what that costs."""
        m.more = pyo.Var(m.promises, domain=pyo.NonNegativeReals)
        m.less = pyo.Var(m.promises, domain=pyo.NonNegativeReals)
        m.changed = pyo.Var(m.counted_promises, domain=pyo.Binary)
        m.changed_more = pyo.Constraint(
            m.may_be_more,
            rule=lambda m, i, s, l, o: m.more[i, s, l, o] <= m.most_more[i, s, l, o] * m.changed[i, s, l, o],
        )
        m.changed_less = pyo.Constraint(
            m.may_be_less,
            rule=lambda m, i, s, l, o: m.less[i, s, l, o] <= m.most_less[i, s, l, o] * m.changed[i, s, l, o],
        )
        m.changed_share = pyo.Constraint(
            m.limited_promises,
            rule=lambda m, i, s, l, o: m.more[i, s, l, o] + m.less[i, s, l, o] <= m.most_change[i, s, l, o],
        )
        m.changed_lines = pyo.Constraint(
            m.few_changes,
            rule=lambda m, s: sum(m.changed[i, s, l, o] for i, l, o in m.changes_of[s]) <= m.maximum_changes[s],
        )
        ledger.cost("plan_change", m.change_rate, m.more)
        ledger.cost("plan_change", m.change_rate, m.less)
        ledger.cost("plan_change", m.change_cost, m.changed)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What is ordered is what was promised, and more or less of it."""
        m.promised_order = pyo.Constraint(
            m.promises,
            rule=lambda m, i, s, l, o: (
                sum(ledger.total("ordered", m, i, s, l, p) for p in m.promise_lines[i, s, l, o])
                - m.more[i, s, l, o]
                + m.less[i, s, l, o]
                == m.promised[i, s, l, o]
            ),
        )

    def contradiction(self, instance: Instance, book: Book, rule: str, row: int, missing: float) -> Finding:
        """Which promise must be changed more, or of which supplier more of them."""
        if rule == "changed_lines":
            supplier = int(book.indexes["few_changes"]["supplier"][row])
            most, named = instance["suppliers"]["maximum_changes"][supplier], instance.labels["supplier"][supplier]
            return fault(
                "too few changes allowed",
                f"of {named} {missing:.10g} order lines more than the {most:.10g} that maximum_changes allows must be "
                "other than was promised",
                table="suppliers",
                row=supplier,
                column="maximum_changes",
                value=most,
            )
        key = book.indexes["limited_promises"].codes[row]
        k, rows = int(np.flatnonzero((_key(instance) == key).all(axis=1))[0]), instance["last_plan"]
        when = f"the {instance.calendar.kind} of {instance.calendar.first_day(int(key[3]))}"
        message = (
            f"the {rows['quantity'][k]:,.10g} of {rows['item'][k]} promised to {rows['supplier'][k]} for {when} "
            f"must be changed by {missing:,.10g} more than maximum_change of the supplier allows"
        )
        return _at(k, "promise against other rules", message, rows.text("order_period")[k])

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`order_changes`."""
        (lines,), counts, (first, last) = book.posted("order lines"), _counts(instance), _window(instance)
        inside = (lines.period >= first) & (lines.period < last) & (values["order"] > NOISE)
        ordered = np.column_stack([getattr(lines.only(inside), name) for name in KEY])
        key = _key(instance)[counts]
        places, which = np.unique(np.concatenate([key, ordered]), axis=0, return_inverse=True)
        was, now = np.zeros(len(places)), np.zeros(len(places))
        was[which.ravel()[: len(key)]] = instance["last_plan"]["quantity"][counts]
        now[which.ravel()[len(key) :]] = values["order"][inside]
        other = (np.abs(now - was) > NOISE) & _active(instance)[places[:, 1]]
        labels = instance.labels
        return {
            "order_changes": {
                **{name: labels[name][places[other, k]] for k, name in enumerate(KEY[:3])},
                "order_period": instance.calendar.first_days().astype(str)[places[other, 3]],
                "promised": was[other],
                "quantity": now[other],
                "change": (now - was)[other],
            }
        }


def _at(row: Any, rule: str, message: str, value: object) -> Finding:
    return fault(rule, message, table="last_plan", row=int(row), column="order_period", value=value)


def _key(instance: Instance) -> Codes:
    """Item, supplier, location and order period of each row of `last_plan`."""
    named = [instance.codes("last_plan", name) for name in KEY[:3]]
    return np.column_stack([*named, instance.calendar.index(instance["last_plan"]["order_period"])])


def _window(instance: Instance) -> tuple[int, int]:
    """First order period in which a change counts, and the first after them."""
    promised, horizon = instance.settings["horizon.promised"], instance.calendar.periods
    last = int(_key(instance)[:, 3].max(initial=-1)) + 1 if promised is None else int(promised)
    return int(instance.setting("horizon.frozen")), min(last, horizon) if len(instance["last_plan"]) else 0


def _counts(instance: Instance) -> Any:
    """Rows of `last_plan` that still count."""
    period, (first, last) = _key(instance)[:, 3], _window(instance)
    return (period >= first) & (period < last) & (instance["last_plan"]["quantity"] > 0)


def _active(instance: Instance) -> Any:
    """Suppliers to whom a change costs anything, or is limited."""
    rows = instance["suppliers"]
    charged = (rows["change_cost"] > 0) | (rows["change_rate"] > 0)
    return charged | ~np.isnan(rows["maximum_changes"]) | ~np.isnan(rows["maximum_change"])
