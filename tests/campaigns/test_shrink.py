"""Delta debugging: what is left still fails, and nothing of it can be left out; references stay whole."""

from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from models.parts.safety_stock import SafetyStock
from tests.campaigns import regressions
from tests.campaigns.campaign import again
from tests.campaigns.drawn.instance import instance, without_rules
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.shrink import ddmin, main, rows_of, size_of, smaller, without


@pytest.mark.parametrize("needed", [set(), {3}, {0, 9}, {2, 5, 7}, set(range(10))])
def test_only_what_is_needed_is_left(needed: set[int]) -> None:
    def fails(parts: Sequence[int]) -> bool:
        return needed <= set(parts)

    assert set(ddmin(range(10), fails)) == needed


def test_who_drops_an_item_drops_all_rows_that_name_it() -> None:
    drawn = next(one for one in map(instance, range(99)) if one.has("substitutes", "item") and len(one.ids("item")) > 1)
    gone = drawn.ids("item")[0]
    left = without(drawn, "items", {gone})
    named = [cell for of in left.tables.values() for column in ("item", "substitute") for cell in of.get(column, [])]
    assert gone not in named and drawn.ids("item")[1] in named


def test_an_instance_is_made_small() -> None:
    drawn = without_rules(6, "medium")
    item = drawn.tables["demand"]["item"][0]

    def fails(one: Drawn) -> bool:
        """Two demand lines of the item are wrong, whatever else there is."""
        return one.tables.get("demand", {}).get("item", []).count(item) >= 2

    found = smaller(drawn, fails)
    assert set(found.tables) == {"demand"} and found.tables["demand"] == {"item": [item, item]}
    assert found.settings == {}
    assert size_of(found) == "1 tables, 2 rows, 2 cells"


def test_what_does_not_fail_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fail"):
        smaller(without_rules(6), lambda one: False)


@pytest.mark.slow
def test_a_planted_bug_is_shrunk_to_its_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model that charges twice for stock below the safety stock: the audit refuses what it says it costs."""
    drawn = without_rules(2, "tiny")
    drawn.tables["inventory"]["safety_stock"] = ["4"] * rows_of(drawn, "inventory")
    drawn.tables["inventory"]["safety_stock_cost"] = ["2"] * rows_of(drawn, "inventory")
    regressions.write(tmp_path / "x", drawn, regressions.Case("audited", 1, ""))
    honest = SafetyStock.derive

    def twice(self: SafetyStock, instance: object, book: object) -> None:
        honest(self, instance, book)  # type: ignore[arg-type]
        book.parameters["safety_cost"][1][:] *= 2  # type: ignore[attr-defined]

    with patch.object(SafetyStock, "derive", twice):
        assert "AuditRefused" in again("audited", drawn, 1)[0]
        assert main([str(tmp_path / "x"), "--seconds", "60"]) == 0
        found, case = regressions.read(tmp_path / "x-smaller")
    assert case is not None and case.check == "audited" and "AuditRefused" in case.wrong
    assert {name: rows_of(found, name) for name in found.tables}["inventory"] == 1
    assert sum(rows_of(found, name) for name in found.tables) < sum(rows_of(drawn, name) for name in drawn.tables)
    assert again("audited", found, 1) == []
    assert capsys.readouterr().out.strip() == str(tmp_path / "x-smaller")
