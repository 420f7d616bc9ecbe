"""TOML page: a settings file as a dict, and the line on which each key stands."""

import tomllib
from typing import Any

from optimizer.read.located import Findings

LARGEST_FILE = 1_000_000  # bytes of instance.toml
MOST_DOTS = 1_000  # of a line: a key of 50,000 parts takes gigabytes and minutes to parse


class Page:
    """The text of a settings file, to find the line of a key."""

    def __init__(self, where: str, text: str = "") -> None:
        self.where = where
        self.lines = text.splitlines()

    def line(self, section: str, key: str) -> int | None:
        """Line of a key; None where it is not found."""
        current = ""
        for number, line in enumerate(self.lines, start=1):
            words = line.strip()
            if words.startswith("["):
                current = words.strip("[] \t").split("]")[0].strip()
                if not key and current == section:
                    return number
            left = words.partition("=")[0].strip().strip("\"'")
            if (current == section and left == key) or (not current and left == f"{section}.{key}"):
                return number
        return None


def parse(data: bytes, where: str, findings: Findings) -> dict[str, Any] | None:
    """TOML as a dict; None, with a fault at its line, where it is none."""
    if len(data) > LARGEST_FILE:
        findings.fault(
            "settings", f"the file is larger than {LARGEST_FILE:,} bytes; it should hold settings only", where
        )
        return None
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        findings.fault(
            "encoding", "the text is not UTF-8; save the file as UTF-8", where, data.count(b"\n", 0, error.start) + 1
        )
        return None
    for number, long in enumerate(text.split("\n"), start=1):
        if long.count(".") > MOST_DOTS:
            findings.fault("settings", "keys are nested too deeply", where, number)
            return None
    try:
        return tomllib.loads(text)
    except RecursionError:
        findings.fault("settings", "brackets are nested too deeply", where)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).partition(" (at ")
        line = place.removeprefix("line ").partition(",")[0]
        row = int(line) if line.isdigit() else None
        shown = text.splitlines()[row - 1].strip() if row and row <= len(text.splitlines()) else ""
        hint = 'texts stand in quotation marks (name = "Mainz"), dates are 2026-11-23, numbers have a decimal point'
        findings.fault(
            "settings",
            f"'{shown}' is not a setting ({reason[:1].lower()}{reason[1:]}); {hint}",
            where,
            row,
            value=shown,
        )
    except ValueError:
        findings.fault("settings", "a number has thousands of digits", where)
    return None
