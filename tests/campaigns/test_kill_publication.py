"""A few cases of the campaign of killed publications."""

import sys

import pytest

from tests.campaigns.kill_publication import BAD, campaign


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_killed_publications_leave_whole_plans_and_a_rerun_leaves_nothing_stale() -> None:
    figures = campaign(count=9, seed=3)
    assert {name: figures[name] for name in ("found", *BAD)} == dict.fromkeys(("found", *BAD), 0)
