"""Spelling: which known name a user may have meant."""

import re
from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property

LARGEST_SEARCH = 20_000  # names among which a close match is looked for; more would take seconds for each unknown name


def normal(name: str) -> str:
    """A name without case, spaces, punctuation and leading zeros: what two spellings of one name share."""
    return "".join(char for char in name.casefold() if char.isalnum()).lstrip("0")


def _shape(name: str) -> str:
    """A name with letters and digits that look alike made one: capital I, small L and 1; O and 0."""
    return name.casefold().translate(str.maketrans("oil", "011"))


_NUMBER = re.compile(r"[0-9]{1,20}(?:[.,][0-9]{1,15})?(?:E\+?[0-9]{1,2})?", re.IGNORECASE)


def _as_number(name: str) -> Decimal | None:
    """The number for which a spreadsheet takes a name (`1E5`, `1,00E+05`); None where it is none."""
    return Decimal(name.replace(",", ".")).normalize() if _NUMBER.fullmatch(name) else None


class Names:
    """Names that are known, and the nearest one to a name that is not."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = list(dict.fromkeys(known))

    @cached_property
    def _by_shape(self) -> dict[str, str]:
        return {_shape(name): name for name in reversed(self.known)}

    @cached_property
    def _by_normal(self) -> dict[str, str]:
        return {normal(name): name for name in reversed(self.known)}

    @cached_property
    def _by_number(self) -> dict[Decimal | None, str]:
        return {_as_number(name): name for name in reversed(self.known)}

    def same(self, name: str) -> str:
        """The known name that differs only in case, spaces, punctuation or leading zeros; "" if there is none."""
        return self._by_normal.get(normal(name), "") if normal(name) else ""

    def nearest(self, name: str, cutoff: float = 0.6) -> str:
        """The known name that is most like this one; "" if none is close."""
        if same := self.same(name) or self._by_shape.get(_shape(name), ""):
            return same
        if (number := _as_number(name)) is not None and number in self._by_number:
            return self._by_number[number]
        near = self.known
        if len(near) > LARGEST_SEARCH or len(name) > 100:
            return ""
        by_case = {known.casefold(): known for known in near}
        found = get_close_matches(name.casefold(), by_case, n=1, cutoff=cutoff)
        return by_case[found[0]] if found else ""

    def did_you_mean(self, name: str) -> str:
        """`; did you mean 'x'?`, or "" where nothing is close."""
        near = self.nearest(name)
        return f"; did you mean '{near}'?" if near else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or "" where nothing is close."""
    return Names(known).did_you_mean(name)


def first_repeated(names: Iterable[str]) -> str | None:
    """The first name that stood before; None where all differ. Empty ones are not compared."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        if name:
            seen.add(name)
    return None


def listed(names: Iterable[str], limit: int = 8) -> str:
    """`a, b, c`, cut after `limit` names."""
    names = list(names)
    return ", ".join(names[:limit]) + (f", … ({len(names)} in all)" if len(names) > limit else "")
