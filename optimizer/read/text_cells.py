"""Texts in cells: ids that are not what they look like, and choices."""

import re
import unicodedata
from collections.abc import Sequence

from optimizer.read.spelling import did_you_mean

LONGEST_ID = 500  # characters
SHORTENED = "E+"  # in every number that a spreadsheet has shortened
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,2}")


def spaces(text: str, settable: bool) -> str:
    """What to say of an id with spaces round it."""
    kind = "spaces" if text.strip(" ") == text.strip() else "invisible characters"
    trim = ", or write trim = true under [read] to take them off every id" if settable else ""
    return f"'{text}' has {kind} round it, so it is another id than '{text.strip()}'; write '{text.strip()}'{trim}"


def invisible(text: str) -> str:
    """What to say of an id with a character that cannot be seen; "" where there is none."""
    for char in text:
        if not char.isprintable():
            name = f"U+{ord(char):04X}, {unicodedata.name(char, 'a control character').lower()}"
            return f"'{text}' holds a character that cannot be seen ({name}); it makes another id than without"
    return ""


def shortened(text: str) -> str:
    """What to say of an id that a spreadsheet may have shortened; "" for any other."""
    if not _SHORTENED.fullmatch(text):
        return ""
    return f"'{text}' looks like a long number that a spreadsheet has shortened; if it is, export it again as text"


def not_a_choice(text: str, choices: Sequence[str]) -> str:
    """What to say of a text that is none of those allowed."""
    allowed = " or ".join(f"'{choice}'" for choice in choices)
    return f"'{text}' is not {allowed}{did_you_mean(text, choices)}"
