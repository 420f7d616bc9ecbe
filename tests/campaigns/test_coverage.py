"""Branch coverage: what no test runs is told."""

from pathlib import Path

from tests.campaigns.small_tree import told


def test_a_line_that_nobody_runs_is_told(tmp_path: Path) -> None:
    figures = told("coverage", tmp_path, "--count", "1")
    # Statements: a number, two def, an if, three return, and docstrings are none; branches: two of the if.
    assert (figures["campaign"], figures["lines and branches"], figures["percent"]) == ("coverage", 7 + 2, 88.89)
    assert [one["what"] for one in figures["wrong"]] == ["small/sums.py: line 15"]
