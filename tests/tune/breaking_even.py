"""One item whose best plan changes at a penalty that is known by hand.

10 units are due at once, nothing is on hand; an order costs 30 and a unit 2, so delivering costs 30 + 20 = 50. A unit
that is never delivered costs 4, so not ordering costs 40. At factor f on the shortage cost, the least cost is
min(40 f, 50): from f = 1.25 on, it pays to deliver.
"""

from collections.abc import Callable, Mapping, Sequence

from optimizer.planning import Asked
from optimizer.read import Input, read
from optimizer.tune.groups import Group, named
from optimizer.tune.run import Run
from optimizer.tune.trials import Trials
from tests.results.frames import frames
from tests.solve.in_process import InProcess

BREAK_EVEN = 1.25


def tables() -> dict[str, dict[str, Sequence[str]]]:
    return {
        "items": {
            "item": ["A"], "class": ["fast"], "holding_cost": ["1"], "backorder_cost": ["3"], "shortage_cost": ["4"],
            "ending_value": ["0"],
        },
        "suppliers": {"supplier": ["S"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["2"], "lead_time": ["0"], "order_cost": ["30"]},
        "inventory": {"item": ["A"], "location": ["main"]},
        "demand": {"item": ["A"], "customer": ["C"], "due": ["2026-11-23"], "quantity": ["10"]},
    }  # fmt: skip


def instance(**changes: Mapping[str, Sequence[str]]) -> Input:
    """The instance, with other tables where they are given."""
    return read(frames({**tables(), **changes}), settings={"name": "even", "start": "2026-11-23", "periods": 2})


def run(gap: float = 0.0, stop: Callable[[], bool] = lambda: False) -> Run:
    """A run in this process, whose time is never over."""
    return Run(Asked(gap=gap, time_limit=1e6, seed=0, threads=1, formulation="auto"), InProcess, stop)


def trials(source: Input, *names: str, gap: float = 0.0, stop: Callable[[], bool] = lambda: False) -> Trials:
    groups: list[Group] = [named(source, name) for name in names]
    return Trials(source, groups, run(gap, stop))
