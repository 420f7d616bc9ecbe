"""Lots: the plain lot-sizing problem inside an instance, as arrays that know no business names.

For each lot n (a stock; or all stocks of an item, see below), over periods t, options k (order lines, see below) that
arrive in a_k, and demand lines d with the window f_d … e_d and quantity q_d:

    minimise   Σ_k (c_k x_k + k_k y_k) + Σ_t h_nt I_nt - v_n I_n,T-1                       and over gates g
               + Σ_d [ Σ_t b_d (t - f_d) z_dt + p_d u_d ]                                  + Σ_g (K_g w_g + o_g V_g)
    subject to I_nt = I_n,t-1 + S_nt + Σ {x_k: a_k = t} - Σ_d z_dt,  I_n,-1 = 0,  I_nt >= 0
               Σ_t z_dt + u_d = q_d,   z_dt >= 0 for t in the window,   u_d >= 0
               m_k y_k <= x_k <= M_k y_k,   y_k in {0,1},   x_k a whole multiple of pack k where there is one
    gates      y_k <= w_g,  w_g in {0,1}                              where opening costs money or needs a worth
               Σ_k (r_k x_k + s_k y_k) <= C_g + V_g,  V_g <= V̄_g;    F_g w_g <= Σ_k c_k x_k <= G_g

x, y an option's quantity and whether it is placed; z deliveries, u what falls short; S what is there anyway; w whether
a gate (a supplier's period) is open, V its overtime. Gates alone couple lots.

Where a demand line can be delivered from several locations, all stocks of its item are one lot: stock goes where it is
wanted for free, is held at the least of the holding costs and credited at the largest credit. That is a relaxation.

An order line whose price depends on its quantity has an option for each segment of prices: b <= x_k <= B at the price
there, what the units below a break cost more among its fixed cost. A plan that takes two of them is none of the
instance, though it would cost no less than the one option that holds both their quantities where prices fall with the
quantity: the line's fixed cost is paid once.

`pure`: the instance is this and nothing else, so what is best here is best there. `relaxes`: whatever else there is
only adds rules and costs, so a bound on this problem is one on the instance. Both are decided in `models.known`, where
whatever nobody has named counts as unknown. `models.lots_of` makes lots of an instance.

Source: Pochet & Wolsey (2006), ch. 10 and 12; gates: Trigeiro, Thomas & McClain (1989); Joneja (1990).
"""

import io
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.instance import Codes, Figures

FREE = -1  # no gate; no row

OF_LOT = ("block", "stock", "holding", "credit", "opening")
OF_OPTION = (
    "arrival", "gate", "unit_cost", "fixed_cost", "smallest", "largest", "pack", "use", "setup", "worth", "order",
    "segment",
)  # fmt: skip
OF_LINE = ("first", "last", "quantity", "waiting", "lost", "line")
OF_SUPPLY = ("supply_period", "supply_quantity")


@dataclass(frozen=True)
class Lots:
    """Lots, their options, demand lines and supplies (each sorted by lot, with pointers), and gates.

    `order`, `segment`, `line`, `stock`, `gate_open` and `gate_extra` are rows of the book's index sets `orders`,
    `segments`, `lines`, `stocks`, `joint_orders` and `overtime_periods`, so that a solution can be written back.
    """

    periods: int
    block: Codes  # (n) item code
    stock: Codes  # (n) its stock; the first of them where several are one lot
    holding: Figures  # (n, T) [money per unit on hand at the end of t]
    credit: Figures  # (n) [money per unit left at the end]
    opening: Figures  # (n) on hand before period 0, which is in supply, too

    option_start: Codes  # (n + 1); options are sorted by arrival, then gate
    arrival: Codes
    gate: Codes  # FREE: none
    unit_cost: Figures
    fixed_cost: Figures  # of placing it
    smallest: Figures
    largest: Figures
    pack: Figures  # 0: any quantity
    use: Figures  # of the gate's capacity, by unit; 0 where the gate has none
    setup: Figures  # of the gate's capacity, by option placed
    worth: Figures  # by unit, for the gate's floor and ceiling [money]
    order: Codes
    segment: Codes  # FREE: one price

    line_start: Codes  # (n + 1); lines are sorted by first
    first: Codes
    last: Codes
    quantity: Figures
    waiting: Figures  # [money per unit and period late]
    lost: Figures  # [money per unit never delivered]
    line: Codes

    supply_start: Codes  # (n + 1); one for each period in which anything is there anyway
    supply_period: Codes
    supply_quantity: Figures

    gate_cost: Figures  # of opening
    gate_capacity: Figures  # inf: none
    gate_overtime: Figures  # most of it
    gate_overtime_cost: Figures
    gate_floor: Figures  # least worth when open
    gate_ceiling: Figures  # most worth; inf: none
    gate_open: Codes  # FREE: it is open anyway
    gate_extra: Codes  # FREE: no overtime

    constant: float  # shortage of the lines that no lot can deliver [money]
    pure: bool
    relaxes: bool
    merged: bool  # some lot is more than one stock

    def __len__(self) -> int:
        return len(self.block)

    @property
    def segmented(self) -> bool:
        """Whether an order line has several options."""
        return bool((self.segment >= 0).any())

    def of_orders(self, quantity: Figures) -> Figures:
        """Quantities by row of `orders` as quantities of the options, each in the segment where it lies."""
        mine = quantity[self.order]
        inside = (mine >= self.smallest) & (mine <= self.largest)
        return np.where((self.segment >= 0) & ~inside, 0.0, mine)

    def restricted(self, lots: NDArray[np.bool_] | Codes) -> "Lots":
        """Some lots, by mask or by place (in ascending order), with all gates.

        It is `pure` no more, and the constant belongs to none of them.
        """
        chosen = np.flatnonzero(lots) if lots.dtype == np.bool_ else np.asarray(lots, dtype=np.int64)
        made: dict[str, Any] = {name: getattr(self, name)[chosen] for name in OF_LOT}
        for start, names in (("option_start", OF_OPTION), ("line_start", OF_LINE), ("supply_start", OF_SUPPLY)):
            pointers = getattr(self, start)
            count = np.diff(pointers)[chosen]
            made[start] = starts(count)
            rows = np.arange(count.sum()) + np.repeat(pointers[chosen] - made[start][:-1], count)
            made |= {name: getattr(self, name)[rows] for name in names}
        return replace(self, **made, constant=0.0, pure=False)

    def to_bytes(self) -> bytes:
        """The arrays in numpy's own file format, for another process."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **{field.name: getattr(self, field.name) for field in fields(self)})
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Lots":
        """Back from `to_bytes`."""
        with np.load(io.BytesIO(content), allow_pickle=False) as saved:
            return cls(**{name: value if value.ndim else value.item() for name, value in saved.items()})


def starts(count: Codes) -> Codes:
    """Pointers to so many elements each: (n + 1)."""
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
