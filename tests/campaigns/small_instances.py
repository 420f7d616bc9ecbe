"""Random small instances: the engine against a plain model written independently, against enumeration, and by the
audit.

    python -m tests.campaigns.small_instances --count 200 --seed 1

Every instance is written as a folder, read, planned (to gap 0) and published by the engine. A contradiction is
- a valid instance that is refused, or a run that breaks off;
- a plan that costs less than is possible, or a bound above what is possible, by the plain model or by enumeration
  (tiny instances);
- two proven optima that differ;
- orders that the plain model does not allow, or that it can deliver from at another cost than the engine says;
- anything that the audit finds in the files.

A plan that no solver proves in the time is compared by its bounds only. Prints the figures as JSON; exit code 1 on a
contradiction.
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
from typing import Any

from tests.reference.contract import Contract, read_contract
from tests.reference.enumerate_plans import TooLargeError, enumerate_plans
from tests.reference.folder import write_instance
from tests.reference.plain_model import Optimum, solve
from tests.reference.random_instances import Size, random_instance

SIZES: tuple[Size, ...] = ("tiny", "small", "medium", "small")


@dataclass(frozen=True)
class Claim:
    """What an engine says of an instance; orders by item, supplier, location and first day of the order period."""

    status: str
    objective: float
    bound: float
    orders: dict[tuple[str, str, str, str], float]
    violations: list[str]


Engine = Callable[[Path, Path, float], Claim]  # instance folder, plan folder, seconds


@dataclass
class Figures:
    """What a campaign found."""

    counts: Counter[str] = field(default_factory=Counter)
    contradictions: list[dict[str, Any]] = field(default_factory=list)
    worst_difference: float = 0.0
    largest_gap: float = 0.0


def close(reference: float) -> float:
    """How far two costs may be apart: a millionth, or a hundredth of a cent."""
    return max(1e-4, 2e-6 * abs(reference))


def campaign(
    count: int,
    seed: int,
    sizes: Sequence[Size] = SIZES,
    *,
    time_limit: float = 20,
    keep: Path | None = None,
    engine: Engine | None = None,
) -> Figures:
    """Runs `count` instances from `seed` on, and keeps the folders of contradictory ones under `keep`."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(seed, seed + count):
            size = sizes[number % len(sizes)]
            name = f"{size}-{number}"
            tables, settings = random_instance(number, size)
            write_instance(Path(scratch) / name, tables, settings)
            contract = read_contract(tables, settings)
            found = list(_contradictions(Path(scratch) / name, contract, engine or ours, time_limit, figures))
            figures.counts["instances"] += 1
            figures.contradictions += [{"instance": name, "contradiction": text} for text in found]
            if found and keep is not None:
                write_instance(keep / name, tables, settings)
    return figures


def ours(folder: Path, out: Path, time_limit: float) -> Claim:
    """The engine's claim: it reads, plans and publishes, and the audit judges the files."""
    from optimizer import plan, read
    from optimizer.audit import audit

    instance = read(folder)
    result = plan(instance, gap=0, time_limit=time_limit, seed=0, out=out)
    columns = ["item", "supplier", "location", "order_period", "quantity"]
    rows = result.tables["purchase_orders"][columns].itertuples(index=False)
    return Claim(
        str(result.status),
        float(result.objective),
        float(result.bound),
        {(str(i), str(s), str(place), str(period)): float(quantity) for i, s, place, period, quantity in rows},
        [str(violation) for violation in audit(instance.text, instance.settings_text, out)],
    )


def _contradictions(
    folder: Path, contract: Contract, engine: Engine, time_limit: float, figures: Figures
) -> Iterator[str]:
    try:
        claim = engine(folder, folder.parent / f"{folder.name}-plan", time_limit)
    except Exception as error:  # whatever it is, a valid instance is to be planned
        yield f"the engine broke off: {type(error).__name__}: {str(error)[:2000]}"
        return
    counts, found = figures.counts, Optimum(claim.status, claim.objective, claim.bound, {}, {})
    counts[f"engine {claim.status}"] += 1
    if claim.bound > claim.objective + close(claim.objective):
        yield f"the bound {claim.bound} is above the plan's own cost {claim.objective}"
    if claim.status not in {"optimal", "feasible"}:
        yield f"the status is {claim.status}"
    yield from (f"audit: {violation}" for violation in claim.violations)
    plain = solve(contract, time_limit=time_limit)
    counts[f"plain {plain.status}"] += 1
    counts["with orders"] += bool(plain.orders)
    figures.largest_gap = max(figures.largest_gap, claim.objective - claim.bound)
    if plain.status == claim.status == "optimal":
        figures.worst_difference = max(figures.worst_difference, abs(plain.objective - claim.objective))
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


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="instances (200)")
    parser.add_argument("--seed", type=int, default=1, help="number of the first (1)")
    parser.add_argument("--sizes", nargs="+", choices=("tiny", "small", "medium"), default=SIZES, help="taken in turn")
    parser.add_argument("--time-limit", type=float, default=20, help="seconds for each solver and instance (20)")
    parser.add_argument("--keep", type=Path, help="folder that gets the contradictory instances")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the campaign from the command line."""
    asked, began = _arguments(argv), time.perf_counter()
    figures = campaign(asked.count, asked.seed, asked.sizes, time_limit=asked.time_limit, keep=asked.keep)
    report = {
        "seed": asked.seed,
        **dict(sorted(figures.counts.items())),
        "worst_difference": figures.worst_difference,
        "largest_gap_money": figures.largest_gap,
        "seconds": round(time.perf_counter() - began, 1),
        "contradictions": figures.contradictions,
    }
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 1 if figures.contradictions else 0


if __name__ == "__main__":
    sys.exit(main())
