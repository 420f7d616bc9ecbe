"""Earlier: a plan's folder is read as it was written, and whatever is wrong with it is told in one sentence."""

import errno
from pathlib import Path

import pytest

from optimizer.read.earlier import NoEarlierPlan, read_earlier

ORDERS = "item,supplier,location,order_period,arrival_period,quantity\n00123,NA,main,2026-11-23,2026-11-30,12.5\n"
PRICES = "supplier,period,item,location,limit,price\nNA,2026-11-23,,,capacity,0.25\n"
BASIS = "item,digest\n00123,0123456789abcdef\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan's folder."""
    for name, text in (("purchase_orders", ORDERS), ("prices", PRICES), ("basis", BASIS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_tables_as_they_were_written(folder: Path) -> None:
    tables = read_earlier(folder)
    assert tables["purchase_orders"].values.tolist() == [["00123", "NA", "main", "2026-11-23", 12.5]]
    assert tables["prices"].values.tolist() == [["NA", "2026-11-23", "", "", "capacity", 0.25]]
    assert tables["basis"].values.tolist() == [["00123", "0123456789abcdef"]]


def test_what_is_kept_for_later_runs_may_be_missing(folder: Path) -> None:
    (folder / "prices.csv").unlink()
    (folder / "basis.csv").unlink()
    assert list(read_earlier(folder)) == ["purchase_orders"]


def test_a_plan_without_orders(folder: Path) -> None:
    (folder / "purchase_orders.csv").write_text(ORDERS.splitlines()[0] + "\n", encoding="utf-8")
    assert len(read_earlier(folder)["purchase_orders"]) == 0


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("purchase_orders", None, r"is not a plan: it has no purchase_orders.csv"),
        ("purchase_orders", "", r"purchase_orders.csv needs one column 'item'"),
        ("purchase_orders", ORDERS.replace("quantity", "amount"), r"needs one column 'quantity'"),
        ("purchase_orders", ORDERS.replace("arrival_period", "item"), r"needs one column 'item'"),
        ("purchase_orders", ORDERS.replace("12.5", "much"), r"row 2, column quantity: 'much' is not a number of 0 or"),
        ("purchase_orders", ORDERS.replace("12.5", "-1"), r"row 2, column quantity: '-1' is not a number"),
        ("purchase_orders", ORDERS.replace("12.5", "inf"), r"'inf' is not a number"),
        ("purchase_orders", ORDERS.replace("12.5", ""), r"'' is not a number"),
        ("purchase_orders", ORDERS.replace("2026-11-23", "Monday"), r"order_period: 'Monday' is not a date"),
        ("purchase_orders", ORDERS.replace("2026-11-23", ""), r"order_period: '' is not a date"),
        (
            "purchase_orders",
            ORDERS + ORDERS.splitlines()[1].replace("12.5", "0x1"),
            r"row 3, column quantity: '0x1' is not",
        ),
        ("purchase_orders", ORDERS + "x\n", r"row 3 has 1 cells; the header has 6"),
        ("purchase_orders", ORDERS + '"x', r"purchase_orders.csv cannot be read: unexpected end of data"),
        ("prices", PRICES[:30], r"prices.csv needs one column 'limit'"),
        ("prices", PRICES.replace("0.25", "\x00"), r"prices.csv"),
        ("basis", "\xff", r"basis.csv cannot be read: 'utf-8' codec"),
    ],
)
def test_what_cannot_be_read_is_told(folder: Path, file: str, text: str | None, message: str) -> None:
    path = folder / f"{file}.csv"
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(NoEarlierPlan, match=message):
        read_earlier(folder)


def test_a_disk_that_fails_is_told_as_what_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, **_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "open", broken)
    with pytest.raises(OSError, match="Input/output error"):
        read_earlier(folder)


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoEarlierPlan, match="is no folder; a warm start needs the folder of an earlier plan"):
        read_earlier(tmp_path / "nowhere")
