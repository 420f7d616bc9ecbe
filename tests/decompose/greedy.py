"""Plans of lots by the simplest means: each lot delivers what it has to whoever may have it, the first lines first."""

import numpy as np

from models.lots import Lots
from optimizer.decompose.compose import Deliveries
from optimizer.solve.program import Floats


def first_come(lots: Lots, quantities: Floats) -> Deliveries:
    """Deliveries period by period, to open lines in the order of their windows."""
    flows: list[tuple[int, int, float]] = []
    for lot in range(len(lots)):
        arrives = np.zeros(lots.periods)
        supply = slice(lots.supply_start[lot], lots.supply_start[lot + 1])
        options = slice(lots.option_start[lot], lots.option_start[lot + 1])
        np.add.at(arrives, lots.supply_period[supply], lots.supply_quantity[supply])
        np.add.at(arrives, lots.arrival[options], quantities[options])
        wanted = {line: lots.quantity[line] for line in range(lots.line_start[lot], lots.line_start[lot + 1])}
        stock = 0.0
        for period in range(lots.periods):
            stock += arrives[period]
            for line, still in wanted.items():
                given = min(stock, still) if lots.first[line] <= period <= lots.last[line] else 0.0
                if given > 0:
                    flows.append((line, period, given))
                    wanted[line] -= given
                    stock -= given
    table = np.array(flows, dtype=np.float64).reshape(-1, 3)
    return Deliveries(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])


def some_orders(lots: Lots, rng: np.random.Generator, share: float) -> Floats:
    """About a share of the options, each at a quantity that it allows; gates are not looked at."""
    grain = np.where(lots.pack > 0, lots.pack, 1.0)
    quantity = lots.smallest + rng.random(len(lots.largest)) * (lots.largest - lots.smallest)
    quantity = np.where(lots.pack > 0, np.floor(quantity / grain + 1e-9) * grain, quantity)
    chosen = rng.random(len(quantity)) < share
    return np.where(chosen, quantity, 0.0)
