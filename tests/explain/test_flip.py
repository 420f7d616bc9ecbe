"""Where an order flips."""

import pytest
from rich.console import Console

from models.instance import Instance
from optimizer import explain
from optimizer.explain import flip
from optimizer.explain.flip import Flip
from optimizer.explain.show import shown


def test_an_order_flips_where_another_supplier_is_cheaper(cogs: explain.Questions) -> None:
    # For 20 · f cogs far costs 160 f + 15, near in w3 200 f + 5: near from f = 0.25 down. Three weeks later than now,
    # far is a week late, or ordered a week before: at once.
    found = cogs.flip("cog,far,2026-11-30")
    assert found.now
    assert found.less is not None
    assert 0.7 < found.less <= 0.8
    assert found.less - 0.05 <= found.stays_less < found.less  # 0.4 between what stays and what goes, halved 3 times
    assert (found.more, found.stays_more) == (None, 0.8)
    assert (found.longer, found.stays_longer) == (1, 0)
    assert found.tried[:2] == ["as it is", "demand -5%"]
    with pytest.raises(explain.Unexplained, match="is not ordered"):
        cogs.flip("pin,near,2026-11-23")


def test_what_is_not_decided_in_time_is_not_said_to_stay(
    cogs: explain.Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = {"as it is": True, "demand -5%": True, "demand -10%": False}

    def keeps(_: object, instance: Instance, words: str) -> bool | None:
        return decided.get(words)

    monkeypatch.setattr(flip._Look, "keeps", keeps)
    found = cogs.flip("cog,far,2026-11-30")
    assert (found.less, found.stays_less) == (0.1, 0.05)  # what lies between them was not decided
    assert (found.more, found.stays_more, found.longer, found.stays_longer) == (None, 0.0, None, 0)
    assert printed(found) == [
        "goes with 10.0% less demand",
        "not found in time: with more demand",
        "not found in time: with periods more of lead time",
    ]


def test_how_far_it_stays_is_what_was_tried() -> None:
    found = Flip("cog,far,2026-11-30", True, None, None, 2, 0.2, 0.8, 1, ["as it is"])
    assert printed(found) == [
        "stays with up to 20% less demand",
        "stays with up to 80% more demand",
        "goes with 2 periods more of lead time",
    ]


def printed(found: Flip) -> list[str]:
    """The lines below the title."""
    console = Console(width=100)
    with console.capture() as capture:
        for part in shown("flip", found):
            console.print(part)
    return [line.strip() for line in capture.get().splitlines() if line.startswith("  ")]
