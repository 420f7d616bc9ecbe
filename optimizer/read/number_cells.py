"""Numbers in cells: decimal numbers as the dialect writes them, and what to say of any other text."""

import math
import re
from decimal import Decimal

from models.tables import Column, Kind
from optimizer.read.source import Dialect

LARGEST = 1e15  # above it, a float no longer counts single units
LARGEST_EXPONENT = 30

_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_SIMPLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_SPACES = " \u00a0\u202f\u2009"
_MARKS = str.maketrans("", "", _SPACES + "'’_")
_SIGNS = re.compile(r"[€$£¥₹%]|\b(?:EUR|USD|GBP|CHF|JPY|CNY|INR|KES|ZAR)\b", re.IGNORECASE)


def parse(text: str, dialect: Dialect) -> tuple[str, float] | None:
    """Canonical text and value of a number; None where it is none.

    A minus may be Unicode's, or stand behind the number as SAP writes it. Thousands separators are read only where the
    dialect names them, and only where every group has three digits.
    """
    if _SIMPLE.fullmatch(text) and text != "-0":
        return text, float(text)
    text = text.replace("−", "-").removeprefix("+")
    if text.endswith("-") and not text.startswith("-"):
        text = "-" + text[:-1]
    if dialect.thousands:
        text = _without_groups(text, dialect)
    if dialect.decimal != ".":
        if "." in text:
            return None
        text = text.replace(dialect.decimal, ".")
    if not _NUMBER.fullmatch(text):
        return None
    return _canonical(text)


def _without_groups(text: str, dialect: Dialect) -> str:
    marks = _SPACES if dialect.thousands == " " else "'’" if dialect.thousands == "'" else dialect.thousands
    mark = f"[{re.escape(marks)}]"
    grouped = re.compile(rf"-?[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+(?:{re.escape(dialect.decimal)}[0-9]*)?")
    return re.sub(mark, "", text) if grouped.fullmatch(text) else text


def _canonical(text: str) -> tuple[str, float] | None:
    value = float(text)
    if not math.isfinite(value):
        return text, value  # its size is complained of
    number = Decimal(text)
    if abs(number.adjusted()) > LARGEST_EXPONENT:
        return (text, value) if value >= LARGEST or value <= -LARGEST else ("0", 0.0)
    plain = f"{number:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if not number:
        plain = "0"
    negative = plain.startswith("-")
    whole = plain.lstrip("-").lstrip("0") or "0"
    whole = "0" + whole if whole.startswith(".") else whole
    return ("-" if negative else "") + whole, value


def complaint(text: str, column: Column, dialect: Dialect) -> str:
    """What to say of a text that is no number of this dialect, with the number that was probably meant."""
    kind = f"a whole number of {column.unit}" if column.kind is Kind.COUNT and column.unit else f"a {column.kind.value}"
    start = f"'{text if len(text) <= 40 else text[:39] + '…'}' is not {kind}"
    if text.lower().strip("+-") in ("inf", "infinity", "nan", "∞"):
        return f"{start} that can be counted with"
    readings = _readings(text)
    if not readings:
        return start
    if text.endswith("%"):
        readings = [(number / 100, "") for number, _ in readings]
    whole = column.kind is Kind.COUNT
    wanted = " or ".join(dict.fromkeys(str(math.ceil(n)) if whole else write(n, dialect) for n, _ in readings))
    hints = {hint for _, hint in readings if hint and not whole and dialect.settable and not _is_set(hint, dialect)}
    setting = f", or set {' or '.join(sorted(hints, reverse=True))} under [read]" if hints else ""
    return f"{start}; write {wanted}{setting}"


def _is_set(hint: str, dialect: Dialect) -> bool:
    return hint in (f'decimal = "{dialect.decimal}"', f'thousands = "{dialect.thousands}"')


def _readings(text: str) -> list[tuple[Decimal, str]]:
    """Numbers that a text may mean, each with the setting under which it would be read so."""
    bare = _SIGNS.sub("", text).strip(_SPACES)
    digits = bare.translate(_MARKS).replace("−", "-")
    if digits.endswith("-"):
        digits = "-" + digits[:-1]
    if not re.fullmatch(r"[+-]?[0-9.,]*[0-9][0-9.,]*", digits):
        return []
    marks = [char for char in digits if char in ".,"]
    if not marks:
        mark = next((char for char in bare if char in _SPACES + "'’"), "")
        spelled = "'" if mark in ("'", "’") else " "
        return [(Decimal(digits), f'thousands = "{spelled}"' if mark else "")]
    return _by_marks(digits, marks)


def _by_marks(digits: str, marks: list[str]) -> list[tuple[Decimal, str]]:
    """Readings of digits with points or commas among them."""
    last = marks[-1]
    other = "." if last == "," else ","
    sign = re.escape(last)
    joined = digits.replace(last, "")
    readings = []
    if len(set(marks)) == 2 and marks.count(last) == 1:
        hint = f'decimal = "{last}" and thousands = "{other}"'
        readings.append((Decimal(digits.replace(other, "").replace(last, ".")), hint))
    elif len(set(marks)) == 1:
        if re.fullmatch(rf"[+-]?[1-9][0-9]{{0,2}}(?:{sign}[0-9]{{3}})+", digits):
            readings.append((Decimal(joined), f'thousands = "{last}"'))
        if len(marks) == 1:
            readings.append((Decimal(digits.replace(last, ".")), f'decimal = "{last}"'))
    return readings


def write(number: Decimal, dialect: Dialect) -> str:
    """A number as the dialect writes it."""
    plain = f"{number:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", dialect.decimal)


def not_whole(text: str, value: float, column: Column) -> str:
    """What to say of a fraction where a whole number is needed: time is rounded up, as lead times are."""
    unit = f" of {column.unit}" if column.unit else ""
    return f"'{text}' is not a whole number{unit}; write {math.ceil(value)}"


def beyond(text: str, value: float, column: Column) -> str:
    """What to say of a number beyond the column's limits; "" where it is within."""
    unit = f" ({column.unit})" if column.unit else ""
    least, most = column.minimum, column.maximum
    said = ""
    if least is not None and column.positive and value <= least:
        said = f"'{text}' must be above {least:g}{unit}"
    elif least is not None and value < least:
        negative = least == 0 and value < 0
        said = f"'{text}' is negative; write 0 or more{unit}" if negative else f"'{text}' is below {least:g}{unit}"
    elif most is not None and value > most:
        said = f"'{text}' is above {most:g}{unit}, the most allowed"
    return said
