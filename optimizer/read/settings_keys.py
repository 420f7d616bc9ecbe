"""Settings' keys: those of the engine itself, with what is allowed; other sections belong to the parts."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from optimizer.read.date_cells import iso_day

MOST_PERIODS = 2_000


def _day(value: object) -> object:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        day = iso_day(value.strip())
        if day is None:
            raise ValueError
        return day
    return value


def _within_reach(day: date) -> date:
    if not 1900 <= day.year <= 2200:
        raise ValueError
    return day


def path_component(name: str) -> str:
    """A name that can be a folder, as it is.

    Raises:
        ValueError: it cannot be one on some system, or would climb out of its folder.
    """
    if (
        not name.isprintable()
        or set(name) & set('/\\:*?"<>|')
        or name.startswith(".")
        or name != name.strip()
        or not name
    ):
        raise ValueError
    return name


def _encoding(name: str) -> str:
    try:
        "a".encode(name).decode(name)
    except (LookupError, UnicodeError, ValueError) as error:
        raise ValueError from error
    return name


def _tells_the_day(form: str) -> str:
    day = datetime(2026, 11, 23)
    if form and datetime.strptime(day.strftime(form), form) != day:
        raise ValueError
    return form


class Section(BaseModel):
    """Keys of one section; those it does not know are told elsewhere."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


class Solve(Section):
    """`[solve]`: when to stop, on how many threads, and in which formulation."""

    gap: float = Field(0.01, ge=0, lt=1, description="a share from 0 to below 1, such as 0.01")
    time_limit: float = Field(300.0, gt=0, le=1e7, description="a number of seconds above 0")
    threads: int | None = Field(None, ge=1, le=1024, description="a whole number of threads, 1 or more")
    formulation: Literal["auto", "plain", "tight"] = Field("auto", description='"auto", "plain" or "tight"')
    seed: int = Field(0, ge=0, le=2**31 - 1, description="a whole number from 0 to 2147483647")


class Read(Section):
    """`[read]`: how CSV files are written."""

    delimiter: str = Field(",", pattern=r'^[^\w\s"\'.\-+]$|^\t$', description='one character, such as ";" or "\\t"')
    decimal: Literal[".", ","] = Field(".", description='"." or ","')
    thousands: Literal["", ".", ",", "'", " "] = Field("", description='"", ".", ",", "\'" or " "')
    date_format: Annotated[str, AfterValidator(_tells_the_day)] = Field(
        "", description='a format that tells day, month and year, such as "%d.%m.%Y"'
    )
    encoding: Annotated[str, AfterValidator(_encoding)] = Field(
        "utf-8", description='a known encoding, such as "utf-8" or "cp1252"'
    )
    trim: bool = Field(False, description="true or false")


class Horizon(Section):
    """The keys before the first section."""

    name: Annotated[str, AfterValidator(path_component)] = Field(
        max_length=100, description='a name that can be a folder: no / \\ : * ? " < > |, and no dot in front'
    )
    start: Annotated[date, BeforeValidator(_day), AfterValidator(_within_reach)] = Field(
        description="an ISO date or week, such as 2026-11-23"
    )
    periods: int = Field(ge=1, le=MOST_PERIODS, description=f"a whole number of periods, 1 to {MOST_PERIODS}")
    period: Literal["day", "week", "month"] = Field("week", description='"day", "week" or "month"')
    currency: str = Field("EUR", min_length=1, max_length=10, description='a currency, such as "EUR"')
