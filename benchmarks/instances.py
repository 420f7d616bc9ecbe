"""Instances of a campaign: of the family, made where they are needed, or folders that are there.

A size is written `1000x12` (items x suppliers), one of the kinds with more rules `rich-1000x12`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks import family

KINDS = "|".join(family.KINDS)
SIZE = re.compile(rf"(?:({KINDS})-)?(\d+)x(\d+)")
NAME = re.compile(rf"family-(?:({KINDS})-)?(\d+)-(\d+)-(\d+)")


@dataclass(frozen=True, order=True)
class Size:
    """How large instances of the family are, and which rules they have besides."""

    items: int
    suppliers: int
    kind: family.Kind = ""

    @classmethod
    def parse(cls, text: str) -> "Size":
        """From `1000x12` or `rich-1000x12`.

        Raises:
            ValueError: it is neither.
        """
        found = SIZE.fullmatch(text.strip())
        if not found:
            raise ValueError(f"{text!r} is no size; write items x suppliers as 1000x12, or rich-1000x12")
        return cls(int(found[2]), int(found[3]), _kind(found[1]))

    def __str__(self) -> str:
        return f"{self.kind}{'-' if self.kind else ''}{self.items}x{self.suppliers}"


@dataclass(frozen=True)
class Instance:
    """An instance by name.

    Attributes:
        name: unique in a campaign.
        folder: of its tables.
        size: of the family; None for any other.
        seed: of the family's random numbers.
    """

    name: str
    folder: Path
    size: Size | None = None
    seed: int = 0

    def make(self) -> None:
        """Write it, if it is one of the family and not there yet."""
        if self.size is not None and not (self.folder / "instance.toml").exists():
            family.write(self.size.items, self.size.suppliers, self.seed, self.folder, self.size.kind)


def of_family(size: Size, seed: int, work: Path) -> Instance:
    """An instance of the family, in a folder for such."""
    name = f"family-{size.kind}{'-' if size.kind else ''}{size.items}-{size.suppliers}-{seed}"
    return Instance(name, work / "instances" / name, size, seed)


def of_folder(folder: Path) -> Instance:
    """An instance that is there."""
    return Instance(folder.resolve().name, folder)


def size_of(name: str) -> Size | None:
    """The size of an instance of the family, from its name; None for any other."""
    found = NAME.fullmatch(name)
    return Size(int(found[2]), int(found[3]), _kind(found[1])) if found else None


def _kind(name: str | None) -> family.Kind:
    return next((kind for kind in family.KINDS if kind == name), "")
