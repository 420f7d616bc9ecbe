"""Dates in cells: ISO days and weeks, or days in the format that `[read] date_format` gives."""

import calendar
import re
from datetime import date, datetime, timedelta

from optimizer.read.source import Dialect

FIRST_YEAR = 1900

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_LOOSE_WEEK = re.compile(
    r"(?:KW|W|week|CW)? ?([0-9]{1,2})[ ./-]+([0-9]{4})|([0-9]{4})[ ./-]*(?:KW|W|week|CW) ?([0-9]{1,2})(?:-[1-7])?", re.I
)
_SERIAL = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]+)?")  # 1954 to 2119, as Excel counts days
_FORMATS = (
    "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d",
    "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y",
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M",
)  # fmt: skip


def iso_day(text: str) -> date | None:
    """Day of an ISO date, or Monday of an ISO week; None for any other text, and for days that do not exist."""
    try:
        if match := _DAY.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _WEEK.fullmatch(text):
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        pass
    return None


def parse(text: str, date_format: str) -> date | None:
    """Day that a cell means; None where it is no date.

    ISO texts are read beside another format, unless that begins with the year: `2026-04-03` must mean one day only.
    """
    if date_format:
        day = _by(text, date_format)
        if day is not None:
            return day
        if date_format.startswith("%Y") and not _WEEK.fullmatch(text):
            return None
    return iso_day(text)


def _by(text: str, date_format: str) -> date | None:
    try:
        return datetime.strptime(text, date_format).date()
    except (ValueError, re.error):
        return None


def complaint(text: str, dialect: Dialect) -> str:
    """What to say of a text that is no date, with the date that was probably meant."""
    wanted = (
        f"a date as {datetime(2026, 11, 23).strftime(dialect.date_format)}" if dialect.date_format else "an ISO date"
    )
    start = f"'{text if len(text) <= 40 else text[:39] + '…'}' is not {wanted}"
    if impossible := _impossible(text):
        return f"'{text}' is no day: {impossible}"
    if _SERIAL.fullmatch(text):
        serial = date(1899, 12, 30) + timedelta(days=int(float(text)))
        return f"{start} but the number by which Excel counts days; write {_write(serial, dialect)}"
    if match := _LOOSE_WEEK.fullmatch(text):
        year, week = (match[2], match[1]) if match[2] else (match[3], match[4])
        return f"{start}; write {year}-W{int(week):02d}"
    readings = [(day, form) for form in _FORMATS if (day := _by(text, form)) is not None and day.year >= FIRST_YEAR]
    if not readings:
        example = datetime(2026, 11, 23)
        return f"{start}; write it as {example.strftime(dialect.date_format or '%Y-%m-%d')} or 2026-W48"
    days = " or ".join(dict.fromkeys(_write(day, dialect) for day, _ in readings))
    formats = " or ".join(f'"{form}"' for _, form in readings)
    setting = f", or set date_format = {formats} under [read]" if dialect.settable and not dialect.date_format else ""
    return f"{start}; write {days}{setting}"


def _write(day: date, dialect: Dialect) -> str:
    return day.strftime(dialect.date_format) if dialect.date_format else day.isoformat()


def _impossible(text: str) -> str:
    """Why a text of ISO form names no day; "" where it does, or has another form."""
    if match := _DAY.fullmatch(text):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        if year == 0:
            return "there is no year 0"
        if not 1 <= month <= 12:
            swapped = (
                f"; write {year:04d}-{day:02d}-{month:02d}"
                if 1 <= day <= 12 and month <= calendar.monthrange(year, day)[1]
                else ""
            )
            return f"there is no month {month}{swapped}"
        days = calendar.monthrange(year, month)[1]
        return "" if 1 <= day <= days else f"{calendar.month_name[month]} {year} has {days} days"
    if (match := _WEEK.fullmatch(text)) and iso_day(text) is None:
        return f"{match[1]} has no week {int(match[2])}"
    return ""
