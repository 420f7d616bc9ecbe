"""Fairness: cost against the worst customer's fill rate.

A floor under every customer's fill rate, ever delivered, is raised from what the worst gets in the plan without a floor
to the most that all can have; each point is a plan of its own, from the plan before it. What keeps a floor keeps every
lower one: so a bound holds for all higher floors, and a plan for all lower ones.

Source: the price of fairness: Bertsimas, Farias & Trichakis (2011), Operations Research 59(1).
"""

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from models.instance import Codes, Figures
from optimizer.planning import make, taken_from
from optimizer.read import Input, InputFaults
from optimizer.read.changed import changed
from optimizer.results.plan import Plan
from optimizer.solve.events import Progress
from optimizer.tune.audited import audited
from optimizer.tune.frontier import RULE
from optimizer.tune.groups import texts_of
from optimizer.tune.knee import dominated, knee
from optimizer.tune.refused import TuneRefused
from optimizer.tune.result import Axis, Tuned, suggested_tables
from optimizer.tune.run import Run
from optimizer.write.tables import decimal_text

LOOKS = 10  # halvings by which the most that all can have is found
COST, WORST = Axis("cost", "cost"), Axis("worst_fill_rate", "fill rate of the worst customer", share=True)
ROUNDING = 1e-6


@dataclass(frozen=True)
class Floor:
    """A floor, and the plan that keeps it."""

    level: float
    source: Input
    plan: Plan
    seconds: float


@dataclass
class Fairness:
    """The floors of one instance."""

    source: Input
    run: Run
    steps: int

    def solve(self) -> Tuned:
        """Solve the floors, until all are solved, the time is over or the user asks to stop.

        Raises:
            AuditRefused: a plan failed its audit.
            TuneRefused: there are not two customers, or the first plan serves all alike.
        """
        self._solves, self._stopped = 0, False
        first = self._solved(0.0, self.source, None, 2 * self.steps)
        if first is None:
            raise TuneRefused("the instance's own rules contradict each other")
        least = worst(first.source, first.plan)
        if len(self.source.instance.labels["customer"]) < 2:
            raise TuneRefused("fairness is between customers, and this instance has one")
        floors = [replace(first, level=least)]
        if least < 1 - ROUNDING:
            floors += self._raised(floors[0], self._most(floors[0]))
        return self._tuned(sorted(floors, key=lambda floor: floor.level))

    def _most(self, first: Floor) -> Floor:
        """The highest floor that can be kept, or nearly, with a plan."""
        best, low, high = first, first.level, 1.0
        for look in range(LOOKS):
            if self._over():
                break
            level = high if look == 0 else (low + high) / 2
            found = self._at(level, best)
            if found is None:
                high = level
            else:
                best, low = found, level
            if best.level >= 1.0:
                break
        return best

    def _raised(self, first: Floor, last: Floor) -> list[Floor]:
        """Floors between the two, from the lowest up."""
        found, before = [], first
        for level in np.linspace(first.level, last.level, self.steps)[1:-1].tolist():
            if self._over():
                break
            one = self._at(level, before)
            if one is not None:
                found.append(one)
                before = one
        return [*found, last] if last is not first else found

    def _over(self) -> bool:
        self._stopped = self._stopped or self.run.stop()
        return self._stopped or self.run.left() <= 0

    def _at(self, level: float, before: Floor) -> Floor | None:
        source = with_floor(self.source, level)
        return self._solved(level, source, before, self.steps + LOOKS - self._solves)

    def _solved(self, level: float, source: Input, before: Floor | None, rest: int) -> Floor | None:
        """None where the floor cannot be kept."""
        began = time.monotonic()
        left = max(self.run.left(), 0.5)
        self._solves += 1
        word, passed = f"floor {level:.1%}", self.run.passed()

        def told(progress: Progress) -> None:
            self.run.tell(replace(progress, seconds=progress.seconds + passed, phase=f"{word}: {progress.phase}"))

        asked = replace(self.run.asked, time_limit=min(left, 2 * left / max(rest, 1)))
        try:
            with self.run.engine() as engine:
                plan = make(source, asked, engine, told, None if before is None else taken_from(before.plan))
        except InputFaults:
            if before is None:
                raise
            return None
        self._stopped = self._stopped or bool(plan.run.get("interrupted"))
        return Floor(level, source, audited(source, plan), time.monotonic() - began)

    def _tuned(self, floors: list[Floor]) -> Tuned:
        lower = np.maximum.accumulate([floor.plan.bound for floor in floors])
        places = [min(range(k, len(floors)), key=lambda j: (floors[j].plan.objective, j)) for k in range(len(floors))]
        rows = [
            _row(number, floor.level, floors[place], float(bound), number == 1)
            for number, (floor, place, bound) in enumerate(zip(floors, places, lower, strict=True), 1)
        ]
        points = pd.DataFrame(rows)
        cost, service = points["cost"].to_numpy("float64"), points["worst_fill_rate"].to_numpy("float64")
        points["dominated"], points["knee"] = dominated(cost, service).astype(np.int64), 0
        bend = knee(cost, service)
        if bend is not None:
            points.loc[bend, "knee"] = 1
        chosen = None if bend is None else floors[places[bend]]
        document = {"solves": self._solves, "knee_rule": RULE, "interrupted": self._stopped}
        return Tuned(
            "fairness", self.source.name, self.source.instance.currency, points, COST, WORST,
            self._sentences(points, bend), document, chosen=bend, plan=None if chosen is None else chosen.plan,
            source=None if chosen is None else chosen.source,
            suggested={} if chosen is None else _suggested(self.source, chosen.source),
            run=self.run.record(self.source, self._stopped), own_is="no floor",
        )  # fmt: skip

    def _sentences(self, points: pd.DataFrame, bend: int | None) -> list[str]:
        first, last = points.iloc[0], points.iloc[-1]
        found = [
            f"Without a floor the worst served customer gets {first['worst_fill_rate']:.1%}; with the highest floor "
            f"that was kept {last['worst_fill_rate']:.1%}, at {last['cost'] / max(first['cost'], 1e-9) - 1:.2%} "
            "more cost.",
            f"{self._solves} solves; every plan is audited, and at most {points['gap'].max():.2%} above the least cost "
            "of its floor.",
        ]
        if bend is not None:
            found.append(f"The knee is at a floor of {points['floor'].iloc[bend]:.1%}. {RULE}")
        if self._stopped or self.run.left() <= 0:
            found.append("It was cut off by the time or by hand: floors are missing; give it more time.")
        return found


def rates(source: Input, plan: Plan) -> Figures:
    """What each customer is delivered of what it asks for; 1 where it asks for nothing."""
    labels = source.instance.labels["customer"].tolist()
    asked, given = np.zeros(len(labels)), np.zeros(len(labels))
    lines = plan.tables["allocations"]
    lost = plan.tables["backorders"]
    np.add.at(given, _codes(labels, lines["customer"].tolist()), lines["quantity"].to_numpy(np.float64))
    np.add.at(asked, _codes(labels, lost["customer"].tolist()), lost["short_quantity"].to_numpy(np.float64))
    asked += given
    return np.divide(given, asked, out=np.ones(len(labels)), where=asked > 0)


def worst(source: Input, plan: Plan) -> float:
    """The fill rate of the customer who gets least of what it asks for."""
    return float(rates(source, plan).min())


def with_floor(source: Input, level: float) -> Input:
    """The instance in which every customer must get that share, or what it must get anyway where that is more."""
    table = texts_of(source, "customers")
    own = table.get("minimum_fill_rate", [""] * len(table["customer"]))
    text = decimal_text(level)
    table["minimum_fill_rate"] = [cell if cell and float(cell) > level else text for cell in own]
    return changed(source, {"customers": table})


def _codes(labels: list[str], names: list[str]) -> Codes:
    places = {name: k for k, name in enumerate(labels)}
    return np.array([places[name] for name in names], dtype=np.int64)


def _suggested(own: Input, other: Input) -> dict[str, pd.DataFrame]:
    return suggested_tables(own, other, ["customers"])


def _row(number: int, level: float, floor: Floor, bound: float, own: bool) -> dict[str, Any]:
    plan = floor.plan
    gap = (plan.objective - bound) / abs(plan.objective) if plan.objective else 0.0
    return {
        "point": number,
        "label": "no floor" if own else f"floor {level:.1%}",
        "floor": level,
        "worst_fill_rate": worst(floor.source, plan),
        "cost": plan.objective,
        "cost_own": plan.objective,
        "fill_rate_on_time": plan.fill_rate_on_time,
        "fill_rate": plan.fill_rate,
        "orders": plan.counts["orders"],
        "bound": min(bound, plan.objective),
        "gap": max(gap, 0.0),
        "own": int(own),
        "seconds": floor.seconds,
        **{f"own_{account}": money for account, money in plan.accounts.items()},
    }
