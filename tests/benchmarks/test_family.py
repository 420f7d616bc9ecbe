"""The random family: the same seeds give the same tables, byte for byte; what is rich is added to them."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import family
from optimizer.check import check

FILES = ("items", "suppliers", "supplier_capacity", "sourcing", "inventory", "demand", "customers")


# Recorded once, from the program with which the family was first described; a list by one supplier more than 200 too.
@pytest.mark.parametrize(
    ("items", "suppliers", "seed", "digest"),
    [
        (20, 12, 1, "7c347390ae1551cd2478a0affbf5d0180b1dd36a9f523961652a5fc9467a2e95"),
        (50, 12, 2, "9457ae58592a2eef571bb3b9bc92be9848f3762d815f95d705cb518b3023510f"),
        (300, 240, 1, "7ca0b199f3013d1e60232daa52c57ac4955a5c52c9b540d8936db0036aab6778"),
    ],
)
def test_the_same_seed_gives_the_same_bytes(
    items: int, suppliers: int, seed: int, digest: str, tmp_path: Path
) -> None:  # fmt: skip
    family.write(items, suppliers, seed, tmp_path)
    content = b"".join((tmp_path / f"{name}.csv").read_bytes() for name in FILES)
    assert hashlib.sha256(content + (tmp_path / "instance.toml").read_bytes()).hexdigest() == digest


def test_rich_is_the_same_instance_and_more() -> None:
    plain, rich = family.tables(30, 12, 4), family.tables(30, 12, 4, "rich")
    for name in ("items", "customers", "suppliers", "supplier_capacity"):
        pd.testing.assert_frame_equal(plain[name], rich[name])
    terms = list(plain["sourcing"].columns)
    pd.testing.assert_frame_equal(plain["sourcing"], rich["sourcing"][terms])
    line = ["item", "customer", "due"]
    asked = rich["demand"].groupby(line, sort=True)["quantity"].sum()
    pd.testing.assert_series_equal(asked, plain["demand"].groupby(line, sort=True)["quantity"].sum())
    stock = rich["inventory"].groupby("item")["on_hand"].sum()
    assert stock.tolist() == plain["inventory"]["on_hand"].tolist()


def test_priced_is_the_same_instance_with_price_breaks() -> None:
    plain, priced, limited = (family.tables(30, 12, 4, kind) for kind in ("", "priced", "limited"))
    for name, table in plain.items():
        pd.testing.assert_frame_equal(table, priced[name])
    pd.testing.assert_frame_equal(priced["price_breaks"], limited["price_breaks"])
    both = priced["price_breaks"].merge(plain["sourcing"], on=["item", "supplier"])
    assert 30 <= len(both) == len(priced["price_breaks"]) <= 60  # half of 90 offers, about
    assert (both["minimum_quantity_x"] == 4 * both["minimum_quantity_y"]).all()
    assert (both["unit_cost_x"] / both["unit_cost_y"]).between(0.9399, 0.9801).all()
    assert (limited["items"]["maximum_suppliers"] == 2).all()


def test_rich_limits_two_of_three_suppliers_and_splits_demand() -> None:
    rich = family.tables(40, 12, 5, "rich")
    shares = rich["sourcing"].groupby("item")[["share_min", "share_max"]]
    least, most = shares.max()["share_min"], shares.min()["share_max"]
    assert least.between(0.2, 0.35).all()
    assert most.between(0.65, 0.8).all()
    limited = (rich["sourcing"]["share_min"] > 0) | (rich["sourcing"]["share_max"] < 1)
    assert limited.groupby(rich["sourcing"]["item"]).sum().eq(2).all()
    assert set(rich["demand"]["location"]) == set(rich["locations"]["location"]) == {"north", "south"}
    # Safety stock of both locations is the mean demand of a week, each rounded up: at least it, at most 2 units more.
    size = np.asarray(family.Draws.of(40, 12, 5).size)
    reserve = rich["inventory"].groupby("item")["safety_stock"].sum().to_numpy()
    assert ((reserve >= size) & (reserve <= size + 2)).all()


@pytest.mark.parametrize("options", [[], ["--with", "rich"], ["--with", "limited"]])
def test_the_command_writes_a_sound_instance(options: list[str], tmp_path: Path) -> None:
    assert family.main(["20", "12", "3", str(tmp_path), *options]) == 0
    assert check(tmp_path).sound
