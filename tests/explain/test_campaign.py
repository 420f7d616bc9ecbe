"""The campaign: what it forces agrees with what was stated, and it notices where it does not."""

from dataclasses import replace

import pytest

from optimizer import explain
from tests.campaigns.explanations import campaign, summed


def test_what_is_forced_costs_what_was_stated(capacity: explain.Questions) -> None:
    cases = list(campaign(capacity, 3, seed=1, seconds=20))
    assert {case.kind for case in cases} >= {"order"}
    assert all(case.agrees for case in cases)
    told = [case for case in cases if case.stated is not None]
    assert [case.forced for case in told] == pytest.approx([case.stated for case in told])
    figures = summed([replace(cases[0], agrees=False), *cases[1:]], 3, 1, 0.0)
    assert len(figures["found"]) == 1
    assert figures["exact"] == figures["possible"] == len(told)
