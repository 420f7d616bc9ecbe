"""Where an order flips."""

import pytest

from optimizer import explain


def test_an_order_flips_where_another_supplier_is_cheaper(cogs: explain.Questions) -> None:
    # For 20 · f cogs far costs 160 f + 15, near in w3 200 f + 5: near from f = 0.25 down. Three weeks later than now,
    # far is a week late, or ordered a week before: at once.
    found = cogs.flip("cog,far,2026-11-30")
    assert found.now
    assert found.less is not None
    assert 0.7 < found.less <= 0.8
    assert found.more is None
    assert found.longer == 1
    assert found.tried[:2] == ["as it is", "demand -5%"]
    with pytest.raises(explain.Unexplained, match="is not ordered"):
        cogs.flip("pin,near,2026-11-23")
