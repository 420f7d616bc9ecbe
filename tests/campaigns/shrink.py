"""Make a failing instance smaller: drop tables, ids, rows, columns, periods, settings while it still fails.

    python -m tests.campaigns.shrink INSTANCE --check audited -o smaller

The check is that of a campaign (`audited`, `rules`, `roads`, …); a folder under tests/regressions says its own. What
is left still fails in the same words, numbers and ids aside. Whoever drops an item drops all rows that name it, so
references stay whole; what becomes no instance at all is no failure, and is not kept.

Source: Zeller & Hildebrandt (2002), Simplifying and isolating failure-inducing input, IEEE TSE 28(2): ddmin.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from models import schema
from tests.campaigns import regressions
from tests.campaigns.campaign import again
from tests.campaigns.drawn.rule import Drawn

Part = TypeVar("Part")
Fails = Callable[[Drawn], bool]
MASTERS = {"items": "item", "suppliers": "supplier", "customers": "customer", "locations": "location"}


class TimeIsOver(Exception):
    """No more tries."""


def ddmin(parts: Sequence[Part], fails: Callable[[Sequence[Part]], bool]) -> Sequence[Part]:
    """Parts of which none can be left out alone; `fails` of all of them is known to be true."""
    kept, pieces = list(parts), 1
    while kept:
        size = -(-len(kept) // pieces)
        for start in range(0, len(kept), size):
            rest = kept[:start] + kept[start + size :]
            if fails(rest):
                kept, pieces = rest, max(pieces - 1, 1)
                break
        else:
            if size == 1:
                break
            pieces = min(2 * pieces, len(kept))
    return kept


class _Shrinking:
    """The smallest instance so far; every attempt that fails as well takes its place."""

    def __init__(self, drawn: Drawn, fails: Fails, seconds: float, tell: Callable[[str], None]) -> None:
        self.drawn, self._fails, self._tell = drawn, fails, tell
        self._until, self.tries = time.monotonic() + seconds, 0

    def run(self) -> None:
        before = None
        while before != (self.drawn.tables, self.drawn.settings):
            before = self.drawn.copy().tables, dict(self.drawn.settings)
            for step in (self.tables, self.ids, self.columns, self.periods, self.rows, self.settings, self.cells):
                step()
                self._tell(f"{size_of(self.drawn)} after {step.__name__}, {self.tries} tries")

    def fails(self, attempt: Drawn) -> bool:
        if time.monotonic() > self._until:
            raise TimeIsOver
        self.tries += 1
        if not self._fails(attempt.copy()):
            return False
        self.drawn = attempt
        return True

    def tables(self) -> None:
        drawn = self.drawn
        ddmin(list(drawn.tables), lambda kept: self.fails(_of(drawn, {name: drawn.tables[name] for name in kept})))

    def ids(self) -> None:
        for master, kind in MASTERS.items():
            drawn, ids = self.drawn, self.drawn.ids(kind)
            if len(ids) > 1:
                ddmin(ids, partial(self._still, drawn, master, ids))

    def _still(self, drawn: Drawn, master: str, ids: Sequence[str], kept: Sequence[str]) -> bool:
        return self.fails(without(drawn, master, set(ids) - set(kept)))

    def _still_with_rows(self, drawn: Drawn, name: str, kept: Sequence[int]) -> bool:
        return self.fails(_with_rows(drawn, name, kept))

    def columns(self) -> None:
        drawn = self.drawn
        places = [(name, column) for name, of in drawn.tables.items() for column in of]
        ddmin(places, lambda kept: self.fails(_with_columns(drawn, set(kept))))

    def rows(self) -> None:
        for name in list(self.drawn.tables):
            drawn = self.drawn
            ddmin(range(rows_of(drawn, name)), partial(self._still_with_rows, drawn, name))

    def periods(self) -> None:
        for fewer in range(1, int(self.drawn.settings.get("periods", 1))):
            if self.fails(_with_setting(self.drawn, "periods", fewer)):
                return

    def settings(self) -> None:
        drawn = self.drawn
        places = [
            (name, key)
            for name, value in drawn.settings.items()
            for key in (value if isinstance(value, dict) else [""])
        ]
        ddmin(places, lambda kept: self.fails(_with_settings(drawn, set(kept))))

    def cells(self) -> None:
        """Empty cells, and shorter numbers in those that are left."""
        for name, of in list(self.drawn.tables.items()):
            for column in list(of):
                for row in range(rows_of(self.drawn, name)):
                    self._shorter(name, column, row)

    def _shorter(self, name: str, column: str, row: int) -> None:
        cell = self.drawn.tables[name][column][row]
        for other in dict.fromkeys(["", *_shorter_numbers(cell)]):
            if other == cell:
                return
            attempt = self.drawn.copy()
            attempt.tables[name][column][row] = other
            if self.fails(attempt):
                return


def smaller(
    drawn: Drawn, fails: Fails, seconds: float = 600, tell: Callable[[str], None] = lambda words: None
) -> Drawn:
    """An instance that fails as well, and of which little can be left out; after `seconds` what there is by then.

    Raises:
        ValueError: it does not fail.
    """
    if not fails(drawn.copy()):
        raise ValueError("the instance does not fail")
    shrinking = _Shrinking(drawn, fails, seconds, tell)
    try:
        shrinking.run()
    except (TimeIsOver, KeyboardInterrupt):
        tell("stopped before nothing more could be left out")
    return shrinking.drawn


def smaller_with(
    drawn: Drawn, check: str, number: int, wrong: str, seconds: float, tell: Callable[[str], None] = lambda words: None
) -> Drawn:
    """As `smaller`, by the check of a campaign, in the same words; the instance itself where that does not fail."""

    def fails(attempt: Drawn) -> bool:
        return any(_alike(text) == _alike(wrong) for text in again(check, attempt, number))

    try:
        return smaller(drawn, fails, seconds, tell)
    except ValueError:
        return drawn


def without(drawn: Drawn, master: str, gone: set[str]) -> Drawn:
    """The instance without some ids of a master table, and without all rows that name one of them."""
    tables = {}
    for name, of in drawn.tables.items():
        declared = schema.tables().get(name)
        naming = {MASTERS[master]} if name == master or declared is None else set()
        naming |= {column.name for column in (declared.all_columns if declared else ()) if column.refers == master}
        naming |= {MASTERS[master]}
        kept = [
            row
            for row in range(rows_of(drawn, name))
            if not any(of[column][row] in gone for column in naming & set(of))
        ]
        tables[name] = {column: [cells[row] for row in kept] for column, cells in of.items()}
    return _of(drawn, tables)


def rows_of(drawn: Drawn, name: str) -> int:
    """Rows of a table."""
    return len(next(iter(drawn.tables[name].values()), []))


def size_of(drawn: Drawn) -> str:
    """How large an instance is, in words."""
    cells = sum(cell != "" for of in drawn.tables.values() for cells in of.values() for cell in cells)
    return f"{len(drawn.tables)} tables, {sum(rows_of(drawn, name) for name in drawn.tables)} rows, {cells} cells"


def _of(drawn: Drawn, tables: dict[str, dict[str, list[str]]]) -> Drawn:
    return Drawn(tables, drawn.settings)


def _with_columns(drawn: Drawn, kept: set[tuple[str, str]]) -> Drawn:
    tables = {
        name: {column: cells for column, cells in of.items() if (name, column) in kept}
        for name, of in drawn.tables.items()
    }
    return _of(drawn, {name: of for name, of in tables.items() if of})


def _with_rows(drawn: Drawn, name: str, kept: Sequence[int]) -> Drawn:
    of = drawn.tables[name]
    return _of(drawn, drawn.tables | {name: {column: [cells[row] for row in kept] for column, cells in of.items()}})


def _with_setting(drawn: Drawn, name: str, value: object) -> Drawn:
    return Drawn(drawn.tables, drawn.settings | {name: value})


def _with_settings(drawn: Drawn, kept: set[tuple[str, str]]) -> Drawn:
    settings: dict[str, Any] = {}
    for name, value in drawn.settings.items():
        if isinstance(value, dict):
            section = {key: one for key, one in value.items() if (name, key) in kept}
            settings |= {name: section} if section else {}
        elif (name, "") in kept:
            settings[name] = value
    return Drawn(drawn.tables, settings)


def _shorter_numbers(cell: str) -> Iterator[str]:
    try:
        value = float(cell)
    except ValueError:
        return
    for other in ("0", "1", str(round(value)) if abs(value) < 1e15 else "1"):
        if len(other) < len(cell) or (other in "01" and cell not in "01"):
            yield other


def _alike(text: str) -> str:
    """The beginning of what was told, without what is this instance's own."""
    return " ".join(re.sub(r"'[^']*'|\"[^\"]*\"|[^A-Za-z:' ]+", " ", text).split())[:50]


def main(argv: Sequence[str] | None = None) -> int:
    """Make an instance smaller from the command line; 1 where it does not fail."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance", type=Path, metavar="INSTANCE", help="a folder of plain CSV tables")
    parser.add_argument("--check", help="the campaign whose check fails [default: that of its case.toml]")
    parser.add_argument("--number", type=int, help="number of the case [default: that of its case.toml, else 1]")
    parser.add_argument("-o", "--output", type=Path, help="where the smaller one goes [default: INSTANCE-smaller]")
    parser.add_argument("--seconds", type=float, default=600, help="that it may take (600)")
    asked = parser.parse_args(argv)
    drawn, case = regressions.read(asked.instance)
    check = asked.check or (case.check if case else None)
    if check is None:
        parser.error("say which check fails: --check")
    number = asked.number if asked.number is not None else case.number if case else 1
    wrong = again(check, drawn, number)
    if not wrong:
        print(f"{asked.instance} does not fail {check}", file=sys.stderr)
        return 1
    print(f"{size_of(drawn)}: {wrong[0][:300]}", file=sys.stderr)
    found = smaller_with(
        drawn, check, number, wrong[0], asked.seconds, lambda words: print(words, file=sys.stderr, flush=True)
    )
    out = asked.output or asked.instance.with_name(f"{asked.instance.name}-smaller")
    regressions.write(out, found, regressions.Case(check, number, again(check, found, number)[0]))
    print(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
