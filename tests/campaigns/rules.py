"""Random small instances over random subsets of all rules.

    python -m tests.campaigns.rules --count 500 --seed 1

Each is an instance of `tests.reference`, of one to three items, with tables of other rules beside it
(`tests.campaigns.drawn` has one entry for each). It is planned in process by the engine and audited, and solved in the
plain and in the tight formulation, and once more with the derived largest quantities of order lines made larger. Some
of the rules that are there are relaxed, and some that offer something are taken off. A contradiction is

- a run that breaks off, or a plan that its audit refuses;
- a bound of one formulation, or of the plan, above the cost of another; two proven optima are then the same;
- contradictory rules that one formulation finds and another does not;
- a plan that gets cheaper where order lines may be larger than what is derived as sensible;
- a plan that gets dearer where a rule is relaxed, or cheaper where an option is taken off.

Plans of strict tiers are audited, but not compared: each solve has its own best of the earlier tiers. Every tenth
instance has no rules but those of `tests.reference`; it is compared with the plain model written independently there
and, where it is tiny enough, with the enumeration of all plans. Rules beyond those are not enumerated: of them, the
costs are those of the audit, which shares nothing with the parts, and that a plan is best is seen only from the
formulations, which share the parts.

A drawn instance that the reader refuses is counted by what is wrong with it. Prints the figures as JSON; exit code 1
on a contradiction.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from models.assemble import build, derive
from models.instance import Instance
from models.part import Part
from models.parts import parts, plain
from optimizer import planning
from optimizer.compile import compile_book, compile_model
from optimizer.read import Input, InputFaults, read
from optimizer.solve.highs import Infeasible, Limits, solve
from tests.campaigns.drawn import customers, ordering, stock, usual
from tests.campaigns.drawn.rule import Drawn, Rule
from tests.models.test_largest_orders import WantsMore
from tests.reference.contract import read_contract
from tests.reference.enumerate_plans import TooLargeError, enumerate_plans
from tests.reference.folder import write_instance
from tests.reference.plain_model import solve as reference
from tests.reference.random_instances import Size, random_instance
from tests.solve.in_process import InProcess

RULES: dict[str, Rule] = {**usual.RULES, **ordering.RULES, **stock.RULES, **customers.RULES}
CLOSE = 1e-5
LIGHT = tuple(part for part in parts() if not part.extends)
LARGER = (*LIGHT, WantsMore())
TRIED = 3  # rules of an instance that are relaxed or taken off


@dataclass(frozen=True)
class Range:
    """Cost of the best plan that was found, and what no plan costs less than."""

    cost: float
    bound: float


@dataclass
class Figures:
    """What a campaign found."""

    count: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    contradictions: list[dict[str, Any]] = field(default_factory=list)


def campaign(count: int, seed: int, *, seconds: float = 10, tell: bool = False, keep: Path | None = None) -> Figures:
    """Try so many instances from number `seed` on, with so many seconds for each solve."""
    figures, began = Figures(), time.perf_counter()
    for number in range(seed, seed + count):
        drawn = instance(number)
        found = list(_contradictions(drawn, number, seconds, figures))
        figures.count += 1
        figures.contradictions += [{"seed": number, "contradiction": text} for text in found]
        if found and keep is not None:
            write_instance(keep / str(number), drawn.tables, drawn.settings)
        for text in found if tell else ():
            print(f"{number}: {text[:600]}", file=sys.stderr, flush=True)
        if tell and figures.count % 10 == 0:
            words = f"{figures.count} of {count}, {len(figures.contradictions)} contradictions"
            print(f"{words}, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return figures


def instance(number: int) -> Drawn:
    """A random instance, with a random subset of the rules."""
    size: Size = "tiny" if number % 2 else "small"
    drawn, dice = Drawn(*random_instance(number, size)), random.Random(number + 1_000_000)
    share = 0.0 if number % 10 == 5 else dice.choice([0.1, 0.2, 0.3, 0.5])
    added = [rule.add for rule in RULES.values() if rule.add is not None]
    for add in dice.sample(added, len(added)):
        if dice.random() < share:
            add(dice, drawn)
    return drawn


def _contradictions(drawn: Drawn, number: int, seconds: float, figures: Figures) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        try:
            source = _read(drawn, Path(scratch) / "instance")
        except InputFaults as refused:
            figures.outcomes.update(f"refused: {one.rule}" for one in refused.faults)
            return
        there = [name for name, rule in RULES.items() if rule.there(drawn)]
        figures.rules.update(there)
        try:
            yield from _compared(source, drawn, number, seconds, figures)
        except Exception as error:  # whatever it is, a valid instance is to be planned
            yield f"{type(error).__name__}: {str(error)[:2000]} ({', '.join(there)})"


def _compared(source: Input, drawn: Drawn, number: int, seconds: float, figures: Figures) -> Iterator[str]:
    made, ranges = _planned(source, seconds, figures), {}
    if "strict_tiers" in [name for name, rule in RULES.items() if rule.there(drawn)]:
        figures.outcomes["audited only"] += 1
        return
    for name, chosen in (("plain", plain()), ("tight", parts())):
        ranges[name] = solved(source.instance, chosen, seconds)
    best = ranges["plain"]
    if made is None or None in ranges.values():
        figures.outcomes["contradictory rules"] += 1
        if made is not None or set(ranges.values()) != {None}:
            yield f"contradictory rules, in some formulations only: plan {made}, {ranges}"
        return
    assert best is not None
    proven = best.cost - best.bound <= _slack(best.cost)
    figures.outcomes["proven" if proven else "not proven"] += 1
    for name, other in (("the plan", made), ("tight", ranges["tight"])):
        yield from _apart("plain", best, name, other)
    yield from _not_below("with larger lines", solved(source.instance, LARGER, seconds), best)
    dice = random.Random(number)
    movable = [(name, rule) for name, rule in RULES.items() if rule.there(drawn) and (rule.freer or rule.barer)]
    for name, rule in dice.sample(movable, min(TRIED, len(movable))):
        changed, change = drawn.copy(), rule.freer or rule.barer
        assert change is not None
        change(dice, changed)
        found = _cheapest(changed, seconds)
        figures.outcomes["relaxed" if rule.freer else "taken off"] += 1
        if rule.freer:
            if found is None:
                yield f"contradictory rules where {name} is relaxed"
            yield from _not_below("the plan", best, found, f"that of {name} relaxed")
        else:
            yield from _not_below(f"without {name}", found, best)
    if number % 10 == 5:
        yield from _by_reference(drawn, best, seconds, figures)


def _planned(source: Input, seconds: float, figures: Figures) -> Range | None:
    """What the engine says of its plan, which passed its audit; None where it finds contradictory rules."""
    with tempfile.TemporaryDirectory() as folder, patch.object(planning, "Engine", InProcess):
        try:
            plan = planning.plan(source, out=Path(folder) / "plan", gap=0, time_limit=seconds)
        except InputFaults:
            return None
        except Infeasible:
            figures.outcomes["contradictory rules that are not named"] += 1
            return None
    return Range(plan.objective, plan.bound)


def _cheapest(drawn: Drawn, seconds: float) -> Range | None:
    with tempfile.TemporaryDirectory() as scratch:
        return solved(_read(drawn, Path(scratch) / "instance").instance, LIGHT, seconds)


def _read(drawn: Drawn, folder: Path) -> Input:
    write_instance(folder, drawn.tables, drawn.settings)
    return read(folder)


def solved(made: Instance, chosen: tuple[Part, ...], seconds: float) -> Range | None:
    """The best plan in a formulation, which stock Pyomo builds where it is the plain one; None where there is none."""
    book = derive(made, chosen)
    if chosen == plain():
        m, ledger = build(made, book, chosen)
        program = compile_model(m, ledger, book).program
    else:
        program = compile_book(made, book, chosen).program
    try:
        answer = solve(program, Limits(seconds=seconds))
    except Infeasible:
        return None
    return Range(float("inf") if answer.x is None else program.objective(answer.x), answer.bound)


def _slack(cost: float) -> float:
    return CLOSE * max(1.0, abs(cost))


def _apart(one: str, found: Range, another: str, other: Range | None) -> Iterator[str]:
    yield from _not_below(one, found, other, another)
    yield from _not_below(another, other, found, one)


def _not_below(one: str, found: Range | None, other: Range | None, another: str = "the plan") -> Iterator[str]:
    """That a plan of `one` costs no less than what any plan of `another` does."""
    if found is not None and other is not None and found.cost < other.bound - _slack(other.bound):
        yield f"{one} costs {found.cost}, and {another} no less than {other.bound}"


def _by_reference(drawn: Drawn, best: Range, seconds: float, figures: Figures) -> Iterator[str]:
    contract = read_contract(drawn.tables, drawn.settings)
    model = reference(contract, time_limit=seconds)
    figures.outcomes["as the reference model"] += 1
    yield from _apart("the model", best, "the reference model", Range(model.objective, model.bound))
    try:
        cost = float(enumerate_plans(contract).cost)
    except TooLargeError:
        return
    figures.outcomes["enumerated"] += 1
    yield from _apart("the model", best, "enumeration", Range(cost, cost))


def main() -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500, help="instances (500)")
    parser.add_argument("--seed", type=int, default=1, help="number of the first (1)")
    parser.add_argument("--seconds", type=float, default=10, help="for each solve (10)")
    parser.add_argument("--keep", type=Path, help="folder that gets the contradictory instances")
    asked = parser.parse_args()
    figures = campaign(asked.count, asked.seed, seconds=asked.seconds, tell=True, keep=asked.keep)
    ordered = {"rules": dict(sorted(figures.rules.items())), "outcomes": dict(sorted(figures.outcomes.items()))}
    print(json.dumps(vars(figures) | ordered, indent=2, ensure_ascii=False))
    return 1 if figures.contradictions else 0


if __name__ == "__main__":
    sys.exit(main())
