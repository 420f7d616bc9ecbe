"""Reporter: figures of the moment, and none where there are none."""

import numpy as np

from optimizer.solve.clock import Clock
from optimizer.solve.events import Progress
from optimizer.solve.reporter import Reporter


def test_it_tells_figures_of_the_moment_with_the_phase_that_was_entered_last() -> None:
    told: list[Progress] = []
    figures = [np.inf, -np.inf]
    reporter = Reporter(told.append, Clock(60, lambda: False), lambda: (figures[0], figures[1]))
    reporter.enter("looking")
    figures[0] = 12.0
    reporter.report()
    reporter.enter("proving")
    figures[1] = 9.0
    reporter.report()
    assert [(event.plan, event.bound, event.phase) for event in told] == [
        (None, None, "looking"),
        (12.0, None, "looking"),
        (12.0, None, "proving"),
        (12.0, 9.0, "proving"),
    ]
    seconds = [event.seconds for event in told]
    assert seconds == sorted(seconds) and seconds[0] >= 0
