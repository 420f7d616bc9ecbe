"""That the campaign of the same run again sees what differs; two of its cases run in test_small."""

from pathlib import Path

from tests.campaigns.same_run import _different


def test_what_differs_is_told(tmp_path: Path) -> None:
    outs, said = [tmp_path / "one", tmp_path / "two"], [{"seconds": 1, "bound": 7}, {"seconds": 2, "bound": 7}]
    for out in outs:
        out.mkdir()
        (out / "costs.csv").write_text("account\nholding\n", encoding="utf-8")
    assert list(_different(outs, said)) == []
    (outs[1] / "costs.csv").write_text("account\nordering\n", encoding="utf-8")
    said[1]["bound"] = 8
    assert list(_different(outs, said)) == ["costs.csv differs", "plan.json: bound is 7 and 8"]
    (outs[1] / "costs.csv").unlink()
    assert "the tables are ['costs.csv'] and []" in _different(outs, said)
