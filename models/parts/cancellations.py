"""Cancellations: of what waits, a share is cancelled in every period.

Subject to  patience           Σ_t (Σ_l delivered[d,l,t] + otherwise[d,t]) / (1 - κ_d)^(t - f_d)  <=  q_d
            gone               Σ {Σ_l delivered[d,l,t] + otherwise[d,t]: (1 - κ_d)^(t - f_d) < 1/1000}  =  0

κ `cancel_share` of table `demand` (default: the item's), f the line's first period, q what it asks for. What is open in
a period and not delivered loses the share κ before the next: (q - delivered in f) · (1 - κ) are open in f + 1, and so
on. That nothing is delivered which is not open any more is one row for each line, because what is open at the end is
never negative if it is not at the line's last period. What was cancelled is short, and pays the shortage cost.

Source: partial backordering with impatient customers: Abad (1996), Management Science 42(8); San-José, Sicilia &
García-Laguna (2006), International Journal of Systems Science 37(11).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Values
from models.demand import LINE_KEY, DemandLines, delivery_ways
from models.entities import DEMAND, ITEMS
from models.findings import Finding, warning
from models.instance import Array, Codes, Figures, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.part import Move, Part
from models.tables import Result, number, quantity
from models.ways import otherwise, served

OWN = DEMAND.with_columns(
    number(
        "cancel_share",
        "Of what waits of the line, this share is cancelled in every period.",
        unit="share",
        default=None,
        default_text="the item's",
        maximum=1.0,
    )
)
OF_ITEM = ITEMS.with_columns(
    number(
        "cancel_share",
        "Of what waits of a demand line, this share is cancelled in every period.",
        unit="share",
        default=0.0,
        maximum=1.0,
    )
)
GONE = 1e-3 * (1 + 1e-6)  # of a line: where less would be left, nobody waits any more


class Cancellations(Part):
    """Customers who do not wait for ever."""

    needs = (OWN, OF_ITEM)
    limits = (
        Limit("demand", "cancel_share", "a share of {} cancelled in each period", free=0.0),
        Limit("items", "cancel_share", "a share of {} cancelled in each period"),
    )
    uses = ("delivered", "otherwise")
    gives = (
        Result(
            "cancellations",
            "What customers cancel while they wait: a part of what is short.",
            (
                *LINE_KEY,
                quantity("cancelled", "How much of the line is cancelled within the horizon."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Items whose customers all go at once although they may wait."""
        rows = instance["items"]
        for k in np.flatnonzero((rows["cancel_share"] == 1) & (rows["max_delay"] > 0)):
            yield warning(
                "nobody waits",
                "all of what waits is cancelled in the next period: max_delay counts for nothing",
                table="items",
                row=int(k),
                column="cancel_share",
                value=rows["cancel_share"][k],
            )

    def derive(self, instance: Instance, book: Book) -> None:
        """What a delivery uses up of its line, by how long it waited."""
        (lines,) = book.posted("demand lines")
        share = _shares(instance, lines)
        ways = delivery_ways(book, lines, bool((share > 0).any()))
        line, location, period, which = ways.line, ways.location, ways.period, ways.which
        left, lasting, gone = _left(lines, share, which, period)
        other, when = otherwise(book)
        of = np.searchsorted(lines.row, other)
        left_then, lasting_then, gone_then = _left(lines, share, of, when)
        for name, relation, chosen, also in (
            ("patient", "lasting", lasting, lasting_then),
            ("gone", "gone", gone, gone_then),
        ):
            has = np.zeros(len(lines.row), dtype=np.bool_)
            has[np.concatenate([which[chosen], of[also]])] = True
            book.subset(f"{name}_lines", "lines", has)
            parents = (line[chosen],)
            book.relation(
                f"{relation}_ways", f"{name}_lines", parents, location=location[chosen], period=period[chosen]
            )
            book.relation(f"{relation}_otherwise", f"{name}_lines", (other[also],), period=when[also])
        book.index("lasting", line=line[lasting], location=location[lasting], period=period[lasting])
        book.parameter("used_up", "lasting", 1 / left[lasting])
        book.index("lasting_then", line=other[lasting_then], period=when[lasting_then])
        book.parameter("used_up_then", "lasting_then", 1 / left_then[lasting_then])
        book.parameter("open_at_first", "patient_lines", lines.quantity[book.parts_of["patient_lines"][1]])

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Nothing is delivered that was cancelled."""
        m.patience = pyo.Constraint(
            m.patient_lines,
            rule=lambda m, d: (
                sum(m.used_up[d, l, t] * ledger.total("delivered", m, d, l, t) for l, t in m.lasting_ways[d])
                + sum(m.used_up_then[d, t] * ledger.total("otherwise", m, d, t) for t in m.lasting_otherwise[d])
                <= m.open_at_first[d]
            ),
        )
        m.gone = pyo.Constraint(
            m.gone_lines,
            rule=lambda m, d: (
                sum(ledger.total("delivered", m, d, l, t) for l, t in m.gone_ways[d])
                + sum(ledger.total("otherwise", m, d, t) for t in m.gone_otherwise[d])
                == 0
            ),
        )

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`cancellations`."""
        (lines,) = book.posted("demand lines")
        cancelled = _cancelled(instance, book, lines, values)
        row, demand = lines.row[cancelled > NOISE], instance["demand"]
        return {
            "cancellations": {
                "item": demand["item"][row],
                "customer": demand["customer"][row],
                "due": demand.text("due")[row],
                "kind": demand["kind"][row],
                "demand_location": demand["location"][row],
                "reference": demand["reference"][row],
                "cancelled": np.round(cancelled[cancelled > NOISE], 9),
            }
        }


def _shares(instance: Instance, lines: DemandLines) -> Figures:
    """Share of each line that is cancelled in a period of waiting."""
    own = instance["demand"]["cancel_share"][lines.row]
    return np.where(np.isnan(own), instance["items"]["cancel_share"][lines.item], own)


def _left(lines: DemandLines, share: Figures, which: Codes, period: Codes) -> tuple[Figures, Codes, Codes]:
    """Share that is left of lines that wait until a period; places where something is, and where nobody waits."""
    left = (1 - share[which]) ** (period - lines.first[which])
    impatient = (share[which] > 0) & (lines.last > lines.first)[which]
    gone = impatient & (left < GONE)
    return left, np.flatnonzero(impatient & ~gone), np.flatnonzero(gone)


def _cancelled(instance: Instance, book: Book, lines: DemandLines, values: Values) -> Figures:
    """What is cancelled of each line within the horizon and its window."""
    share = _shares(instance, lines)
    cancelled = np.zeros(len(lines.row))
    if not (share > 0).any():
        return cancelled
    ways = delivery_ways(book, lines, True)
    delivered = np.zeros((len(lines.row), instance.calendar.periods))
    np.add.at(delivered, (ways.which, ways.period), values["deliver"])
    other = served(book, values)
    np.add.at(delivered, (np.searchsorted(lines.row, other.line), other.period), other.quantity)
    still_open = lines.quantity.copy()
    for t in range(instance.calendar.periods):
        waits = (lines.first <= t) & (t < lines.last)
        still_open = np.where(lines.first <= t, np.maximum(still_open - delivered[:, t], 0.0), still_open)
        lost = np.where(waits, share * still_open, 0.0)
        cancelled, still_open = cancelled + lost, still_open - lost
    return cancelled
