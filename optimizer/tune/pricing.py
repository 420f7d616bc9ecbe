"""Pricing: an instance at some factors, as a program of which only the costs are its own.

The matrix and all limits are shared: what is varied may change what a plan costs, and nothing of what is possible.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from optimizer.compile import Compiled
from optimizer.crossroads import Road, chosen_road, program_of
from optimizer.read import Input
from optimizer.roads import Placed
from optimizer.solve.program import Floats, Program
from optimizer.tune.groups import Group, scaled
from optimizer.tune.refused import TuneRefused
from optimizer.tune.run import Run

KEPT = 3  # instances of which all is kept, and not only what they cost
STRAIGHT = 1e-7  # relative: factors have nine digits and cells nine decimals, and costs follow them


@dataclass(frozen=True)
class Priced:
    """An instance at some factors, with its program; not solved yet.

    Attributes:
        factors: of each group.
        program: of the whole of it; all but the costs is shared with the other trials.
        rates_of: gives of each charge what it charges for.
        source_of: gives the instance.
    """

    factors: tuple[float, ...]
    program: Program
    rates_of: Callable[[], Sequence[Floats]]
    source_of: Callable[[], Input]

    @cached_property
    def source(self) -> Input:
        """The instance."""
        return self.source_of()

    @property
    def rates(self) -> Sequence[Floats]:
        """Of each charge, what it charges for."""
        return self.rates_of()


@dataclass
class Pricing:
    """An instance at many factors.

    Attributes:
        source: the instance at its own penalties.
        groups: what the factors multiply.
        run: what is asked for.
    """

    source: Input
    groups: Sequence[Group]
    run: Run
    _priced: dict[tuple[float, ...], Priced] = field(default_factory=dict, init=False, repr=False)
    _whole: dict[tuple[float, ...], tuple[Road, Placed]] = field(default_factory=dict, init=False, repr=False)

    @property
    def own(self) -> Priced:
        """The instance at its own penalties."""
        return self.priced((1.0,) * len(self.groups))

    def priced(self, factors: tuple[float, ...]) -> Priced:
        """The instance at some factors.

        Raises:
            InputFaults: it is faulty there.
            TuneRefused: what is varied changes more than costs, or the instance is too large.
        """
        if factors not in self._priced:
            source = scaled(self.source, self.groups, factors)
            _, placed = self._made(factors, source)
            rates = [charge.rate for charge in placed.compiled.charges]
            self._priced[factors] = Priced(factors, placed.compiled.program, lambda: rates, lambda: source)
        return self._priced[factors]

    def along(self, positions: Sequence[float], factors: Sequence[tuple[float, ...]]) -> None:
        """Price the points of a path; where costs are a line along it, its ends and two between are compiled alone.

        Costs that are concave along the path, as all of ours are, and on the chord of its ends at a point between, are
        on it everywhere.

        Raises:
            InputFaults: the instance is faulty at one of the points that are compiled.
            TuneRefused: what is varied changes more than costs.
        """
        at, of, last = np.asarray(positions), np.array(factors), len(positions) - 1
        shares = (at - at[0]) / max(at[last] - at[0], 1e-300)
        lines = _between(of[0], of[last], shares[:, None])
        if last < 4 or (np.abs(of - lines) > STRAIGHT * np.maximum(np.abs(of), 1.0)).any():
            return
        ends = self.priced(factors[0]), self.priced(factors[last])
        if all(_on_chord(ends, self.priced(factors[k]), float(shares[k])) for k in (last // 3, 2 * last // 3)):
            for factor, share in zip(factors, shares.tolist(), strict=True):
                if factor not in self._priced:
                    self._priced[factor] = self._on_line(ends, factor, share)

    def _on_line(self, ends: tuple[Priced, Priced], factors: tuple[float, ...], share: float) -> Priced:
        one, other = ends

        def rates() -> Sequence[Floats]:
            return [_between(*pair, share) for pair in zip(one.rates, other.rates, strict=True)]

        cost = _between(one.program.cost, other.program.cost, share)
        offset = one.program.offset + share * (other.program.offset - one.program.offset)
        program = replace(one.program, cost=cost, offset=offset)
        return Priced(factors, program, rates, lambda: scaled(self.source, self.groups, factors))

    def whole(self, priced: Priced) -> tuple[Road, Placed]:
        """The road of an instance, and what its program is made of (x is empty); made anew where room was needed."""
        return self._whole.get(priced.factors) or self._made(priced.factors, priced.source)

    def _made(self, factors: tuple[float, ...], source: Input) -> tuple[Road, Placed]:
        road = chosen_road(self.run.asked.formulation, source.instance)
        if road.book is None:
            count = len(source.instance["items"])
            raise TuneRefused(f"penalties of {count:,} items together are too many to be tuned; take a part of them")
        compiled = program_of(source.instance, road)
        if self._priced:
            compiled = _shared(compiled, next(iter(self._priced.values())).program)
        while len(self._whole) >= KEPT:
            del self._whole[next(one for one in self._whole if set(one) != {1.0} or len(self._whole) == 1)]
        self._whole[factors] = road, Placed(road.book, compiled, np.zeros(0))
        return self._whole[factors]

    def moved(self, among: Sequence[Priced]) -> Floats:
        """What each column costs at the instance's own penalties on account of what the factors move [money]."""
        own = self.own
        total = np.zeros(own.program.columns + 1)
        for k, charge in enumerate(self.whole(own)[1].compiled.charges):
            rates = [priced.rates[k] for priced in among]
            moves = (
                np.any([rate != charge.rate for rate in rates], axis=0) if rates else np.zeros(len(charge.rate), bool)
            )
            np.add.at(total, charge.column[moves], charge.rate[moves])
        return total[:-1]  # what is nowhere was added to the last


def _between(one: Floats, other: Floats, share: Any) -> Floats:
    return np.asarray(one + share * (other - one), dtype=np.float64)  # what does not move stays to the last digit


def _on_chord(ends: tuple[Priced, Priced], middle: Priced, share: float) -> bool:
    """Whether all costs of a point, and all rates, are on the chord of two others."""
    one, other = ends
    triples = [(one.program.cost, middle.program.cost, other.program.cost)]
    triples += zip(one.rates, middle.rates, other.rates, strict=True)
    for low, here, high in triples:
        chord = _between(low, high, share)
        if (np.abs(here - chord) > STRAIGHT * np.maximum(np.abs(chord), 1.0)).any():
            return False
    return True


def _shared(compiled: Compiled, one: Program) -> Compiled:
    """The same with all arrays of another program but its costs.

    Raises:
        TuneRefused: the programs differ in more than costs.
    """
    other = compiled.program
    same = one.matrix.shape == other.matrix.shape and all(
        np.array_equal(getattr(one.matrix, name), getattr(other.matrix, name)) for name in ("indptr", "indices", "data")
    )
    limits = ("row_lower", "row_upper", "lower", "upper", "integer")
    if not same or not all(np.array_equal(getattr(one, name), getattr(other, name)) for name in limits):
        raise TuneRefused(
            "what is varied changes what is possible, and not only what it costs; a range that begins above 0 and a "
            "group of penalties alone can be tuned"
        )
    return replace(compiled, program=replace(one, cost=other.cost, offset=other.offset))
