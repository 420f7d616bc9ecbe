"""Confirmations: what was promised to a customer is kept, bettered or given up, as the policy of the line says.

    win             all of it in its due period (an old order: in the first)
    gain            the same or better: what was confirmed, by the date confirmed
    redistribute    either way: the confirmation does not count
    fill            the same or worse: nothing before the date confirmed, and no more than was confirmed
    lose            as fill, and it may be withdrawn: what is not delivered costs nothing

Decides     broken[d] >= 0         of what `win` and `gain` promise, not there on its date                      [unit]
Subject to  promise_kept       Σ {delivered[d,l,t]: t <= c_d} + broken[d] >= k_d
            not_earlier        Σ {delivered[d,l,t]: t < c_d} = 0                   `fill` and `lose`
            not_more           Σ delivered[d,l,t] <= k_d                           `fill` and `lose`, where k_d < q_d
Offers      broken[d]
Costs       promise  r · (weighted shortage cost) · broken[d]

c the period of `confirmed`, never before the line's first, and k `confirmed_quantity` of table `demand`; for `win` the
first period and the whole quantity. r `[costs] promise_rate`. A promise is elastic: it is broken only where keeping it
would cost more than r shortages, and `promises` names what could not be kept.

Source: confirmation strategies of backorder processing in SAP S/4HANA advanced ATP (win, gain, redistribute, fill,
lose); Kilger & Meyr (2015), Demand fulfilment and ATP, in Stadtler, Kilger & Meyr, ch. 9.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Index, Values
from models.demand import LINE_KEY
from models.entities import DEMAND
from models.findings import Finding, fault, warning
from models.instance import Array, Codes, Figures, Instance, as_texts
from models.ledger import Ledger
from models.limits import Limit
from models.part import Move, Part
from models.tables import Kind, Result, Setting, date, money, quantity, text
from models.ways import served

POLICIES = ("win", "gain", "redistribute", "fill", "lose")
PROMISED = DEMAND.with_columns(
    text(
        "policy",
        "What the confirmation binds to: `win` in full on the date asked, `gain` the same or better, `redistribute` "
        "either way, `fill` the same or worse, `lose` may be withdrawn.",
        default="redistribute",
        choices=POLICIES,
    ),
    date("confirmed", "When it was promised.", default=None, default_text="not confirmed"),
    quantity("confirmed_quantity", "How much was promised.", default=None, default_text="all of it"),
)
WIN, GAIN, _, FILL, LOSE = range(len(POLICIES))
NAMED = 5  # broken promises that are told one by one


class Confirmations(Part):
    """Promises to customers."""

    needs = (PROMISED,)
    limits = (Limit("demand", "policy", "the policy {}", free="redistribute", only=("fill", "lose")),)
    settings = (
        Setting(
            "costs",
            "promise_rate",
            Kind.NUMBER,
            "Cost of a unit that is not there on the date promised, as a multiple of its weighted shortage cost.",
            unit="shortage costs",
            default=10.0,
        ),
    )
    uses = ("delivered",)
    offers = ("broken",)
    gives = (
        Result(
            "promises",
            "What was promised under `win` and `gain`, and what could not be kept.",
            (
                *LINE_KEY,
                text("policy", "`win` or `gain`."),
                date("promised_period", "First day of the period by which it was promised."),
                quantity("promised", "How much was promised."),
                quantity("kept", "Of it, delivered by then."),
                quantity("broken", "Of it, late or never delivered."),
                money("cost", "What the broken part costs, beside waiting and shortage."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Policies that need a date, and promises of more than is asked."""
        demand = instance["demand"]
        needs_date = np.isin(demand["policy"], ("gain", "fill", "lose")) & np.isnat(demand["confirmed"])
        for k in np.flatnonzero(needs_date):
            yield fault(
                "no date confirmed",
                f"policy {demand['policy'][k]} holds on to what was confirmed: fill confirmed, or take another policy",
                table="demand",
                row=int(k),
                column="confirmed",
            )
        for k in np.flatnonzero(demand["confirmed_quantity"] > demand["quantity"]):
            yield warning(
                "more confirmed than open",
                f"confirmed_quantity is above the open quantity ({demand['quantity'][k]:.10g}), which counts",
                table="demand",
                row=int(k),
                column="confirmed_quantity",
                value=demand["confirmed_quantity"][k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """What may be withdrawn is lost at no cost; what may not come early may wait though there is stock."""
        policy = _policies(instance)
        if (policy == LOSE).any():
            book.post("loss weight", np.where(policy == LOSE, 0.0, 1.0))
        held = (policy == FILL) | (policy == LOSE)
        if held.any():
            book.post("own item only", np.flatnonzero(held))
            book.post("held back", np.unique(instance.codes("demand", "item")[held]))

    def derive(self, instance: Instance, book: Book) -> None:
        """Lines with a promise, or held to one, and the deliveries that count."""
        line, policy, by, much = _promises(instance, book)
        asked = book.values("quantity")
        binds = ((policy == WIN) | (policy == GAIN)) & (by < instance.calendar.periods)
        held = (policy == FILL) | (policy == LOSE)
        book.subset("promised_lines", "lines", binds)
        book.parameter("promised_quantity", "promised_lines", much[binds])
        rate = instance.setting("costs.promise_rate") * book.values("shortage_cost")
        book.subset("paid_promises", "promised_lines", rate[binds] > 0)
        book.parameter("promise_cost", "paid_promises", rate[binds & (rate > 0)])
        book.post("promises", (line[binds], by[binds], rate[binds]))
        ways, some = _ways(instance, book)
        row, period = np.searchsorted(line, ways["line"][some]), ways["period"][some]
        early = held[row] & (period < by[row])
        _relate(book, "kept_ways", "promised_lines", some[binds[row] & (period <= by[row])])
        begun = np.zeros(len(line), dtype=np.bool_)
        begun[row[early]] = True
        book.subset("early_lines", "lines", begun)
        _relate(book, "early_ways", "early_lines", some[early])
        reached = np.zeros(len(line), dtype=np.bool_)
        reached[row] = True
        capped = held & reached & (much < asked)
        book.subset("capped_lines", "lines", capped)
        book.parameter("capped_quantity", "capped_lines", much[capped])
        _relate(book, "capped_ways", "capped_lines", some[capped[row]])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is broken, and its cost."""
        m.broken = pyo.Var(m.promised_lines, domain=pyo.NonNegativeReals)
        ledger.offer("broken", lambda m, d: m.broken[d])
        ledger.cost("promise", m.promise_cost, m.broken)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Keep promises, or what they bind to."""
        m.promise_kept = pyo.Constraint(
            m.promised_lines,
            rule=lambda m, d: (
                sum(ledger.total("delivered", m, d, l, t) for l, t in m.kept_ways[d]) + m.broken[d]
                >= m.promised_quantity[d]
            ),
        )
        m.not_earlier = pyo.Constraint(
            m.early_lines, rule=lambda m, d: sum(ledger.total("delivered", m, d, l, t) for l, t in m.early_ways[d]) == 0
        )
        m.not_more = pyo.Constraint(
            m.capped_lines,
            rule=lambda m, d: (
                sum(ledger.total("delivered", m, d, l, t) for l, t in m.capped_ways[d]) <= m.capped_quantity[d]
            ),
        )

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`promises`."""
        row, policy, by, much, broken, cost = _outcome(instance, book, values)
        demand = instance["demand"]
        return {
            "promises": {
                "item": demand["item"][row],
                "customer": demand["customer"][row],
                "due": demand.text("due")[row],
                "kind": demand["kind"][row],
                "demand_location": demand["location"][row],
                "reference": demand["reference"][row],
                "policy": policy,
                "promised_period": instance.calendar.first_days().astype(str)[by],
                "promised": much,
                "kept": much - broken,
                "broken": broken,
                "cost": cost,
            }
        }

    def remarks(self, instance: Instance, book: Book, values: Values) -> Iterator[str]:
        """What could not be kept, the dearest first."""
        row, policy, by, much, broken, cost = _outcome(instance, book, values)
        demand = instance["demand"]
        worst = [k for k in np.argsort(-cost, kind="stable") if broken[k] > 0]
        for k in worst[:NAMED]:
            reference = f" ({demand['reference'][row[k]]})" if demand["reference"][row[k]] else ""
            yield (
                f"a promise cannot be kept: of {much[k]:.10g} {demand['item'][row[k]]} for "
                f"{demand['customer'][row[k]]}{reference}, {broken[k]:.10g} are not there by "
                f"{instance.calendar.last_day(int(by[k]))} (policy {policy[k]})"
            )
        if len(worst) > NAMED:
            yield f"{len(worst) - NAMED} more promises cannot be kept: see promises.csv"


def _policies(instance: Instance) -> Codes:
    """Policy of each row of demand, by its place in `POLICIES`."""
    given = instance["demand"]["policy"]
    policy = np.full(len(given), POLICIES.index("redistribute"))
    for k in np.flatnonzero(given != "redistribute"):
        policy[k] = POLICIES.index(given[k])
    return policy


def _ways(instance: Instance, book: Book) -> tuple[Index, Codes]:
    """Deliveries, and the places of those whose line has a policy."""
    ways = book.indexes["deliveries"]
    bound = _policies(instance) != POLICIES.index("redistribute")
    return ways, np.flatnonzero(bound[ways["line"]]) if bound.any() else np.zeros(0, np.int64)


def _promises(instance: Instance, book: Book) -> tuple[Codes, Codes, Codes, Figures]:
    """Row, policy, period and quantity of what was promised, for each demand line that counts."""
    demand, line, asked = instance["demand"], book.indexes["lines"]["line"], book.values("quantity")
    policy, confirmed, much = _policies(instance)[line], demand["confirmed"][line], demand["confirmed_quantity"][line]
    first = np.maximum(instance.calendar.index(demand["due"][line]), 0)
    by = np.maximum(instance.calendar.index(np.where(np.isnat(confirmed), demand["due"][line], confirmed)), first)
    much = np.where((policy == WIN) | np.isnan(much), asked, np.minimum(much, asked))
    return line, policy, np.where(policy == WIN, first, by), much


def _outcome(instance: Instance, book: Book, values: Values) -> tuple[Codes, Array, Codes, Figures, Figures, Figures]:
    """Row, policy, period, quantity, what of it is broken and its cost, for each promise that binds."""
    _, kept = book.parts_of["promised_lines"]
    line, policy, by, much = _promises(instance, book)
    ways, some = _ways(instance, book)
    place = np.searchsorted(line, ways["line"][some])
    in_time = ways["period"][some] <= by[place]
    delivered = np.bincount(place[in_time], values["deliver"][some[in_time]], minlength=len(line))
    otherwise = served(book, values)
    place = np.searchsorted(line, otherwise.line)
    in_time = otherwise.period <= by[place]
    delivered = delivered + np.bincount(place[in_time], otherwise.quantity[in_time], minlength=len(line))
    missing = np.round(much - delivered, 9)[kept]
    broken = np.where(missing > NOISE, missing, 0.0)
    cost = instance.setting("costs.promise_rate") * book.values("shortage_cost")[kept] * broken
    names = as_texts([POLICIES[code] for code in policy[kept]])
    return line[kept], names, by[kept], much[kept], broken, cost


def _relate(book: Book, name: str, of: str, places: Codes) -> None:
    """The deliveries of each line that count."""
    ways = book.indexes["deliveries"]
    line, location, period = (ways[dimension][places] for dimension in ("line", "location", "period"))
    book.relation(name, of, (line,), location=location, period=period)
