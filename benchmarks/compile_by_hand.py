"""The family's model as arrays, written by hand: what a compiler of rules is measured against.

It knows what only its author knows: one location, stocks numbered item by item and weeks within them, deliveries line
by line, and that every order line has a minimum, a fixed cost, a capacity and a joint order. So it reckons most places
where a compiler of any rules must look them up. Columns and rows are in the order of the parts: the same program.
"""

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.book import Book
from models.orders import order_lines
from optimizer.solve.program import SHARED, Program

Numbers = NDArray[Any]
AS_ORDERS = ("minimum_orders", "charged_orders", "capacity_orders", "joint_lines")
AS_JOINT = ("capacity_periods", "value_floors", "charged_joint_orders")
EMPTY = (
    "open_arrivals",
    "ceilings",
    "reserves",
    "stepped_orders",
    "least_shares",
    "overtime_periods",
    "value_ceilings",
)


class ByHand:
    """The arrays of one book.

    Raises:
        ValueError: it is not of the family, or has a second location.
    """

    def __init__(self, book: Book) -> None:
        self.book, self.index, self.value = book, book.indexes, book.values
        size = {name: len(index) for name, index in book.indexes.items()}
        usual = all(size[name] == size["orders"] for name in AS_ORDERS)
        usual &= all(size[name] == size["joint_orders"] for name in AS_JOINT) and not any(size[name] for name in EMPTY)
        if not usual or self.index["stocks"]["location"].any():
            raise ValueError("by hand there is only the family with one location")
        self.stocks, self.lines, self.deliveries = size["stocks"], size["lines"], size["deliveries"]
        self.orders, self.joint, self.packed = size["orders"], size["joint_orders"], size["packed_orders"]
        self.horizon = size["stock_periods"] // self.stocks
        columns = [size["stock_ends"], self.deliveries, self.lines, self.orders, self.orders, self.joint, self.packed]
        self.columns = np.cumsum([0, *columns])
        rows = [self.stocks, self.lines, self.orders, self.orders, size["stock_periods"]]
        self.rows = np.cumsum([0, *rows, self.joint, self.packed, self.orders, self.joint])
        self._join()

    def _join(self) -> None:
        """For each delivery and order: its line, stock, supplier's week, and its place among packed orders."""
        line, orders = self.index["deliveries"]["line"], self.index["orders"]
        self.first = np.diff(line, prepend=-1) != 0
        self.of_line = np.cumsum(self.first) - 1
        item = self.book.items(self.index["deliveries"])
        assert item is not None
        self.item = item
        stock = np.zeros(int(self.index["stocks"]["item"].max()) + 1, np.int64)
        stock[self.index["stocks"]["item"]] = np.arange(self.stocks)
        self.issue = stock[item] * self.horizon + self.index["deliveries"]["period"]
        self.receipt = stock[orders["item"]] * self.horizon + order_lines(self.book).arrival
        joint = self.index["joint_orders"]
        place = np.zeros((int(joint["supplier"].max()) + 1) * self.horizon, np.int64)
        place[joint["supplier"] * self.horizon + joint["period"]] = np.arange(self.joint)
        self.of_joint = place[orders["supplier"] * self.horizon + orders["period"]]
        suppliers = int(orders["supplier"].max()) + 1
        key, packed = (
            (index["item"] * suppliers + index["supplier"]) * self.horizon + index["period"]
            for index in (orders, self.index["packed_orders"])
        )
        self.pack_of = np.searchsorted(key, packed)

    def program(self) -> Program:
        """The program."""
        _, _, _, _, place, _, packs, columns = (int(end) for end in self.columns)
        orders = self.index["orders"]["item"]
        items = [np.repeat(self.index["stocks"]["item"], self.horizon + 1), self.item, self.item[self.first], orders]
        lower, upper = self._sides()
        return Program(
            cost=self.cost(),
            offset=0.0,
            matrix=self._matrix(),
            row_lower=lower,
            row_upper=upper,
            lower=np.zeros(columns),
            upper=np.repeat([np.inf, 1.0, np.inf], [place, packs - place, columns - packs]),
            integer=np.repeat([False, True], [place, columns - place]),
            block=np.concatenate([*items, orders, np.full(self.joint, SHARED), orders[self.pack_of]]),
            late=np.zeros(columns, np.bool_),
        )

    def cost(self) -> Numbers:
        """Cost of each column."""
        value, horizon = self.value, self.horizon
        stock = np.zeros((self.stocks, horizon + 1))
        stock[:, 1:] = value("holding_cost").reshape(self.stocks, horizon)
        stock[:, -1] += value("ending_credit")
        waiting = np.zeros(self.deliveries)
        waiting[~self.first] = value("waiting_cost")
        bought = [value("shortage_cost"), value("unit_cost"), value("line_cost"), value("joint_order_cost")]
        return np.concatenate([stock.ravel(), waiting, *bought, np.zeros(self.packed)])

    def _sides(self) -> tuple[Numbers, Numbers]:
        value, balance = self.value, np.zeros(self.stocks * self.horizon)
        orders, joint, packed = np.zeros(self.orders), np.zeros(self.joint), np.zeros(self.packed)
        equal = [value("opening"), value("quantity")]
        upper = [*equal, orders, orders, balance, value("capacity"), packed, orders, joint]
        free, free_joint = np.full(self.orders, -np.inf), np.full(self.joint, -np.inf)
        lower = [*equal, free, free, balance, free_joint, packed, free, free_joint]
        return np.concatenate(lower), np.concatenate(upper)

    def _matrix(self) -> sp.csc_array:
        on_hand, deliver, short, order, place, opened, packs, columns = (int(end) for end in self.columns)
        opening, met, limit, least, balance, capacity, whole, joint, worth, rows = (int(end) for end in self.rows)
        value, stock, now = self.value, np.arange(self.stocks), np.arange(self.stocks * self.horizon)
        each, delivery, line = np.arange(self.orders), np.arange(self.deliveries), np.arange(self.lines)
        week, pack = np.arange(self.joint), np.arange(self.packed)
        before = on_hand + now + now // self.horizon
        entries: list[tuple[Numbers, Numbers, Any]] = [
            (opening + stock, on_hand + stock * (self.horizon + 1), 1.0),
            (met + self.of_line, deliver + delivery, 1.0),
            (met + line, short + line, 1.0),
            (limit + each, order + each, 1.0),
            (limit + each, place + each, -value("largest_order")),
            (least + each, place + each, value("smallest_order")),
            (least + each, order + each, -1.0),
            (balance + now, before + 1, 1.0),
            (balance + now, before, -1.0),
            (balance + self.receipt, order + each, -1.0),
            (balance + self.issue, deliver + delivery, 1.0),
            (capacity + self.of_joint, order + each, value("capacity_use")),
            (joint + each, place + each, 1.0),
            (joint + each, opened + self.of_joint, -1.0),
            (worth + week, opened + week, value("minimum_value")),
            (worth + self.of_joint, order + each, -value("unit_cost")),
            (whole + pack, order + self.pack_of, 1.0),
            (whole + pack, packs + pack, -value("pack")),
        ]
        size = sum(len(row) for row, _, _ in entries)
        row, column, data = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size)
        end = 0
        for at, of, coefficient in entries:
            here = slice(end, end := end + len(at))
            row[here], column[here], data[here] = at, of, coefficient
        return sp.coo_array((data, (row, column)), shape=(rows, columns)).tocsc()
