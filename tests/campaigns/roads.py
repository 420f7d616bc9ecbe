"""Random small instances by both roads: what is decided lot by lot against the whole.

    python -m tests.campaigns.roads --count 500 --seed 1

Every instance is planned lot by lot, however few lots there are, and as a whole to gap 0; both plans are audited. A
contradiction is
- a run that breaks off, or a plan that the audit refuses;
- a bound that is above the plan of the same road, or above that of the other.

Costs are compared to two millionths: whole-number programs keep rows within a millionth of their size. How far the
plans lot by lot are from the optimum is counted where the whole was proven, and so is how far their bounds are.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from optimizer import planning
from optimizer.audit import audit
from optimizer.read import Input
from optimizer.solve.engine import Engine
from optimizer.write import publish
from tests.campaigns.campaign import Campaign, Run, main, on_instances
from tests.campaigns.drawn.instance import source_of
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.pure_instances import Kind, pure_instance
from tests.campaigns.small_instances import close
from tests.solve.in_process import InProcess

KINDS: tuple[Kind, ...] = ("odd", "crowded", "ridden", "priced")
NEVER = 10**9  # lots from which on the whole is decided lot by lot
EXACT = 1e-6  # share of the cost by which a plan may be above the optimum to be called optimal
PLANS = "percent by which plans lot by lot are above the optimum"
BOUNDS = "percent by which bounds lot by lot are below the optimum"
CROSSED = "most by which a bound was above a plan [money]"
SETTLED = 1e-7  # gap at which planning lot by lot stops


@dataclass(frozen=True)
class Claim:
    """What a road says of an instance."""

    road: str
    status: str
    objective: float
    bound: float
    orders: int
    violations: list[str]


Road = Callable[[Input, Path, float], Claim]  # instance, plan folder, seconds


def instance(number: int) -> Drawn:
    """The kinds are taken in turn."""
    return Drawn(*pure_instance(number, KINDS[number % len(KINDS)]))


def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
    """That both roads agree."""
    yield from compared(drawn, run, by_lots, as_a_whole)


def by_lots(source: Input, out: Path, seconds: float) -> Claim:
    """However few lots there are."""
    return _planned(source, out, seconds, SETTLED, lots_from=0)


def as_a_whole(source: Input, out: Path, seconds: float) -> Claim:
    """To gap 0."""
    return _planned(source, out, seconds, 0.0, lots_from=NEVER)


def _planned(source: Input, out: Path, seconds: float, gap: float, lots_from: int) -> Claim:
    asked = planning.settled(source, gap=gap, time_limit=seconds, seed=0, threads=1)
    engine = cast(Engine, InProcess())  # its process takes longer to start than such an instance to plan
    made = planning.make(source, asked, engine, lambda progress: None, lots_from=lots_from)
    publish(made, out, lambda written: [])
    violations = audit(
        source.text, source.settings_text, out, written={"demand": {"due": source.as_written("demand", "due")}}
    )
    return Claim(
        made.run["road"].partition(":")[0], made.status, made.objective, made.bound, made.counts["orders"],
        [str(violation) for violation in violations],
    )  # fmt: skip


def compared(drawn: Drawn, run: Run, lot_by_lot: Road, whole: Road) -> Iterator[str]:
    """What is wrong with what two roads say of an instance."""
    source, claims = source_of(drawn, run.folder()), {}
    roads = (("lot by lot", lot_by_lot, run.options.seconds), ("the whole", whole, run.options.whole_seconds))
    for name, road, seconds in roads:
        try:
            claims[name] = claim = road(source, run.folder() / "plan", seconds)
        except Exception as error:  # whatever it is, a valid instance is to be planned
            yield f"{name} broke off: {type(error).__name__}: {error}"
            continue
        yield from (f"audit of {name}: {violation}" for violation in claim.violations)
        run.counts[f"{name}: {claim.status}"] += 1
    if len(claims) == len(roads):
        yield from _contradictions(claims, run)


def _contradictions(claims: dict[str, Claim], run: Run) -> Iterator[str]:
    apart, together = claims["lot by lot"], claims["the whole"]
    if (apart.road, together.road) != ("decomposed", "whole"):
        yield f"the roads were {apart.road} and {together.road}"
    run.counts["with orders"] += bool(together.orders)
    for one, claim in claims.items():
        for other, against in claims.items():
            over = claim.bound - against.objective
            run.most(CROSSED, over)
            if over > close(against.objective):
                yield f"the bound of {one} is {claim.bound}; {other} has a plan at {against.objective}"
    if together.status == "optimal":
        run.figures.setdefault(PLANS, []).append(_share(apart.objective - together.objective, together.objective))
        run.figures.setdefault(BOUNDS, []).append(_share(together.objective - apart.bound, together.objective))


def _share(difference: float, cost: float) -> float:
    return max(difference, 0.0) / abs(cost) if cost else float(difference > 0)


def _spread(shares: list[float]) -> dict[str, float]:
    """How shares are distributed, in percent."""
    if not shares:
        return {}
    found = {name: float(np.percentile(shares, at)) for name, at in (("median", 50), ("90 of 100", 90), ("most", 100))}
    exact = float(np.mean(np.asarray(shares) <= EXACT))
    return {name: round(100 * value, 4) for name, value in {"optimal": exact, **found}.items()}


def _summary(run: Run) -> dict[str, Any]:
    known = run.figures.get(PLANS, [])
    return {"optimum known": len(known), **{name: _spread(run.figures.get(name, [])) for name in (PLANS, BOUNDS)}}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=2, help="for each instance lot by lot (2)")
    parser.add_argument("--whole-seconds", type=float, default=30, help="for each instance as a whole (30)")


CAMPAIGN = Campaign(
    "roads", 7, "0 contradictions between lot by lot and the whole", 500, 1, on_instances(instance, check), _arguments,
    _summary, first=1000,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
