"""The terminal summary of the small plan, line by line, and of odd ones."""

from pathlib import Path

import pandas as pd

from optimizer.report.summary import gap_sentence, orders_by_supplier, summary_text
from tests.write.plans import FORMULA, WEEKS, plan, tables

SMALL = """\
Demo & more   59.70 EUR   planned in 12 s
2 items, 4 demand lines, 1 orders

No plan can cost less than 58.20 EUR: at most 1.50 EUR could still be saved,
2.5% of the cost, or 4.3% of the controllable cost (all but the goods).
Of the quantity asked, 68.0% is delivered on time and 72.0% in all.

Cost by account
account       EUR    share
──────────────────────────
purchase    25.00    41.9%
shortage    21.00    35.2%
ordering    12.00    20.1%
holding      1.20     2.0%
backorder    0.50    0.84%

in all      59.70   100.0%

To do today (3 actions, actions.csv has them all)
          item    with                         until        EUR at stake
────────────────────────────────────────────────────────────────────────
tell      NA      c1                           2026-11-30             21
release   00123   =HYPERLINK("http://x","y")   2026-11-29           2.50
tell      00123   @c2                          2026-11-30           0.50

Orders by supplier
supplier                     release now   EUR   planned later   EUR
────────────────────────────────────────────────────────────────────
=HYPERLINK("http://x","y")             1    25

in all                                 1    25

Worst backorders (2 lines late or short)
item    customer   due          asked   late   short   promise       EUR
────────────────────────────────────────────────────────────────────────
NA      c1         2026-W49         7      0       7   never          21
00123   @c2        2026-11-30       6      1       0   2026-12-13   0.50

Warnings
! NA has no supplier.

Plan in plans/demo/latest
"""


def test_the_small_plan() -> None:
    assert summary_text(plan(), Path("plans/demo/latest")) == SMALL


def test_it_fits_into_eighty_columns_whatever_the_names() -> None:
    long = tables()
    for name in ("purchase_orders", "backorders"):
        long[name] = long[name].replace({"00123": "an-item-with-a-very-long-number-0123456789" * 2, FORMULA: "S" * 90})
    text = summary_text(plan(tables=long, warnings=["word " * 60, "x" * 200]))
    assert max(map(len, text.splitlines())) <= 80


def test_names_are_shown_as_they_are_and_steer_nothing() -> None:
    odd = tables()
    odd["purchase_orders"]["supplier"] = "[red]:boom:[/red]"
    odd["backorders"]["item"] = "\x1b[2Jx"
    text = summary_text(plan(tables=odd, name="[bold]n[/bold]", warnings=["[link=http://x]w[/link]"]))
    for shown in ("[red]:boom:[/red]", "\N{REPLACEMENT CHARACTER}[2Jx", "[bold]n[/bold]", "[link=http://x]w[/link]"):
        assert shown in text
    assert "\x1b" not in text


def test_long_lists_are_cut_and_say_how_much_is_left_out() -> None:
    many = tables()
    orders = pd.concat([many["purchase_orders"]] * 45, ignore_index=True)
    orders["supplier"] = [f"S{k:02d}" for k in range(45)]
    many["purchase_orders"] = orders
    many["backorders"] = pd.concat([many["backorders"].iloc[:1]] * 45, ignore_index=True)
    lines = summary_text(plan(tables=many, warnings=[f"w{k}" for k in range(45)])).splitlines()
    # 37 more suppliers of 25 each: 925; 37 more lines of 0.50 each: 18.50; in all 45 × 25 = 1,125.
    assert next(line.split() for line in lines if line.startswith("and 37 more")) == ["and", "37", "more", "37", "925"]
    assert "  and 37 more, 18.50 EUR" in lines
    assert "  and 37 more; `replenish check` has those of the data, plan.json the others" in lines
    assert [line.split()[-2:] for line in lines if line.startswith("in all") and "1,125" in line] == [["45", "1,125"]]


def test_release_and_planned_are_told_apart() -> None:
    lines = pd.DataFrame(
        {
            "supplier": ["B", "A", "B", "C"],
            "value": [5.0, 2.0, 7.0, 9.0],
            "action": ["release", "release", "planned", "planned"],
            "order_period": WEEKS,
        }
    )
    assert orders_by_supplier(lines).reset_index().to_numpy().tolist() == [
        ["B", 1, 5.0, 1, 7.0],
        ["A", 1, 2.0, 0, 0.0],
        ["C", 0, 0.0, 1, 9.0],
    ]


def test_a_plan_in_which_nothing_happens() -> None:
    nothing = plan(tables={}, objective=0.0, bound=0.0, gap_money=0.0, gap=0.0, accounts={}, warnings=[], counts={})
    text = summary_text(nothing)
    assert "No plan can cost less.\n" in text
    assert "Nothing is ordered.\n" in text
    assert "Nothing waits and nothing falls short.\n" in text
    assert "Warnings" not in text


def test_a_missed_gap_is_said() -> None:
    assert gap_sentence(plan(status="feasible")).endswith("The gap asked for was not reached.")
    assert not gap_sentence(plan()).endswith("The gap asked for was not reached.")
