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
    digits = _SIGNS.sub("", text).translate(_MARKS).replace("−", "-")
    if digits.endswith("-"):
        digits = "-" + digits[:-1]
    if not re.fullmatch(r"[+-]?[0-9.,]*[0-9][0-9.,]*", digits):
        return []
    marks = [char for char in digits if char in ".,"]
    grouped_by_space = "" if digits in text or len(set(text) & set(_SPACES + "'’")) == 0 else "thousands"
    if not marks:
        mark = "'" if set(text) & set("'’") else " "
        return [
            (
                Decimal(digits),
                f'thousands = "{mark}"' if grouped_by_space and re.search(rf"[0-9][{_SPACES}'’][0-9]", text) else "",
            )
        ]
    last = marks[-1]
    other = "." if last == "," else ","
    if len(set(marks)) == 2:
        if marks.count(last) > 1:
            return []
        return [
            (Decimal(digits.replace(other, "").replace(last, ".")), f'decimal = "{last}" and thousands = "{other}"')
        ]
    if len(marks) > 1:
        groups = re.fullmatch(rf"[+-]?[0-9]{{1,3}}(?:\{last}[0-9]{{3}})+", digits)
        return [(Decimal(digits.replace(last, "")), f'thousands = "{last}"')] if groups else []
    as_decimal = (Decimal(digits.replace(last, ".")), f'decimal = "{last}"')
    if re.fullmatch(rf"[+-]?[1-9][0-9]{{0,2}}\{last}[0-9]{{3}}", digits):
        return [(Decimal(digits.replace(last, "")), f'thousands = "{last}"'), as_decimal]
    return [as_decimal]


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
