"""Mutants: killed where a test fails, survivors are told, and so is what no test runs."""

from pathlib import Path

from tests.campaigns.equivalent import EQUIVALENT
from tests.campaigns.mutants import PATHS
from tests.campaigns.small_tree import told


def test_survivors_are_told(tmp_path: Path) -> None:
    figures = told("mutants", tmp_path, "--count", "100")
    # larger: the condition negated and each return left out are killed; at a tie, > and >= give the same.
    # never: the return left out, + to -, 1 to 2 and 1 to 0, which nobody would notice.
    assert figures["outcomes"] == {"killed": 3, "survived": 1, "no test runs it": 4, "equivalent": 0}
    assert figures["score"] == 0.375
    assert figures["found"] == 5
    assert (figures["count"], figures["places"]) == (8, 8)
    assert figures["survived"][0]["where"].startswith("small/sums.py:")
    assert {one["what"] for one in figures["survived"]} == {
        "a > b: Gt to GtE", "return x + 1 to return", "x + 1: Add to Sub", "1 to 2", "1 to 0",
    }  # fmt: skip


def test_equivalent_mutants_are_of_files_that_are_there_and_have_reasons() -> None:
    root = Path(__file__).parents[2]
    for name, reason in EQUIVALENT.items():
        path = name.partition(": ")[0]
        assert (root / path).is_file() and path.startswith(PATHS)
        assert len(reason) > 10
