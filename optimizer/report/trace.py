"""Trace: how plan and bound moved while the solver worked, as a table."""

from bisect import bisect_right
from collections.abc import Sequence

import pandas as pd

from optimizer.report.progress import Event

POINTS = 200  # at most; a run of an hour tells as much as anybody looks at
EARLIEST = 0.05  # seconds: below it, points are as close as they come


def trace_table(trace: Sequence[Event], points: int = POINTS) -> pd.DataFrame:
    """The events at which anything moved, thinned where there are many.

    Args:
        trace: events of a run, oldest first.
        points: at most so many rows: the first and the last, and those last before times that grow in equal ratios, so
            the beginning is told as closely as the end.

    Returns:
        `seconds`, `plan`, `bound` [money], `gap` (share of the plan) and `phase`; missing numbers are NaN.
    """
    moved = [
        event
        for before, event in zip([None, *trace], trace, strict=False)
        if before is None
        or (before.plan, before.bound, before.phase) != (event.plan, event.bound, event.phase)
        or event is trace[-1]
    ]
    rows = [(event.seconds, event.plan, event.bound, event.phase) for event in _thinned(moved, points)]
    table = pd.DataFrame(rows, columns=["seconds", "plan", "bound", "phase"])
    table = table.astype({"seconds": float, "plan": float, "bound": float, "phase": object})
    gap = ((table["plan"] - table["bound"]).clip(lower=0.0) / table["plan"].abs()).where(table["plan"] != 0.0, 0.0)
    table.insert(3, "gap", gap.where(table["plan"].notna() & table["bound"].notna()))
    return table


def _thinned(events: Sequence[Event], points: int) -> list[Event]:
    if len(events) <= points:
        return list(events)
    times = [event.seconds for event in events]
    first = max(times[0], EARLIEST)
    ratio = max(times[-1] / first, 1.0)
    wanted = (first * ratio ** (step / (points - 2)) for step in range(points - 1))
    places = {0, len(events) - 1, *(max(bisect_right(times, at) - 1, 0) for at in wanted)}
    return [events[place] for place in sorted(places)]
