"""Published: a plan's folder is read back as it was written, and its instance is found again."""

import errno
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from optimizer import plan, read
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.published import instance_of, published

QUICKSTART = Path(__file__).parents[2] / "instances" / "quickstart"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published plan of the quickstart."""
    out = tmp_path_factory.mktemp("published") / "plan"
    plan(read(QUICKSTART), time_limit=5, gap=0.2, out=out)
    return out


def test_what_was_written_is_read(folder: Path) -> None:
    there = published(folder)
    assert there.document["objective"] == pytest.approx(there.costs["amount"].sum())
    assert there.purchase_orders["quantity"].dtype == float
    assert there.purchase_orders["order_period"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
    text = pd.read_csv(folder / "purchase_orders.csv", dtype=str)
    assert there.purchase_orders["item"].tolist() == text["item"].tolist()
    assert there.inventory["wasted"].eq(0).all()  # a column of items with a shelf life: this plan has none
    assert there.transfers.empty
    assert list(there.transfers.columns)[:2] == ["item", "from_location"]


def test_its_instance_is_found_again(folder: Path, tmp_path: Path) -> None:
    source, changed = instance_of(published(folder))
    assert source.path == QUICKSTART.resolve()
    assert changed == []
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in QUICKSTART.iterdir():
        if file.suffix in (".csv", ".toml"):
            (copy / file.name).write_bytes(file.read_bytes() + (b"\n" if file.name == "items.csv" else b""))
    assert instance_of(published(folder), copy)[1] == ["items.csv"]


def test_what_is_no_plan_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoEarlierPlan, match=r"is not a plan: it has no plan\.json"):
        published(tmp_path)
    (tmp_path / "plan.json").write_text("[]")
    with pytest.raises(NoEarlierPlan, match="holds no entries"):
        published(tmp_path)
    (tmp_path / "plan.json").write_text("{}")
    (tmp_path / "run.json").write_text(json.dumps({"instance": str(tmp_path / "gone")}))
    with pytest.raises(NoEarlierPlan, match="which is not there"):
        instance_of(published(tmp_path))
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(NoEarlierPlan, match="does not say"):
        instance_of(published(tmp_path))
    (tmp_path / "costs.csv").write_text("accounts,item\n")
    with pytest.raises(NoEarlierPlan, match="needs one column"):
        _ = published(tmp_path).costs
    (tmp_path / "costs.csv").unlink()
    with pytest.raises(AttributeError):
        _ = published(tmp_path).nothing


@pytest.mark.parametrize(("name", "text"), [("plan.json", "{"), ("costs.csv", "account,amount\nholding,x\n")])
def test_what_cannot_be_read_is_told(folder: Path, tmp_path: Path, name: str, text: str) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / name).write_text(text, encoding="utf-8")
    with pytest.raises(NoEarlierPlan, match=f"{name} cannot be read"):
        published(copy).costs.sum()


def test_a_disk_that_fails_is_told_as_what_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    there = published(folder)
    monkeypatch.setattr(pd, "read_csv", broken)
    with pytest.raises(OSError, match="Input/output error"):
        _ = there.costs
    monkeypatch.setattr(Path, "read_text", broken)
    with pytest.raises(OSError, match="Input/output error"):
        published(folder)
