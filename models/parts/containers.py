"""Containers: what is ordered from a supplier comes in whole containers or pallets.

Decides     containers[s,l,o,k] in {0,1,2,…}   containers of kind k of what is ordered from s for l in period o
Subject to  container_room     Σ_i a_id · ordered[i,s,l,o]  <=  Σ_k A_kd · containers      d: volume, weight
            container_fill     Σ_i a_id · ordered[i,s,l,o]  >=  Σ_k f_kd · containers
Costs       freight  c_k · containers

a `unit_volume`, `unit_weight` of table `items`; A `volume_capacity`, `weight_capacity`, f `minimum_volume`,
`minimum_weight`, c `cost` of table `containers`. Volume and weight are counted over all containers of an order, as if
goods could be spread over them at will; how they are stowed is not planned. A kind without a capacity takes any amount.

A minimum fill is a reason to buy more than is needed: at most that of one container, for with more of them than goods
need one could stay away. It is held below `SENSIBLE` times that where a pack may not fit between minimum and capacity,
and below so many times all containers that needs fill where volume may fill them and weight must, or the reverse.

Source: transport costs by truckload in lot sizing: Pochet & Wolsey (2006), Production Planning by Mixed Integer
Programming, ch. 10 (modular capacities); Mendoza & Ventura (2008), EJOR 187(1).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Values
from models.entities import ITEMS, UNIT_VOLUME, UNIT_WEIGHT
from models.findings import Finding, fault, warning
from models.instance import Array, Codes, Figures, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.orders import OrderLines, common_grain, order_lines, total
from models.part import Move, Part, Scope
from models.tables import Column, Kind, Result, Table, date, money, number, text

CONTAINERS = Table(
    "containers",
    "Containers or pallets in which a supplier delivers: one row per supplier and kind. No row: as it comes.",
    key=(
        text("supplier", "The supplier.", refers="suppliers", example="ACME"),
        text("container", "Name of the kind.", default="", default_text="the only one", example="20 ft"),
    ),
    columns=(
        number("volume_capacity", "Room in it.", unit="unit of volume", default=None, positive=True, example="33"),
        number("weight_capacity", "What it may carry.", unit="unit of weight", default=None, positive=True),
        number("minimum_volume", "It is filled with at least this volume.", unit="unit of volume", default=0.0),
        number("minimum_weight", "It is filled with at least this weight.", unit="unit of weight", default=0.0),
        money("cost", "Cost of bringing it, however full.", per="container", default=0.0, example="900"),
    ),
    optional=True,
)
MEASURES = ("volume", "weight")
SENSIBLE = 10.0


class Containers(Part):
    """Orders in whole containers."""

    scope = Scope.SHARED
    needs = (CONTAINERS, ITEMS.with_columns(UNIT_VOLUME, UNIT_WEIGHT))
    limits = (
        Limit("containers", "minimum_volume", "containers of at least {} of volume"),
        Limit("containers", "minimum_weight", "containers of at least {} of weight"),
    )
    uses = ("ordered",)
    gives = (
        Result(
            "containers",
            "Containers of each order: one row per supplier, location, order period and kind.",
            (
                text("supplier", "From whom."),
                text("location", "For which location."),
                date("order_period", "First day of the period in which the order is placed."),
                text("container", "The kind."),
                Column("number", Kind.COUNT, "How many."),
                money("cost", "What they cost."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Containers that hold something, and can be filled; goods that take room in them."""
        rows = instance["containers"]
        for k in range(len(rows)):
            if all(np.isnan(rows[f"{measure}_capacity"][k]) for measure in MEASURES):
                message = "it would take any amount: fill volume_capacity or weight_capacity"
                yield _at(k, "container without a capacity", message, "volume_capacity")
            for measure in MEASURES:
                least, most = rows[f"minimum_{measure}"][k], rows[f"{measure}_capacity"][k]
                if least > most:
                    message = f"minimum_{measure} is above {measure}_capacity ({most:.10g}): it could never be filled"
                    yield _at(k, "maximum below minimum", message, f"minimum_{measure}", least)
        supplier, item = instance.codes("sourcing", "supplier"), instance.codes("sourcing", "item")
        limited = {m: instance.codes("containers", "supplier")[~np.isnan(rows[f"{m}_capacity"])] for m in MEASURES}
        taking = [np.isin(supplier, limited[m]) & (_load(instance, m)[item] > 0) for m in MEASURES]
        bare = np.isin(supplier, instance.codes("containers", "supplier")) & ~np.logical_or(*taking)
        _, first = np.unique(item[bare], return_index=True)
        for k in np.flatnonzero(bare)[np.sort(first)]:
            yield warning(
                "no room taken",
                f"{instance['sourcing']['supplier'][k]} delivers in containers, and this item takes no room in them: "
                f"fill {' or '.join(f'unit_{m}' for m in MEASURES if supplier[k] in limited[m])}",
                table="items",
                row=int(item[k]),
                column=f"unit_{MEASURES[0] if supplier[k] in limited[MEASURES[0]] else MEASURES[1]}",
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """A minimum fill is a reason to buy more."""
        rows = instance["containers"]
        if not any((rows[f"minimum_{measure}"] > 0).any() for measure in MEASURES):
            return
        book.post("reason", lambda lines: _reason(instance, book, lines))

    def derive(self, instance: Instance, book: Book) -> None:
        """Orders that come in containers, the kinds that they may take, and what lies in them."""
        lines, rows, suppliers = order_lines(book), instance["containers"], instance.codes("containers", "supplier")
        within = np.flatnonzero(np.isin(lines.supplier, suppliers))
        slots, slot = np.unique(
            np.column_stack([lines.supplier, lines.location, lines.period])[within], axis=0, return_inverse=True
        )
        slot = slot.ravel()
        place, kind = np.nonzero(slots[:, :1] == suppliers[None, :])
        book.index("container_kinds", **_slots(slots[place]), container=kind)
        charged = rows["cost"][kind] > 0
        book.subset("charged_containers", "container_kinds", charged)
        book.parameter("container_cost", "charged_containers", rows["cost"][kind[charged]])

        loads, goods, load, room, rooms, least = [], [], [], [], [], []
        for measure, name in enumerate(MEASURES):
            capacity, unit = rows[f"{name}_capacity"], _load(instance, name)[lines.item[within]]
            counts = np.isin(slots[:, 0], suppliers[(capacity > 0) | (rows[f"minimum_{name}"] > 0)])
            mine = counts[slot] & (unit > 0)
            everything = np.bincount(slot, unit * book.values("largest_order")[within], minlength=len(slots))
            loads.append(np.column_stack([slots[counts], np.full(counts.sum(), measure)]))
            goods.append(np.column_stack([within[mine], np.full(mine.sum(), measure)]))
            load.append(unit[mine])
            of = counts[place]
            rooms.append(np.column_stack([np.flatnonzero(of), np.full(of.sum(), measure)]))
            room.append(np.where(np.isnan(capacity[kind[of]]), everything[place[of]], capacity[kind[of]]))
            least.append(rows[f"minimum_{name}"][kind[of]])
        self._relate(
            book, slots[place], kind, *(np.concatenate(one) for one in (loads, goods, load, rooms, room, least))
        )

    def _relate(
        self,
        book: Book,
        slots: Codes,
        kind: Codes,
        loads: Codes,
        goods: Codes,
        load: Figures,
        rooms: Codes,
        room: Figures,
        least: Figures,
    ) -> None:
        lines = order_lines(book).only(goods[:, 0])
        book.index("container_loads", **_slots(loads), measure=loads[:, 3])
        key = {"supplier": lines.supplier, "location": lines.location, "period": lines.period, "measure": goods[:, 1]}
        book.index("container_goods", item=lines.item, **key)
        book.parameter("container_load", "container_goods", load)
        book.relation("goods_in_containers", "container_loads", tuple(key.values()), item=lines.item)
        key = {**_slots(slots[rooms[:, 0]]), "measure": rooms[:, 1]}
        book.index("container_rooms", **key, container=kind[rooms[:, 0]])
        book.parameter("container_capacity", "container_rooms", room)
        book.relation("rooms_of_order", "container_loads", tuple(key.values()), container=kind[rooms[:, 0]])
        filled = least > 0
        book.subset("container_fills", "container_rooms", filled)
        book.parameter("least_fill", "container_fills", least[filled])
        key = {name: codes[filled] for name, codes in key.items()}
        asked = np.unique(np.column_stack(list(key.values())), axis=0)
        book.index("filled_loads", **_slots(asked), measure=asked[:, 3])
        book.relation("fills_of_order", "filled_loads", tuple(key.values()), container=kind[rooms[filled, 0]])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Containers, and what they cost."""
        m.containers = pyo.Var(m.container_kinds, domain=pyo.NonNegativeIntegers)
        ledger.cost("freight", m.container_cost, m.containers)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What is ordered fits, and fills them."""
        m.container_room = pyo.Constraint(
            m.container_loads,
            rule=lambda m, s, l, o, d: (
                sum(
                    m.container_load[i, s, l, o, d] * ledger.total("ordered", m, i, s, l, o)
                    for i in m.goods_in_containers[s, l, o, d]
                )
                <= sum(
                    m.container_capacity[s, l, o, d, k] * m.containers[s, l, o, k] for k in m.rooms_of_order[s, l, o, d]
                )
            ),
        )
        m.container_fill = pyo.Constraint(
            m.filled_loads,
            rule=lambda m, s, l, o, d: (
                sum(
                    m.container_load[i, s, l, o, d] * ledger.total("ordered", m, i, s, l, o)
                    for i in m.goods_in_containers[s, l, o, d]
                )
                >= sum(m.least_fill[s, l, o, d, k] * m.containers[s, l, o, k] for k in m.fills_of_order[s, l, o, d])
            ),
        )

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`containers`."""
        index, rows, labels = book.indexes["container_kinds"], instance["containers"], instance.labels
        taken = values["containers"] > NOISE
        number, kind = np.round(values["containers"][taken]), index["container"][taken]
        return {
            "containers": {
                "supplier": labels["supplier"][index["supplier"][taken]],
                "location": labels["location"][index["location"][taken]],
                "order_period": instance.calendar.first_days().astype(str)[index["period"][taken]],
                "container": rows["container"][kind],
                "number": number,
                "cost": number * rows["cost"][kind],
            }
        }


def _at(row: Any, rule: str, message: str, column: str, value: object = "") -> Finding:
    return fault(rule, message, table="containers", row=int(row), column=column, value=value)


def _load(instance: Instance, measure: str) -> Figures:
    """Volume or weight of a unit of each item."""
    return instance["items"][f"unit_{measure}"]


def _reason(instance: Instance, book: Book, lines: OrderLines) -> Figures:
    """Quantity of each line that fills containers beyond what is needed."""
    rows, supplier, count = instance["containers"], instance.codes("containers", "supplier"), len(instance["suppliers"])
    place = np.column_stack([lines.supplier, lines.location, lines.period])
    slots, slot = np.unique(place, axis=0, return_inverse=True)
    needed = total(book, "need", replace(lines, arrival=lines.period)) + common_grain(book, lines)
    needed = needed + instance["sourcing"]["minimum_quantity"][lines.row]
    wanted, measures, containers = np.zeros(len(lines)), np.zeros(count, np.int64), np.ones(len(slots))
    for name in MEASURES:
        load, capacity = _load(instance, name)[lines.item], np.full(count, np.inf)
        np.fmin.at(capacity, supplier, rows[f"{name}_capacity"])
        measures += np.isfinite(capacity) | (np.bincount(supplier, rows[f"minimum_{name}"], minlength=count) > 0)
        containers += np.ceil(np.bincount(slot.ravel(), load * needed, minlength=len(slots)) / capacity[slots[:, 0]])
        least, slack = np.zeros(count), np.full(count, np.inf)
        np.maximum.at(least, supplier, rows[f"minimum_{name}"])
        np.fmin.at(slack, supplier, rows[f"{name}_capacity"] - rows[f"minimum_{name}"])
        factor = np.where(load * common_grain(book, lines) <= slack[lines.supplier], 1.0, SENSIBLE)
        one = np.where(load > 0, factor * least[lines.supplier] / np.where(load > 0, load, 1.0), 0.0)
        wanted = np.maximum(wanted, one)
    return wanted * np.where(measures[lines.supplier] > 1, SENSIBLE * containers[slot.ravel()], 1.0)


def _slots(slots: Codes) -> dict[str, Codes]:
    return {"supplier": slots[:, 0], "location": slots[:, 1], "period": slots[:, 2]}
