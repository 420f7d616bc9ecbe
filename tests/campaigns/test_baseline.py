"""Which tests run what: those of the module first, and what is kept of tests that have not changed."""

from tests.campaigns.baseline import Baseline, _merged

ONE, OTHER, OWN = "tests/a/test_x.py::test_one", "tests/a/test_x.py::test_other", "tests/a/test_sums.py::test_it"


def test_the_tests_of_a_line_are_those_of_its_module_first_then_the_quickest() -> None:
    known = Baseline({}, [(ONE, 0.2), (OTHER, 0.1), (OWN, 9.0)], {"small/sums.py": {"3": [0, 1], "7": [0, 2]}})
    assert known.running("small/sums.py", 2, 3, True) == [(OTHER, 0.1), (ONE, 0.2)]
    assert known.running("small/sums.py", 3, 7, True) == [(OWN, 9.0), (OTHER, 0.1), (ONE, 0.2)]
    assert known.running("small/sums.py", 1, 1, False) == [(OWN, 9.0), (OTHER, 0.1), (ONE, 0.2)]
    assert known.running("small/sums.py", 4, 6, True) == []


def test_of_what_has_changed_nothing_is_kept() -> None:
    old = Baseline({}, [(ONE, 0.2), (OWN, 9.0), (OTHER, 0.1)], {"small/sums.py": {"3": [0, 1], "5": [1, 2]}})
    new = Baseline({}, [(OWN, 1.0)], {"small/sums.py": {"4": [0], "5": [0]}})
    merged = _merged(old, new, {"tests/a/test_sums.py"})
    assert merged.tests == [(ONE, 0.2), (OTHER, 0.1), (OWN, 1.0)]
    assert merged.lines == {"small/sums.py": {"3": [0], "4": [2], "5": [1, 2]}}
