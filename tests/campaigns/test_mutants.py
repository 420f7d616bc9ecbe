"""Mutants: killed where a test fails, survivors are told, and so is what no test runs."""

from pathlib import Path

from tests.campaigns.baseline import PATHS
from tests.campaigns.equivalent import EQUIVALENT
from tests.campaigns.small_tree import told


def test_survivors_are_told(tmp_path: Path) -> None:
    figures = told("mutants", tmp_path, "--count", "10")
    # larger: the condition negated and each return left out are killed; at a tie, > and >= give the same.
    # never: the return left out, + to -, 1 to 2 and 1 to 0, which nobody would notice. LIMIT runs on import.
    outcomes = {"killed": 5, "survived": 1, "no test runs it": 4}
    assert {name: figures[name] for name in outcomes} == outcomes
    assert (figures["count"], figures["places"], figures["score"]) == (10, 10, 0.5)
    assert figures["found"] == 4  # one of ten may survive
    assert {one["what"] for one in figures["survivors"]} == {
        "a > b: Gt to GtE", "return x + 1 to return", "x + 1: Add to Sub", "1 to 2", "1 to 0",
    }  # fmt: skip


def test_equivalent_mutants_are_of_files_that_are_there_and_have_reasons() -> None:
    root = Path(__file__).parents[2]
    for name, reason in EQUIVALENT.items():
        path = name.partition(": ")[0]
        assert (root / path).is_file() and path.startswith(PATHS)
        assert len(reason) > 10
