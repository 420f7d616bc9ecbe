"""Warnings for a plan's own list: the first few of each kind, the others counted."""

from collections.abc import Sequence

from optimizer.read import Located

SHOWN = 3


def grouped(findings: Sequence[Located]) -> list[str]:
    """One sentence each for the first findings of every rule and table, then how many more there are like them."""
    counts: dict[tuple[str, str], int] = {}
    sentences = []
    for finding in findings:
        kind = (finding.rule, finding.where)
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= SHOWN:
            sentences.append(str(finding))
    sentences += [
        f"{where}: {count - SHOWN:,} more like these ({rule}); `replenish check` shows them all"
        for (rule, where), count in counts.items()
        if count > SHOWN
    ]
    return sentences
