"""Text: figures and names as a planner reads them."""

from collections.abc import Mapping

from models.tables import Column


def amount(value: float, places: int | None = None) -> str:
    """A number with thousands apart and so many decimals; by default two, or none from 1,000 on and for whole ones."""
    if places is None:
        places = 0 if abs(value) >= 1000 or float(value).is_integer() else 2
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if not any(sign in text for sign in "123456789") else text


def dearest_first(accounts: Mapping[str, float]) -> list[tuple[str, float]]:
    """Accounts that have money on them, those with most first."""
    return sorted(((name, money) for name, money in accounts.items() if money), key=lambda one: (-abs(one[1]), one[0]))


def counted(count: int, thing: str, things: str = "") -> str:
    """`1 line`, `2,000 lines`."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def percent(share: float) -> str:
    """A share as per cent; small ones with more places, and nothing that is above 0 becomes 0."""
    value = 100 * share
    if value and abs(value) < 0.01:
        return "<0.01%"
    return f"{value:.2f}%" if abs(value) < 1 else f"{value:.1f}%"


def duration(seconds: float) -> str:
    """Seconds as `8 s`, `2 min 05 s`, `1 h 04 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def printable(name: object) -> str:
    """A name without signs that could steer a terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(name))


def note(column: Column, currency: str) -> str:
    """What a header says when asked: the meaning, and the unit with the currency put in."""
    unit = "the item's unit" if column.unit == "unit" else column.unit.replace("money", currency)
    return f"{column.about} [{unit}]" if unit else column.about
