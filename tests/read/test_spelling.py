"""Which name was probably meant, and when that is not looked for."""

import pytest

from optimizer.read.spelling import LARGEST_SEARCH, Names, listed


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("VALVE-7", "valve 7"),  # case and punctuation
        ("0valve7", "valve 7"),  # leading zeros
        ("vaIve 7", "valve 7"),  # a capital I for an l
        ("valv 7", "valve 7"),
        ("1,00E+05", "1E5"),  # as a spreadsheet shows it
        ("100000", "1E5"),
        ("100001", ""),
        ("pump", ""),
        ("", ""),
        ("-", ""),
    ],
)
def test_the_nearest_name(name: str, meant: str) -> None:
    assert Names(["valve 7", "1E5", "x"]).nearest(name) == meant


def test_among_very_many_names_only_the_same_one_is_found() -> None:
    many = Names(f"item {k}" for k in range(LARGEST_SEARCH + 1))
    assert many.nearest("ITEM 17") == "item 17"
    assert many.nearest("itm 17") == ""
    assert Names(["x" * 101]).nearest("x" * 102) == ""


def test_lists_are_cut() -> None:
    assert listed("abc") == "a, b, c"
    assert listed("abc", limit=2) == "a, b, … (3 in all)"
