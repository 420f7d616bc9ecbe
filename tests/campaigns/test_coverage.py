"""Branch coverage: what no test runs is told."""

from pathlib import Path

from tests.campaigns.small_tree import told


def test_a_line_that_nobody_runs_is_told(tmp_path: Path) -> None:
    figures = told("coverage", tmp_path)
    # Statements: two def, an if, three return, and docstrings are none; branches: two of the if.
    assert (figures["campaign"], figures["count"], figures["found"]) == ("coverage", 6 + 2, 1)
    assert figures["missing"] == {"small/sums.py": {"lines": [13], "branches": []}}
    assert figures["percent"] == 87.5
