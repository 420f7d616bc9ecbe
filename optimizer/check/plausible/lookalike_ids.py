"""Lookalike ids: two ids of one table that differ only in case, leading zeros, spaces or punctuation."""

from collections.abc import Iterator

from models.findings import Finding, warning
from models.instance import Instance
from models.tables import Kind
from optimizer.read.spelling import normal


def look(instance: Instance) -> Iterator[Finding]:
    """The later one of each two, in tables with a single id as their key."""
    for name, records in instance.tables.items():
        key = records.table.key
        if len(key) != 1 or key[0].kind is not Kind.TEXT:
            continue
        seen: dict[str, str] = {}
        for row, text in enumerate(records[key[0].name]):
            earlier = seen.setdefault(_folded(text), text)
            if earlier != text:
                message = f"'{text}' and '{earlier}' are two {name}; are they one and the same?"
                yield warning("lookalike ids", message, table=name, row=row, column=key[0].name, value=text)


def _folded(text: str) -> str:
    """What lookalikes share: numbers in it keep their digits apart, so that 1-12 and 11-2 stay two."""
    return " ".join(
        normal(part) for part in text.replace("-", " ").replace("_", " ").replace(".", " ").replace("/", " ").split()
    )
