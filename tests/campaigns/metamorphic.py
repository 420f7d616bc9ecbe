"""What must not change, or only one way, when an instance is changed.

    python -m tests.campaigns.metamorphic --count 5000 --seed 1

Kinds take turns, so each has a tenth of the cases:

- rows, columns and tables in another order; other ids; other units (two factors); other money (two factors); a supplier
  who can deliver nothing in time: the optimum is the same, in other money so many times as much;
- more capacity: no plan is dearer;
- a dearer shortage: the shortage, at its old cost, is not more;
- two instances that share nothing but their locations, in one: their costs add up.

Costs are compared with bounds, so what is not proven contradicts less and never wrongly.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.parts import parts
from optimizer.compile import Broken
from optimizer.read import InputFaults
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.drawn import changes
from tests.campaigns.drawn.instance import instance, source_of, without_rules
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.solving import Range, apart, compiled, in_balance, not_below, slack_of

LIGHT = tuple(part for part in parts() if not part.extends)
TRIES = 60  # instances that may be drawn until a change applies
APART = 100_000  # their numbers
DEARER = Decimal(3)


@dataclass(frozen=True)
class Found:
    """What an instance costs, and how much of it is shortage."""

    range: Range
    shortage: float


Change = Callable[[random.Random, Drawn], Drawn | None]
SAME: dict[str, tuple[Change, float]] = {
    "rows permuted": (changes.permuted, 1),
    "ids renamed": (changes.renamed, 1),
    "units times 1000": (changes.in_other_units(Decimal(1000)), 1),
    "units times 1/125": (changes.in_other_units(Decimal("0.008")), 1),
    "costs times 100": (changes.in_other_money(Decimal(100)), 100),
    "costs times 1/125": (changes.in_other_money(Decimal("0.008")), 0.008),
    "useless supplier": (changes.with_useless_supplier, 1),
}
KINDS = (*SAME, "more capacity", "dearer shortage", "two joined")


def case(number: int, run: Run) -> Iterator[str]:
    """The first instance to which the case's change applies."""
    kind = KINDS[number % len(KINDS)]
    for again in range(TRIES):
        at = number + again * APART
        drawn = without_rules(at, "small" if at % 20 < 10 else "tiny") if kind == "two joined" else instance(at)
        run.instance = drawn
        before = run.counts[kind]
        yield from check(drawn, number, run)
        if run.counts[kind] > before:
            return
    run.counts[f"{kind}: none found"] += 1


def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
    """That the change of a case has the effect that it must have; nothing where it cannot be made."""
    kind, dice = KINDS[number % len(KINDS)], random.Random(number)
    drawn.settings.pop("allocation", None)  # goals before the cost: the cost is no optimum then
    first = _found(drawn, run)
    if first is None:
        return
    if kind in SAME:
        change, times = SAME[kind]
        changed = change(dice, drawn)
        assert changed is not None
        yield from _same(kind, first, _found(changed, run), times)
    elif kind == "more capacity":
        changed = changes.with_more_capacity(dice, drawn)
        if changed is None:
            return
        yield from _not_dearer(first, _found(changed, run))
    elif kind == "dearer shortage":
        if first.shortage <= 0 or first.range.cost - first.range.bound > slack_of(first.range.cost):
            return
        dearer = _found(changes.with_dearer_shortage(DEARER)(dice, drawn), run)
        yield from _not_shorter(first, dearer)
    else:
        other = changes.another(dice, drawn)
        second, both = _found(other, run), _found(changes.joined(drawn, other), run)
        if second is not None and both is not None:
            total = Range(first.range.cost + second.range.cost, first.range.bound + second.range.bound)
            yield from apart("both in one", both.range, "one and the other", total)
        elif (second is None) != (both is None):
            yield f"both in one is {both}, the other alone {second}"
    run.counts[kind] += 1


def _found(drawn: Drawn, run: Run) -> Found | None:
    """None where the reader refuses it as drawn, or its rules contradict each other."""
    try:
        source = source_of(drawn, run.folder())
    except InputFaults as refused:
        run.counts.update({f"refused: {one.rule}" for one in refused.faults})
        return None
    try:
        program = compiled(source.instance, LIGHT)
    except Broken:  # told as a contradiction by a run
        return None
    answer = in_balance(program.program, run.options.seconds)
    if answer is None:
        return None
    x, bound = answer
    if x is None:
        return Found(Range(float("inf"), bound), float("inf"))
    shortage = sum(float(money.sum()) for charge, money in program.amounts(x) if charge.account == "shortage")
    return Found(Range(program.program.objective(x), bound), shortage)


def _same(kind: str, first: Found, changed: Found | None, times: float) -> Iterator[str]:
    if changed is None:
        yield f"{kind}: there is no plan any more"
    else:
        yield from apart("the instance", first.range, kind, changed.range.times(1 / times))


def _not_dearer(first: Found, changed: Found | None) -> Iterator[str]:
    if changed is None:
        yield "with more capacity there is no plan any more"
    else:
        yield from not_below("the instance", first.range, changed.range, "that with more capacity")


def _not_shorter(first: Found, dearer: Found | None) -> Iterator[str]:
    """At optima C + S and C' + f S': (f - 1)(S' - S) <= 0, but for what is not proven."""
    if dearer is None:
        yield "with a dearer shortage there is no plan any more"
        return
    factor, open_ = float(DEARER), dearer.range.cost - dearer.range.bound
    slack = (max(open_, 0.0) + 2 * slack_of(dearer.range.cost)) / (factor - 1)
    if dearer.shortage / factor > first.shortage + slack:
        yield f"the shortage was {first.shortage} and is {dearer.shortage / factor} at the old cost where it is dearer"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=10, help="for each solve (10)")


CAMPAIGN = Campaign(
    "metamorphic", 8, "0 breaks beyond the gap, each kind 500 times", 5000, 6, case, _arguments, first=10
)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
