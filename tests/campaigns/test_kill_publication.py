"""A few cases of the campaign of killed publications."""

import sys

import pytest

from tests.campaigns.kill_publication import campaign


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_killed_publications_leave_whole_plans_and_a_rerun_leaves_nothing_stale() -> None:
    figures = campaign(count=9, seed=3)
    assert {name: figures[name] for name in ("torn", "missing", "stale", "failed")} == {
        "torn": 0,
        "missing": 0,
        "stale": 0,
        "failed": 0,
    }
