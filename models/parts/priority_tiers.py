"""Priority tiers: the best customers are served as well as can be, before anything else counts.

Decides     tier_cost[k] >= 0          what waiting and shortage cost the lines of tier k                    [money]
Subject to  tier_served        tier_cost[k]  =  Σ_{d of k} (Σ_{l,t} w_d · b_d · (t - f_d) · delivered[d,l,t]
                                                            + Σ_t w_d · b_d · (t - f_d) · otherwise[d,t]
                                                            + w_d · p_d · unmet[d])
Minimises   tier_cost of the first tier, then of the next with the first as it is, …, then the cost of the plan

`tier` of table `customers`; `[allocation] strict_tiers` says for how many tiers it is so, from the first; all others go
by cost. b, p the backorder and shortage cost of a line, w its weight, f its first period: within a tier stock goes
where it is worth most. Each tier is decided to the gap that is asked for the plan.

Source: lexicographic order of customer segments in allocation planning: Meyr (2009), Customer segmentation, allocation
planning and order promising in make-to-stock production, OR Spectrum 31(1).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book, Values
from models.demand import DemandLines, delivery_ways
from models.entities import CUSTOMERS, TIER
from models.findings import Finding, warning
from models.instance import Array, Codes, Figures, Instance
from models.ledger import Ledger
from models.part import Move, Part, Scope
from models.tables import Kind, Result, Setting, money, number, quantity
from models.ways import otherwise, served


class PriorityTiers(Part):
    """Tiers of customers, one strictly before the other."""

    scope = Scope.SHARED
    needs = (CUSTOMERS.with_columns(TIER),)
    settings = (
        Setting(
            "allocation",
            "strict_tiers",
            Kind.COUNT,
            "So many tiers of customers, from the first, are served as well as can be, one by one, whatever it costs.",
            unit="tiers",
            default=0.0,
        ),
    )
    uses = ("delivered", "unmet", "otherwise")
    gives = (
        Result(
            "tiers",
            "How the tiers are served that go before all others.",
            (
                number("tier", "The tier."),
                quantity("asked", "What its customers ask for."),
                quantity("delivered", "What they get."),
                money("cost", "Waiting and shortage of its customers, weighted: what was least for them."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Tiers that nobody is of."""
        if instance.setting("allocation.strict_tiers") and np.isnan(_tiers(instance)).all():
            yield warning(
                "no tiers",
                "strict_tiers of [allocation] counts tiers, but no customer has a tier",
                table="customers",
                column="tier",
            )

    def derive(self, instance: Instance, book: Book) -> None:
        """The tiers that go first, their lines, and what waiting and shortage cost them."""
        (lines,) = book.posted("demand lines")
        tier = _of_lines(instance, lines)
        strict = np.unique(tier[tier >= 0])
        book.index("strict_tiers", tier=strict)
        mine = tier >= 0
        book.relation("tier_lines", "strict_tiers", (tier[mine],), line=lines.row[mine])
        book.subset("tiered_lines", "lines", mine)
        book.parameter("tier_shortage", "tiered_lines", lines.shortage_cost[mine])
        ways = delivery_ways(book, lines, len(strict) > 0)
        line, location, period, which = ways.line, ways.location, ways.period, ways.which
        cost = lines.waiting_cost[which] * (period - lines.first[which])
        late = (tier[which] >= 0) & (cost > 0)
        line, location, period = line[late], location[late], period[late]
        book.index("tier_waits", line=line, location=location, period=period)
        book.parameter("tier_waiting", "tier_waits", cost[late])
        parents = (tier[which[late]],)
        book.relation("waits_of_tier", "strict_tiers", parents, line=line, location=location, period=period)
        other, when = otherwise(book)
        of = np.searchsorted(lines.row, other)
        cost = lines.waiting_cost[of] * (when - lines.first[of])
        late = (tier[of] >= 0) & (cost > 0)
        book.index("tier_waits_otherwise", line=other[late], period=when[late])
        book.parameter("tier_waiting_otherwise", "tier_waits_otherwise", cost[late])
        book.relation("otherwise_of_tier", "strict_tiers", (tier[of[late]],), line=other[late], period=when[late])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What waiting and shortage cost each tier: least for the first, then the next."""
        m.tier_cost = pyo.Var(m.strict_tiers, domain=pyo.NonNegativeReals)
        ledger.first(m.tier_cost)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """The sum over its lines."""
        m.tier_served = pyo.Constraint(
            m.strict_tiers,
            rule=lambda m, k: (
                m.tier_cost[k]
                == sum(
                    m.tier_waiting[d, l, t] * ledger.total("delivered", m, d, l, t) for d, l, t in m.waits_of_tier[k]
                )
                + sum(
                    m.tier_waiting_otherwise[d, t] * ledger.total("otherwise", m, d, t)
                    for d, t in m.otherwise_of_tier[k]
                )
                + sum(m.tier_shortage[d] * ledger.total("unmet", m, d) for d in m.tier_lines[k])
            ),
        )

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`tiers`."""
        (lines,) = book.posted("demand lines")
        tier, strict = _of_lines(instance, lines), book.indexes["strict_tiers"]["tier"]
        if not len(strict):
            return {}
        mine = np.searchsorted(strict, tier[tier >= 0])
        ways = delivery_ways(book, lines, True)
        other = served(book, values)
        which = np.concatenate([ways.which, np.searchsorted(lines.row, other.line)])
        much = np.concatenate([values["deliver"], other.quantity])
        delivered = np.bincount(which, much, minlength=len(lines.row))
        waits = np.concatenate([ways.period, other.period]) - lines.first[which]
        wait = lines.waiting_cost[which] * waits * much
        short = np.maximum(lines.quantity - delivered, 0.0)
        cost = np.bincount(which, wait, minlength=len(lines.row)) + lines.shortage_cost * short

        def of_tier(figures: Figures) -> Figures:
            return np.bincount(mine, figures[tier >= 0], minlength=len(strict)).astype(np.float64)

        return {
            "tiers": {
                "tier": strict,
                "asked": of_tier(lines.quantity),
                "delivered": of_tier(delivered.astype(np.float64)),
                "cost": of_tier(cost),
            }
        }


def _tiers(instance: Instance) -> Figures:
    """Tier of each customer; NaN where none is given."""
    given = instance["customers"]["tier"]
    return given if len(given) else np.full(len(instance.labels["customer"]), np.nan)


def _of_lines(instance: Instance, lines: DemandLines) -> Codes:
    """Tier of each line, where it is one of those that go first; else -1."""
    count = int(instance.setting("allocation.strict_tiers"))
    if not count:
        return np.full(len(lines.row), -1)
    tier = _tiers(instance)[lines.customer]
    first = np.unique(tier[~np.isnan(tier)])[:count]
    return np.where(np.isin(tier, first), tier, -1).astype(np.int64)
