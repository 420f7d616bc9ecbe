"""Grammar of a change, and what is wrong with one that does not follow it.

change     table [ "[" selection "]" ] "." column  sign  value
           section "." setting  sign  value       or  setting  sign  value      of instance.toml
selection  cell {"," cell}       a cell is KEY, for the key columns in their order, or COLUMN=TEXT
sign       =  +  -  *  /         (*= is *)
value      a number, a share of what is there (10%) after + and -, or after = any text; empty for the default
KEY, TEXT  as in the table; in "…" or '…' where they hold , ] = or quotes
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

SIGNS = "=+-*/"
QUOTES = "\"'"
NAME = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*")
SHAPE = "write table.column=value, table[key].column*1.5 or section.setting=value"
LARGEST = Decimal("1e15")  # above it, a float no longer counts single units


class ChangeRefused(Exception):
    """A change that cannot be made: which one, and what is wrong with it; one sentence."""

    def __init__(self, text: str, wrong: str) -> None:
        super().__init__(f"--set '{text}': {wrong}")


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it was written.

    Attributes:
        text: as written.
        table: or section of `instance.toml`; "" for a setting that stands before the first section.
        column: or setting.
        keys: texts for the key columns, in their order.
        where: further columns and the text that they must have.
        sign: one of `SIGNS`.
        value: what follows it; of a share, the factor.
        selects: whether there were brackets.
    """

    text: str
    table: str
    column: str
    keys: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    sign: str
    value: str
    selects: bool

    @property
    def number(self) -> Decimal:
        """The value of a change that reckons."""
        return Decimal(self.value)

    def refused(self, wrong: str) -> ChangeRefused:
        """The error that says what is wrong."""
        return ChangeRefused(self.text, wrong)

    def of(self, table: str, **more: Any) -> "Change":
        """The same change to another table, or with other keys."""
        known = {name: getattr(self, name) for name in self.__slots__}
        return Change(**{**known, "table": table, **more})


def parsed(text: str) -> Change:
    """A change, by its shape; whether the tables have what it names is seen when it is applied.

    Raises:
        ChangeRefused: it has another shape.
    """
    name, place = _name(text, 0)
    selection, selects = list[tuple[str, str]](), text[place : place + 1] == "["
    if selects:
        selection, place = _selection(text, place + 1)
    table, column = "", name
    if text[place : place + 1] == ".":
        table = name
        column, place = _name(text, place + 1)
    elif selects:
        raise ChangeRefused(text, f"after the brackets comes .column; {SHAPE}")
    sign = text[place : place + 1]
    if not sign or sign not in SIGNS:
        found = f"'{text[place:].strip()[:20]}'" if text[place:].strip() else "nothing"
        raise ChangeRefused(text, f"after '{text[:place].strip()}' comes one of = + - * /, not {found}; {SHAPE}")
    rest = text[place + 1 :]
    sign, value = _reckons(text, sign, rest[1:] if sign != "=" and rest.startswith("=") else rest)
    keys = tuple(cell for column, cell in selection if not column)
    where = tuple((column, cell) for column, cell in selection if column)
    return Change(text, table, column, keys, where, sign, value, selects)


def _name(text: str, place: int) -> tuple[str, int]:
    found = NAME.match(text, place)
    if found is None:
        before = f" after '{text[:place].strip()}'" if text[:place].strip() else ""
        raise ChangeRefused(text, f"a name is missing{before}; {SHAPE}")
    return found[1], found.end()


def _reckons(text: str, sign: str, rest: str) -> tuple[str, str]:
    """Sign and value; a share becomes a factor."""
    if sign == "=":
        return sign, _unquoted(rest.strip())
    value, share = rest.strip(), rest.strip().endswith("%")
    try:
        number = Decimal(value.removesuffix("%").strip())
    except InvalidOperation:
        raise ChangeRefused(text, f"'{value}' is no number; after {sign} comes one, with a decimal point") from None
    if not number.is_finite() or abs(number) >= LARGEST:
        raise ChangeRefused(text, f"{value} is no number that can be reckoned with")
    if share:
        if sign in "*/":
            raise ChangeRefused(text, f"a share comes after + or -; write {sign}{number / 100:f}")
        number, sign = 1 + (number if sign == "+" else -number) / 100, "*"
    if sign == "/" and number == 0:
        raise ChangeRefused(text, "nothing can be divided by 0")
    return sign, f"{number:f}"


def _selection(text: str, place: int) -> tuple[list[tuple[str, str]], int]:
    """Columns ("" for a key by its place) and texts, and the place behind the bracket."""
    cells: list[tuple[str, str]] = []
    if "]" not in text[place:]:
        raise ChangeRefused(text, "the bracket [ is not closed")
    while True:
        cell, place, quoted = _cell(text, place)
        column = ""
        if text[place : place + 1] == "=" and not quoted:
            column = cell
            if not NAME.fullmatch(column):
                raise ChangeRefused(text, f"'{column}' is no name of a column; put an id that holds = in quotes")
            cell, place, quoted = _cell(text, place + 1)
        if not cell and not quoted and not column:
            raise ChangeRefused(text, "between the brackets a key is missing; for every row leave the brackets away")
        cells.append((column, cell))
        end = text[place : place + 1]
        if end == "]":
            break
        if end != ",":
            raise ChangeRefused(text, f"after '{cell}' comes , or ]")
        place += 1
    named = [column for column, _ in cells if column]
    if twice := [column for k, column in enumerate(named) if column in named[:k]]:
        raise ChangeRefused(text, f"column {twice[0]} stands twice in the brackets")
    space = re.compile(r"\s*").match(text, place + 1)
    return cells, space.end() if space else place + 1


def _cell(text: str, place: int) -> tuple[str, int, bool]:
    """A text between the brackets, the place behind it, and whether it stood in quotes."""
    while text[place : place + 1].isspace():
        place += 1
    quote = text[place : place + 1]
    if quote and quote in QUOTES:
        end = text.find(quote, place + 1)
        if end == -1:
            raise ChangeRefused(text, f"the quote {quote} is not closed")
        cell, place = text[place + 1 : end], end + 1
        while text[place : place + 1].isspace():
            place += 1
        return cell, place, True
    end = place
    while end < len(text) and text[end] not in ",]=":
        end += 1
    return text[place:end].rstrip(), end, False


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in QUOTES else text
