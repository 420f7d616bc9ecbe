"""Random small instances by both roads: what is decided lot by lot against the whole.

    python -m tests.campaigns.roads --count 500 --seed 1

Every instance is planned lot by lot, however few lots there are, and as a whole to gap 0; both plans are audited. A
contradiction is
- a run that breaks off, or a plan that the audit refuses;
- a bound that is above the plan of the same road, or above that of the other.

Costs are compared to two millionths: whole-number programs keep rows within a millionth of their size. How far the
plans lot by lot are from the optimum is counted where the whole was proven, and so is how far their bounds are.

Prints the figures as JSON; exit code 1 on a contradiction.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np

from optimizer import planning
from optimizer.audit import audit
from optimizer.read import Input, read
from optimizer.solve.engine import Engine
from optimizer.write import publish
from tests.campaigns.pure_instances import Kind, pure_instance
from tests.campaigns.small_instances import close
from tests.reference.folder import write_instance
from tests.solve.in_process import InProcess

KINDS: tuple[Kind, ...] = ("odd", "crowded", "ridden")
NEVER = 10**9  # lots from which on the whole is decided lot by lot
EXACT = 1e-6  # share of the cost by which a plan may be above the optimum to be called optimal
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


@dataclass
class Figures:
    """What a campaign found; `plans` and `bounds` are distances to the optimum, as shares of it."""

    counts: Counter[str] = field(default_factory=Counter)
    contradictions: list[dict[str, Any]] = field(default_factory=list)
    plans: list[float] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)
    crossed: float = 0.0  # the most by which a bound was above a plan [money]


def campaign(
    count: int,
    seed: int,
    kinds: Sequence[Kind] = KINDS,
    *,
    seconds: float = 2,
    whole_seconds: float = 30,
    keep: Path | None = None,
    lot_by_lot: Road | None = None,
    whole: Road | None = None,
) -> Figures:
    """Compares `count` instances from number `seed` on, and keeps the folders of contradictory ones under `keep`."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(seed, seed + count):
            kind = kinds[number % len(kinds)]
            folder = Path(scratch) / f"{kind}-{number}"
            tables, settings = pure_instance(number, kind)
            write_instance(folder, tables, settings)
            claims = {
                "lot by lot": (lot_by_lot or by_lots, seconds),
                "the whole": (whole or as_a_whole, whole_seconds),
            }
            found = list(_contradictions(folder, claims, figures))
            figures.counts["instances"] += 1
            figures.contradictions += [{"instance": folder.name, "contradiction": text} for text in found]
            if found and keep is not None:
                write_instance(keep / folder.name, tables, settings)
    return figures


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


def _contradictions(folder: Path, roads: dict[str, tuple[Road, float]], figures: Figures) -> Iterator[str]:
    source, claims = read(folder), {}
    for name, (road, seconds) in roads.items():
        try:
            claims[name] = claim = road(source, folder.parent / f"{folder.name} {name}", seconds)
        except Exception as error:  # whatever it is, a valid instance is to be planned
            yield f"{name} broke off: {type(error).__name__}: {str(error)[:2000]}"
            continue
        yield from (f"audit of {name}: {violation}" for violation in claim.violations)
        figures.counts[f"{name}: {claim.status}"] += 1
    if len(claims) < len(roads):
        return
    apart, together = claims["lot by lot"], claims["the whole"]
    if (apart.road, together.road) != ("decomposed", "whole"):
        yield f"the roads were {apart.road} and {together.road}"
    figures.counts["with orders"] += bool(together.orders)
    for one, claim in claims.items():
        for other, against in claims.items():
            over = claim.bound - against.objective
            figures.crossed = max(figures.crossed, over)
            if over > close(against.objective):
                yield f"the bound of {one} is {claim.bound}; {other} has a plan at {against.objective}"
    if together.status == "optimal":
        figures.plans.append(_share(apart.objective - together.objective, together.objective))
        figures.bounds.append(_share(together.objective - apart.bound, together.objective))


def _share(difference: float, cost: float) -> float:
    return max(difference, 0.0) / abs(cost) if cost else float(difference > 0)


def _spread(shares: list[float]) -> dict[str, float]:
    """How shares are distributed, in percent."""
    if not shares:
        return {}
    found = {name: float(np.percentile(shares, at)) for name, at in (("median", 50), ("90 of 100", 90), ("most", 100))}
    exact = float(np.mean(np.asarray(shares) <= EXACT))
    return {name: round(100 * value, 4) for name, value in {"optimal": exact, **found}.items()}


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500, help="instances (500)")
    parser.add_argument("--seed", type=int, default=1, help="number of the first (1)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="taken in turn")
    parser.add_argument("--seconds", type=float, default=2, help="for each instance lot by lot (2)")
    parser.add_argument("--whole-seconds", type=float, default=30, help="for each instance as a whole (30)")
    parser.add_argument("--keep", type=Path, help="folder that gets the contradictory instances")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the campaign from the command line."""
    asked, began = _arguments(argv), time.perf_counter()
    figures = campaign(
        asked.count, asked.seed, asked.kinds, seconds=asked.seconds, whole_seconds=asked.whole_seconds, keep=asked.keep
    )
    report = {
        "seed": asked.seed,
        **dict(sorted(figures.counts.items())),
        "optimum known": len(figures.plans),
        "percent by which plans lot by lot are above the optimum": _spread(figures.plans),
        "percent by which bounds lot by lot are below the optimum": _spread(figures.bounds),
        "most by which a bound was above a plan [money]": figures.crossed,
        "seconds": round(time.perf_counter() - began, 1),
        "contradictions": figures.contradictions,
    }
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 1 if figures.contradictions else 0


if __name__ == "__main__":
    sys.exit(main())
