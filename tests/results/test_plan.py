"""Plan: its result tables by name."""

import pytest

from tests.write.plans import plan


def test_tables_by_name() -> None:
    small = plan()
    assert small.purchase_orders is small.tables["purchase_orders"]


def test_a_table_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(AttributeError, match=r"no 'transfer'.*purchase_orders"):
        _ = plan().transfer
