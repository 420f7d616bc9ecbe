"""Stages: an earlier instance on its way to a later one, one group of changes after the other (see `why`).

What is put in place of what it was must fit the rest: rows of items, suppliers, locations and customers that are new
come with the first table that may name them. Money is taken over in rows that there were before.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from models.tables import Table
from optimizer.compare.rolled import rolled, rows_of
from optimizer.read.changed import Text, changed
from optimizer.read.input import Input
from optimizer.read.located import InputFaults
from optimizer.read.published import Published

STOCK = ("inventory", "open_orders", "batches", "bought_before", "last_plan")
DEMAND = ("demand",)
PRICED = ("price_breaks", "order_discounts")
NAMES = ("items", "suppliers", "locations", "customers")
HORIZON = ("start", "periods")
PASSED_OVER = ("name", "solve", "read", "currency")  # of the settings: they change no cost


def stages(old: Input, new: Input, plan: Published, passed: int) -> Iterator[tuple[str, Input | None]]:
    """The instance after each group of changes; None where what is changed does not fit the rest yet."""
    source = old
    settings = {name: new.settings_text[name] for name in HORIZON if name in new.settings_text}
    if passed or _horizon(old) != _horizon(new):
        found = _tried(_moved_on, old, plan, passed, settings)
        yield "weeks", found
        source = found or source
    for group, tables in (("stock", STOCK), ("demand", DEMAND)):
        found = _tried(_with_tables, source, new, tables)
        yield group, found
        source = found or source
    yield "prices", _tried(_with_prices, source, new)
    yield "supply", new


def _moved_on(source: Input, plan: Published, passed: int, settings: Mapping[str, Any]) -> Input:
    if passed:
        return rolled(source, plan, passed, settings)
    return changed(source, {}, source.settings_text | dict(settings))


def _horizon(source: Input) -> tuple[object, ...]:
    return source.instance.calendar.start, source.instance.calendar.periods


def _tried(make: Callable[..., Input], *given: object) -> Input | None:
    try:
        return make(*given)
    except InputFaults:
        return None


def _with_tables(source: Input, new: Input, names: Sequence[str]) -> Input:
    """Some tables as they are now, and the names that they need."""
    others = [name for name in names if source.text.get(name) != new.text.get(name)]
    tables: dict[str, Text] = {name: new.text.get(name, {}) for name in others}
    if not tables:
        return source
    for name in NAMES:
        if name in source.text and name in new.text:
            grown = _grown(source, new, name)
            if grown is not None:
                tables[name] = grown
    return changed(source, tables)


def _grown(source: Input, new: Input, name: str) -> Text | None:
    """A table that lists names, with those that only the new one has; None where there are none."""
    key = new.instance[name].table.key[0].name
    known = set(source.text[name][key])
    more = [row for row in rows_of(new, name) if row[key] not in known]
    if not more:
        return None
    return {column: [*cells, *(row.get(column, "") for row in more)] for column, cells in source.text[name].items()}


def _with_prices(source: Input, new: Input) -> Input:
    """Money as it is now, in the rows that there were before; tables of nothing but prices whole."""
    tables: dict[str, Text] = {}
    for name, columns in source.text.items():
        if name in PRICED or name in STOCK or name in DEMAND or name not in new.text:
            continue
        table = new.instance[name].table
        priced = [column.name for column in table.columns if column.unit.startswith("money")]
        rows = {_key(table, row): row for row in rows_of(new, name)}
        text = {column: list(cells) for column, cells in columns.items()}
        for k, row in enumerate(rows_of(source, name)):
            now = rows.get(_key(table, row))
            for column in priced if now is not None else ():
                text[column][k] = now[column]  # type: ignore[index]
        if text != columns:
            tables[name] = text
    tables |= {name: new.text.get(name, {}) for name in PRICED if source.text.get(name) != new.text.get(name)}
    costs = [one.settings_text.get("costs", {}) for one in (source, new)]
    if not tables and costs[0] == costs[1]:
        return source
    settings = {**source.settings_text, **({"costs": costs[1]} if costs[0] != costs[1] else {})}
    return changed(source, tables, settings)


def _key(table: Table, row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.get(column.name, "") for column in table.key)


def same(one: Input, other: Input) -> bool:
    """Whether two instances say the same; where and how they are written does not count."""
    return not differing(one, other)


def differing(one: Input, other: Input) -> dict[str, int]:
    """How many rows of each table are in one and not in the other; of settings, how many."""
    found = {}
    for name in dict.fromkeys([*one.text, *other.text]):
        if one.text.get(name) != other.text.get(name):
            left, right = ({tuple(sorted(row.items())) for row in rows_of(source, name)} for source in (one, other))
            found[name] = max(len(left - right), len(right - left))
    settings = [
        {name: value for name, value in source.settings_text.items() if name not in (*PASSED_OVER, *HORIZON)}
        for source in (one, other)
    ]
    count = sum(settings[0].get(name) != settings[1].get(name) for name in {**settings[0], **settings[1]})
    if count or _horizon(one) != _horizon(other):
        found["settings"] = count + (_horizon(one) != _horizon(other))
    return {name: count for name, count in found.items() if count}
