"""Random small instances: the engine against a plain model written independently, against enumeration, and by the
audit.

    python -m tests.campaigns.small_instances --count 200 --seed 1

Every instance is written as a folder, read, planned (to gap 0) and published by the engine. A contradiction is
- a valid instance that is refused, or a run that breaks off;
- a plan that costs less than is possible, or a bound above what is possible, by the plain model or by enumeration
  (tiny instances);
- two proven optima that differ;
- orders that the plain model does not allow, or that it can deliver from at another cost than the engine says;
- anything that the audit finds in the files, which breaks the run off.

A plan that no solver proves in the time is compared by its bounds only.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from optimizer import planning
from optimizer.read import read
from optimizer.solve.engine import Engine as Engines
from tests.campaigns.campaign import Campaign, Run, main, on_instances
from tests.campaigns.drawn.rule import Drawn
from tests.reference.contract import Contract, read_contract
from tests.reference.enumerate_plans import TooLargeError, enumerate_plans
from tests.reference.folder import write_instance
from tests.reference.plain_model import Optimum, solve
from tests.reference.random_instances import Size, random_instance
from tests.solve.in_process import InProcess

SIZES: tuple[Size, ...] = ("tiny", "tiny", "tiny", "small")


@dataclass(frozen=True)
class Claim:
    """What an engine says of an instance; orders by item, supplier, location and first day of the order period."""

    status: str
    objective: float
    bound: float
    orders: dict[tuple[str, str, str, str], float]


Engine = Callable[[Path, Path, float], Claim]  # instance folder, plan folder, seconds


def close(reference: float) -> float:
    """How far two costs may be apart: a millionth, or a hundredth of a cent."""
    return max(1e-4, 2e-6 * abs(reference))


def instance(number: int) -> Drawn:
    """Most are tiny, so that they can be enumerated."""
    return Drawn(*random_instance(number, SIZES[number % len(SIZES)]))


def ours(folder: Path, out: Path, time_limit: float) -> Claim:
    """The engine's claim: it reads, plans and publishes, and the audit judges the files."""
    source = read(folder)
    asked = planning.settled(source, gap=0, time_limit=time_limit, seed=0, threads=1)
    made = planning.make(source, asked, cast(Engines, InProcess()), lambda progress: None)
    result = planning.publish_plan(source, made, out)
    columns = ["item", "supplier", "location", "order_period", "quantity"]
    rows = result.tables["purchase_orders"][columns].itertuples(index=False)
    return Claim(
        str(result.status),
        float(result.objective),
        float(result.bound),
        {(str(i), str(s), str(place), str(period)): float(quantity) for i, s, place, period, quantity in rows},
    )


def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
    """That the engine and the reference agree; an audit that refuses the plan breaks it off."""
    yield from compared(drawn, run, ours)


def compared(drawn: Drawn, run: Run, engine: Engine) -> Iterator[str]:
    """What is wrong with what an engine says of an instance."""
    contract, time_limit, folder = read_contract(drawn.tables, drawn.settings), run.options.time_limit, run.folder()
    write_instance(folder, drawn.tables, drawn.settings)
    claim = engine(folder, run.folder() / "plan", time_limit)
    counts, found = run.counts, Optimum(claim.status, claim.objective, claim.bound, {}, {})
    counts[f"engine {claim.status}"] += 1
    if claim.bound > claim.objective + close(claim.objective):
        yield f"the bound {claim.bound} is above the plan's own cost {claim.objective}"
    if claim.status not in {"optimal", "feasible"}:
        yield f"the status is {claim.status}"
    plain = solve(contract, time_limit=time_limit)
    counts[f"plain {plain.status}"] += 1
    counts["with orders"] += bool(plain.orders)
    run.most("largest gap [money]", claim.objective - claim.bound)
    if plain.status == claim.status == "optimal":
        run.most("worst difference of optima [money]", abs(plain.objective - claim.objective))
    yield from _against("the engine", found, "the plain model", plain)
    try:
        cost = float(enumerate_plans(contract).cost)
    except TooLargeError:
        pass
    else:
        counts["enumerated"] += 1
        exact = Optimum("optimal", cost, cost, {}, {})
        yield from _against("the engine", found, "enumeration", exact)
        yield from _against("the plain model", plain, "enumeration", exact)
    yield from _orders_allowed(contract, claim, time_limit)


def _against(one: str, found: Optimum, another: str, other: Optimum) -> Iterator[str]:
    if "none" in {found.status, other.status}:
        return
    slack = close(other.objective)
    if found.objective < other.bound - slack:
        yield f"a plan of {one} costs {found.objective}; by {another} none costs less than {other.bound}"
    if found.bound > other.objective + slack:
        yield f"the bound of {one} is {found.bound}; {another} has a plan at {other.objective}"
    if found.status == other.status == "optimal" and abs(found.objective - other.objective) > slack:
        yield f"the optimum of {one} is {found.objective}, that of {another} {other.objective}"


def _orders_allowed(contract: Contract, claim: Claim, time_limit: float) -> Iterator[str]:
    periods = {contract.calendar.first_day(t).isoformat(): t for t in range(contract.periods)}
    orders = {
        (i, s, place, periods.get(period, -1)): quantity for (i, s, place, period), quantity in claim.orders.items()
    }
    same = solve(contract, time_limit=time_limit, fixed_orders=orders)
    if same.status == "none":
        yield "the plain model does not allow the engine's orders"
    elif same.bound > claim.objective + close(claim.objective):
        yield f"with the engine's orders nothing costs less than {same.bound}, and the engine says {claim.objective}"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--time-limit", type=float, default=20, help="seconds for each solver and instance (20)")


CAMPAIGN = Campaign(
    "small_instances", 6, "optimum equal to the enumeration's within the gap", 1800, 4, on_instances(instance, check),
    _arguments, first=1000,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
