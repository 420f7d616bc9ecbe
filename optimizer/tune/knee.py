"""Knee: which points of a frontier are dominated, and where it bends most.

A point is dominated where another costs no more and serves no less, and one of both strictly. Of the rest, both
figures are brought to 0 … 1; the knee is the corner of their convex hull that is farthest from the chord of its two
ends: before it, a little money buys much service; behind it, much money buys little. Where the hull has no corner
there is none.

Source: Das (1999), On characterizing the "knee" of the Pareto curve, Structural Optimization 18.
"""

import numpy as np

from optimizer.solve.program import Booleans, Floats

SAME = 1e-9  # relative: figures that differ by less are the same
LEAST_BEND = 1e-3  # of the chord's length: a hull that is flatter has no knee


def dominated(cost: Floats, service: Floats) -> Booleans:
    """Which points are dominated; of points that are the same, the first is not."""
    near = SAME * max(float(np.abs(cost).max(initial=1.0)), 1.0)
    marks = np.zeros(len(cost), dtype=np.bool_)
    for k in range(len(cost)):
        no_worse = (cost <= cost[k] + near) & (service >= service[k] - SAME)
        better = (cost < cost[k] - near) | (service > service[k] + SAME)
        same = ~better & (np.arange(len(cost)) < k)
        marks[k] = bool((no_worse & (better | same)).any())
    return marks


def knee(cost: Floats, service: Floats) -> int | None:
    """The place of the knee; None where there is none."""
    places = np.flatnonzero(~dominated(cost, service))
    if len(places) < 3:
        return None
    places = places[np.lexsort((service[places], cost[places]))]
    x, y = (_scaled(values[places]) for values in (cost, service))
    if x is None or y is None:
        return None
    distance = (y - x) / np.sqrt(2.0)  # from the chord (0,0)-(1,1): the farthest point is a corner of the hull
    best = int(np.argmax(distance))
    return int(places[best]) if distance[best] > LEAST_BEND else None


def _scaled(values: Floats) -> Floats | None:
    width = float(values.max() - values.min())
    if width <= 0:
        return None
    scaled: Floats = (values - values.min()) / width
    return scaled
