"""Figures as planners read them."""

import pytest

from models.tables import money, quantity, text
from optimizer.report.text import amount, counted, dearest_first, duration, note, percent, printable


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567.8, None, "1,234,568"),
        (12.5, None, "12.50"),
        (12.0, None, "12"),
        (12.0, 2, "12.00"),
        (-0.001, None, "0.00"),
        (-1234.5, 0, "-1,234"),
        (-3.25, None, "-3.25"),
    ],
)
def test_amounts(value: float, places: int | None, text: str) -> None:
    assert amount(value, places) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.00%"), (0.00001, "<0.01%"), (0.0084, "0.84%"), (0.419, "41.9%"), (1.0, "100.0%"), (-0.02, "-2.0%")],
)
def test_percents(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.96, "10.0 s"),
        (12.3, "12 s"),
        (59.6, "1 min 00 s"),
        (125, "2 min 05 s"),
        (3840, "1 h 04 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counts_and_names() -> None:
    assert (counted(1, "line"), counted(2000, "line"), counted(0, "delivery", "deliveries")) == (
        "1 line",
        "2,000 lines",
        "0 deliveries",
    )
    assert printable("a\x1b[31mb\n") == "a\N{REPLACEMENT CHARACTER}[31mb\N{REPLACEMENT CHARACTER}"
    assert dearest_first({"a": 1.0, "b": -5.0, "c": 0.0, "d": 1.0}) == [("b", -5.0), ("a", 1.0), ("d", 1.0)]


def test_a_note_has_the_meaning_and_the_unit() -> None:
    assert note(money("unit_cost", "Purchase price.", per="unit"), "USD") == "Purchase price. [USD per unit]"
    assert note(quantity("q", "How much."), "USD") == "How much. [the item's unit]"
    assert note(text("account", "What kind of cost it is."), "USD") == "What kind of cost it is."
