"""Instances whose lots have riders: random ones, and of the family."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import family
from models.assemble import derive
from models.instance import Instance
from models.lots import Lots
from models.lots_of import lots_of
from models.riders import Extended
from optimizer.compile import Compiled, compile_book
from optimizer.decompose.ridden import Ridden, riders_of
from optimizer.read import read
from tests.models.solved import PLAIN, instance
from tests.solve.programs import random_input


@dataclass(frozen=True)
class Made:
    """An instance in all its forms."""

    instance: Instance
    lots: Lots
    compiled: Compiled
    ridden: Ridden

    @property
    def problem(self) -> Extended:
        """What a search gets."""
        return Extended(self.lots, self.ridden.riders)


def made_of(source: Instance) -> Made:
    """Lots and riders of an instance."""
    book = derive(source)
    lots, compiled = lots_of(source, book), compile_book(source, book)
    return Made(source, lots, compiled, riders_of(lots, compiled))


@cache
def rich_family(items: int = 8, suppliers: int = 4, seed: int = 1) -> Made:
    """Two locations, shares, safety stock."""
    with TemporaryDirectory() as folder:
        family.write(items, suppliers, seed, Path(folder), "rich")
        return made_of(read(folder).instance)


@cache
def random_ridden(seed: int) -> Made | None:
    """A small random instance; None where its lots do not relax it, or are several stocks each."""
    source = random_input(seed).instance
    book = derive(source)
    lots = lots_of(source, book)
    return made_of(source) if lots.relaxes and not lots.merged and len(lots) else None


def with_all_riders() -> Made:
    """One item, two suppliers: safety stock 5, maximum 20, at least a quarter from BOLT, at most 0.6 from ACME."""
    return made_of(
        instance(
            periods=4,
            items=[PLAIN | {"item": "A"}],
            suppliers=[{"supplier": "ACME"}, {"supplier": "BOLT"}],
            sourcing=[
                {"item": "A", "supplier": "ACME", "unit_cost": 2, "lead_time": 0, "share_max": 0.6},
                {"item": "A", "supplier": "BOLT", "unit_cost": 3, "lead_time": 1, "share_min": 0.25},
            ],
            inventory=[
                {"item": "A", "on_hand": 2, "safety_stock": 5, "safety_stock_cost": 0.5, "maximum": 20,
                 "overstock_cost": 0.75},
            ],
            demand=[{"item": "A", "due": 1, "quantity": 10}, {"item": "A", "due": 3, "quantity": 8}],
        )
    )  # fmt: skip
