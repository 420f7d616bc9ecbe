"""A violation: one thing about a plan that is not as it must be, told to the planner."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Where it is, what it is about, what was found and what should have been; `str()` is the sentence for people.

    `row` counts as an editor does, the header being row 1; it is None where a row is missing or no single one is wrong.
    `rule` is a name such as `minimum_order`; ids and periods (first days) are as in the files, empty where they do not
    apply.
    """

    rule: str
    file: str
    message: str
    row: int | None = None
    item: str = ""
    supplier: str = ""
    customer: str = ""
    location: str = ""
    period: str = ""
    found: str = ""
    expected: str = ""

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        names = ("item", "supplier", "customer", "location", "period")
        about = ", ".join(f"{name} {getattr(self, name)}" for name in names if getattr(self, name))
        figures = "; ".join(f"{name} {getattr(self, name)}" for name in ("found", "expected") if getattr(self, name))
        return ": ".join(text for text in (place, about, self.message, figures) if text) + f" [{self.rule}]"


def show(amount: Fraction) -> str:
    """A number for people: a plain decimal of at most 9 places."""
    text = f"{round(amount * 10**9):+011d}"
    whole, places = text[1:-9], text[-9:].rstrip("0")
    sign = "-" if text.startswith("-") else ""
    return sign + whole + ("." + places if places else "")
