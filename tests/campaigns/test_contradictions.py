"""Ten planted contradictions: they are told, and the page for planners says how, word for word."""

import textwrap
from pathlib import Path

from models.parts import plain
from tests.campaigns import contradictions, planted
from tests.campaigns.contradictions import is_told, planned
from tests.campaigns.planted import PLANTS, Field, Planted
from tests.docs_page import DOCS, between

PAGE = DOCS / "contradictions.md"
SHOWN = (
    (planted.override_above_capacity, "An order that the planner fixes, above what the supplier can take on"),
    (planted.override_above_budget, "One that cannot be paid"),
    (planted.override_below_the_smallest_order_value, "One below the supplier's minimum order"),
    (planted.override_between_packs, "One that is no number of packs"),
    (planted.override_while_the_supplier_is_closed, "One in a week in which the supplier is closed"),
    (planted.fill_rate_above_budget, "A minimum fill rate that the budget does not allow"),
    (planted.fill_rate_that_comes_too_late, "One for which nothing can arrive in time"),
    (planted.share_of_a_customer_against_another_s_fill_rate, "A customer's quota, against another's fill rate"),
    (planted.quota_above_supply, "A quota that cannot be there in its week"),
    (planted.promise_above_budget, "What was promised to a supplier, against a budget"),
)


def test_ten_contradictions_are_told_as_the_page_says(update: bool, tmp_path: Path) -> None:
    shown = []
    for plant, title in SHOWN:
        case = planned(plant, Field.plain(), tmp_path / plant.__name__)
        assert (case.code, case.bad) == (1, []), case
        quoted = ["\n".join(f"> {line}" for line in textwrap.wrap(fault, 140)) for fault in case.faults]
        shown.append(f"**{title}**\n\n" + "\n>\n".join(quoted))
    text, page = "\n\n".join(shown), PAGE.read_text(encoding="utf-8")
    if update:
        old = between(page, "messages")
        PAGE.write_text(page.replace(f"<!-- messages -->\n{old}", f"<!-- messages -->\n{text}\n"), encoding="utf-8")
    else:
        assert between(page, "messages").strip() == text, "renew it with --update"


def test_there_is_a_plant_for_every_rule_that_holds_at_any_cost() -> None:
    told = {name for plant in PLANTS for name in plant.__code__.co_consts if isinstance(name, str)}
    tables = {"fill_rates", "quotas", "fair_shares", "overrides", "last_plan"}
    assert tables <= told and len(PLANTS) >= 30
    assert {part.name for part in plain() if part.hard} == {
        "fair_shares", "fill_rates", "overrides", "plan_stability", "quotas"
    }  # fmt: skip


def test_what_is_told_elsewhere_or_without_a_name_or_the_period_is_not_told() -> None:
    made = Planted((("overrides", 3),), ("A 1",), "2026-11-30")
    whole = "overrides.csv, row 5, column quantity: 8 of A 1 in the week of 2026-11-30 cannot be ordered"
    assert is_told(whole, made)
    for text, other in (("row 5", "row 6"), ("A 1 ", "it "), ("2026-11-30", "2026-12-07"), ("overrides", "budgets")):
        assert not is_told(whole.replace(text, other), made)


def test_words_of_the_solver_are_seen() -> None:
    assert contradictions.JARGON.search("constraint c1 is violated") and contradictions.JARGON.search("Infeasible")
    assert not contradictions.JARGON.search("10 of A in the week of 2026-11-30 cannot be ordered: a budget of 3,000")
