"""Tariffs: prices on riders, with which the lots are plain lots again, at other costs.

With a price on each rider's row, what it asks for moves into the costs of the lots. For any prices that keep

    0 <= σ_nt <= cost of a unit below,  0 <= τ_nt <= cost of a unit above,  ρ_r >= 0 (<= 0) where r has no most (least)

lots with                 h_nt - σ_nt + τ_nt,    c_k - Σ_r ρ_r α_rk,    k_k - Σ_r ρ_r β_rk
cost, with the constant   Σ σ_nt below_nt - Σ τ_nt above_nt + Σ_r (ρ_r^+ least_r - ρ_r^- most_r)

no more than the instance, whatever its plan. A price below what it costs to keep stock makes keeping it worth money; it
may not be worth more than what a customer costs who waits meanwhile, for what prices the lots (follow.py) delivers as
soon as it can: σ - τ - h is kept under the least of the lot's waiting costs.

Source: Geoffrion (1974), Lagrangean relaxation for integer programming.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.lots import Lots
from models.riders import Riders
from optimizer.solve.program import Floats

START = 0.5  # of the holding cost: where prices of stock below a level begin
PACE = 0.25  # of the first step: share of the largest price
PACE_TIES = 0.12  # share of the unit cost
KEPT = 0.8  # of the last direction


@dataclass(frozen=True)
class Tariffs:
    """σ, τ by lot and period [money per unit and period]; ρ by tie [money per unit of its row]."""

    below: Floats
    above: Floats
    tie: Floats


class TariffBook:
    """What tariffs are reckoned with: limits of each price, and how far riders are kept."""

    def __init__(self, lots: Lots, riders: Riders) -> None:
        self._lots, self._riders = lots, riders
        lot_of_line = np.repeat(np.arange(len(lots)), np.diff(lots.line_start))
        self._waits = np.full(len(lots), np.inf)
        np.minimum.at(self._waits, lot_of_line, lots.waiting)
        self._above = np.where(np.isfinite(riders.above), riders.above, 0.0)
        entries, ties = riders.tie_of, riders.ties
        size = np.abs(riders.tie_quantity)
        count = np.maximum(np.bincount(entries, size > 0, ties), 1)
        self._unit = np.bincount(entries, lots.unit_cost[riders.tie_option] * (size > 0), ties) / count
        self._coefficient = np.maximum(np.bincount(entries, size, ties) / count, 1e-12)

    def start(self) -> Tariffs:
        """Where prices begin."""
        return self.allowed(
            Tariffs(
                np.minimum(START * self._lots.holding, self._riders.below_cost) * (self._riders.below > 0),
                np.zeros_like(self._above),
                np.zeros(self._riders.ties),
            )
        )

    def allowed(self, asked: Tariffs) -> Tariffs:
        """The nearest prices that are valid."""
        riders, lots = self._riders, self._lots
        above = np.clip(asked.above, 0.0, riders.above_cost)
        most = np.minimum(riders.below_cost, lots.holding + above + self._waits[:, None])
        tie = np.where(np.isfinite(riders.tie_least), asked.tie, np.minimum(asked.tie, 0.0))
        tie = np.where(np.isfinite(riders.tie_most), tie, np.maximum(tie, 0.0))
        return Tariffs(np.clip(asked.below, 0.0, np.maximum(most, 0.0)), above, tie)

    def priced(self, at: Tariffs) -> Lots:
        """The lots at (allowed) prices: what they cost at least is what the instance costs at least."""
        lots, riders = self._lots, self._riders
        paid = at.tie[riders.tie_of]
        count = len(lots.unit_cost)
        unit = lots.unit_cost - np.bincount(riders.tie_option, paid * riders.tie_quantity, count)
        fixed = lots.fixed_cost - np.bincount(riders.tie_option, paid * riders.tie_placed, count)
        side = np.where(at.tie > 0, riders.tie_least, np.where(at.tie < 0, riders.tie_most, 0.0))
        constant = float((at.below * riders.below).sum() - (at.above * self._above).sum() + (at.tie * side).sum())
        return replace(
            lots, unit_cost=unit, fixed_cost=fixed, holding=lots.holding - at.below + at.above,
            constant=lots.constant + constant,
        )  # fmt: skip

    def moved(
        self, at: Tariffs, last: Tariffs, length: float, brought: Floats, opened: Floats, stock: Floats
    ) -> tuple[Tariffs, Tariffs]:
        """Prices after a step that raises those of riders that are broken, and lowers those of others.

        Args:
            at: the prices.
            last: direction of the last step.
            length: of the step, as a share of the first.
            brought: quantity of each option at the prices.
            opened: how far each is taken.
            stock: (n, T) at the end of each period.

        Returns:
            The prices, and the direction of this step.
        """
        slope = self._slope(brought, opened, stock)
        way = self._mixed(slope, last)
        pace = PACE * length
        riders = self._riders
        moved = Tariffs(
            at.below + pace * riders.below_cost * way.below,
            at.above + pace * riders.above_cost * way.above,
            at.tie + PACE_TIES * length * self._unit / self._coefficient * way.tie,
        )
        return self.allowed(moved), way

    def still(self) -> Tariffs:
        """No direction yet."""
        return Tariffs(np.zeros_like(self._above), np.zeros_like(self._above), np.zeros(self._riders.ties))

    def _mixed(self, slope: Tariffs, last: Tariffs) -> Tariffs:
        return Tariffs(
            *(KEPT * old + (1 - KEPT) * new for old, new in zip(vars(last).values(), vars(slope).values(), strict=True))
        )

    def _slope(self, brought: Floats, opened: Floats, stock: Floats) -> Tariffs:
        """How far each rider is broken, as a share of what it asks for, at most 1 either way."""
        riders = self._riders
        below = np.where(riders.below > 0, (riders.below - stock) / np.where(riders.below > 0, riders.below, 1.0), 0.0)
        above = np.where(np.isfinite(riders.above), (stock - self._above) / np.maximum(self._above, 1.0), 0.0)
        of, ties = riders.tie_of, riders.ties
        terms = riders.tie_quantity * brought[riders.tie_option] + riders.tie_placed * opened[riders.tie_option]
        has = np.bincount(of, terms, ties)
        scale = np.maximum(np.bincount(of, np.abs(terms), ties), 1e-9)
        lacks = np.where(has < riders.tie_least, riders.tie_least - has, 0.0)
        lacks = np.where(has > riders.tie_most, riders.tie_most - has, lacks)
        slack = np.where(np.isfinite(riders.tie_least), riders.tie_least - has, riders.tie_most - has)
        tie = 2.0 * np.where(lacks != 0.0, lacks, slack) / scale
        return Tariffs(np.clip(below, -1.0, 1.0), np.clip(above, -1.0, 1.0), np.clip(tie, -1.0, 1.0))
