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

A drawn instance that the reader refuses is counted by what is wrong with it.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from unittest.mock import patch

from models.assemble import build, derive
from models.instance import Instance
from models.part import Part
from models.parts import parts, plain
from optimizer import planning
from optimizer.compile import compile_book, compile_model
from optimizer.read import Input, InputFaults
from optimizer.solve.highs import Infeasible, Limits, solve
from tests.campaigns.campaign import Campaign, Run, main, on_instances
from tests.campaigns.drawn.instance import RULES, instance, source_of, there
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.solving import Range, apart, not_below, slack_of
from tests.models.test_largest_orders import WantsMore
from tests.reference.contract import read_contract
from tests.reference.enumerate_plans import TooLargeError, enumerate_plans
from tests.reference.plain_model import solve as reference
from tests.solve.in_process import InProcess

LIGHT = tuple(part for part in parts() if not part.extends)
LARGER = (*LIGHT, WantsMore())
TRIED = 3  # rules of an instance that are relaxed or taken off


def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
    """That formulations, relaxations and the reference do not contradict each other."""
    try:
        source = source_of(drawn, run.folder())
    except InputFaults as refused:
        run.counts.update(f"refused: {one.rule}" for one in refused.faults)
        return
    run.rules.update(there(drawn))
    yield from _compared(source, drawn, number, run)


def _compared(source: Input, drawn: Drawn, number: int, run: Run) -> Iterator[str]:
    seconds = run.options.seconds
    made, ranges = _planned(source, seconds, run), {}
    if RULES["strict_tiers"].there(drawn):
        run.counts["audited only"] += 1
        return
    for name, chosen in (("plain", plain()), ("tight", parts())):
        ranges[name] = solved(source.instance, chosen, seconds)
    best = ranges["plain"]
    if made is None or None in ranges.values():
        run.counts["contradictory rules"] += 1
        if made is not None or set(ranges.values()) != {None}:
            yield f"contradictory rules, in some formulations only: plan {made}, {ranges}"
        return
    assert best is not None
    proven = best.cost - best.bound <= slack_of(best.cost)
    run.counts["proven" if proven else "not proven"] += 1
    for name, other in (("the plan", made), ("tight", ranges["tight"])):
        yield from apart("plain", best, name, other)
    yield from not_below("with larger lines", solved(source.instance, LARGER, seconds), best)
    dice = random.Random(number)
    movable = [(name, rule) for name, rule in RULES.items() if rule.there(drawn) and (rule.freer or rule.barer)]
    for name, rule in dice.sample(movable, min(TRIED, len(movable))):
        changed, change = drawn.copy(), rule.freer or rule.barer
        assert change is not None
        change(dice, changed)
        found = solved(source_of(changed, run.folder()).instance, LIGHT, seconds)
        run.counts["relaxed" if rule.freer else "taken off"] += 1
        if rule.freer:
            if found is None:
                yield f"contradictory rules where {name} is relaxed"
            yield from not_below("the plan", best, found, f"that of {name} relaxed")
        else:
            yield from not_below(f"without {name}", found, best)
    if number % 10 == 5:
        yield from _by_reference(drawn, best, run)


def _planned(source: Input, seconds: float, run: Run) -> Range | None:
    """What the engine says of its plan, which passed its audit; None where it finds contradictory rules."""
    with patch.object(planning, "Engine", InProcess):
        try:
            plan = planning.plan(source, out=run.folder() / "plan", gap=0, time_limit=seconds)
        except InputFaults:
            return None
        except Infeasible:
            run.counts["contradictory rules that are not named"] += 1
            return None
    return Range(plan.objective, plan.bound)


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


def _by_reference(drawn: Drawn, best: Range, run: Run) -> Iterator[str]:
    contract = read_contract(drawn.tables, drawn.settings)
    model = reference(contract, time_limit=run.options.seconds)
    run.counts["as the reference model"] += 1
    yield from apart("the model", best, "the reference model", Range(model.objective, model.bound))
    try:
        cost = float(enumerate_plans(contract).cost)
    except TooLargeError:
        return
    run.counts["enumerated"] += 1
    yield from apart("the model", best, "enumeration", Range(cost, cost))


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=10, help="for each solve (10)")


CAMPAIGN = Campaign(
    "rules", 7, "0 contradictions between formulations, relaxations and the reference", 500, 3,
    on_instances(instance, check), _arguments, first=21,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
