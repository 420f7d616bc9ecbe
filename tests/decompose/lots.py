"""Lots to try the decomposition on: of small random instances, and of the random family."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks import family
from models.assemble import derive
from models.lots import Lots
from models.lots_of import lots_of
from optimizer.decompose.prices import Pricing
from optimizer.read import read
from optimizer.solve.program import Floats
from tests.campaigns.pure_instances import pure_instance
from tests.results.frames import frames
from tests.solve.programs import random_input


@cache
def random_lots(seed: int) -> Lots:
    """Lots of a small random instance; whatever else it has is left out."""
    made = random_input(seed).instance
    return lots_of(made, derive(made))


@cache
def family_lots(items: int = 20, suppliers: int = 12, seed: int = 1) -> Lots:
    """Lots of an instance of the family: they are all of it."""
    with TemporaryDirectory() as folder:
        family.write(items, suppliers, seed, Path(folder))
        made = read(folder).instance
    return lots_of(made, derive(made))


@cache
def pure_lots(number: int) -> Lots:
    """Lots of a small random instance that they are all of: packs, smallest and largest quantities, full gates."""
    tables, settings = pure_instance(number, "crowded" if number % 2 else "odd")
    made = read(frames(tables), settings=settings).instance
    lots = lots_of(made, derive(made))
    assert lots.pure
    return lots


def random_prices(pricing: Pricing, seed: int) -> Floats:
    """Prices around what opening costs: some 0, some far too large."""
    dice = np.random.default_rng(seed)
    scale = float(pricing.opening.max(initial=0.0)) or 0.1
    return dice.choice([0.0, 0.3, 1.0, 3.0, 1000.0], len(pricing.opening)) * scale * dice.random(len(pricing.opening))


def keeps_gates(lots: Lots, quantity: Floats) -> bool:
    """Whether quantities keep what options and gates allow."""
    taken = quantity > 0
    inside = (quantity >= lots.smallest * (1 - 1e-9)) & (quantity <= lots.largest * (1 + 1e-9)) | ~taken
    packs = quantity / np.where(lots.pack > 0, lots.pack, 1.0)
    whole = (lots.pack == 0) | (np.abs(packs - np.round(packs)) < 1e-9)
    gated = lots.gate >= 0
    gate, count = lots.gate[gated], len(lots.gate_cost)
    use = np.bincount(gate, (quantity * lots.use + taken * lots.setup)[gated], count)
    worth = np.bincount(gate, (quantity * lots.worth)[gated], count)
    opened = np.bincount(gate, taken[gated], count) > 0
    kept = use <= (lots.gate_capacity + lots.gate_overtime) * (1 + 1e-6) + 1e-6
    kept &= worth <= lots.gate_ceiling * (1 + 1e-6) + 1e-6
    kept &= ~opened | (worth >= lots.gate_floor * (1 - 1e-6) - 1e-6)
    return bool(inside.all() and whole.all() and kept.all())
