"""Ideas: what the search is made of, each of which a benchmark can leave out to show what it is worth."""

import os

IDEAS = (
    "decomposition", "strengthening", "compile at once", "mix", "chains", "rebuilding", "groups", "both cores",
)  # fmt: skip
VARIABLE = "REPLENISH_WITHOUT"


def used(idea: str) -> bool:
    """Whether an idea is used: all are, unless the environment variable leaves it out.

    Raises:
        ValueError: the variable names an idea that there is not.
    """
    left_out = {name.strip() for name in os.environ.get(VARIABLE, "").split(",") if name.strip()}
    if unknown := left_out - set(IDEAS):
        raise ValueError(f"{VARIABLE} names {', '.join(sorted(unknown))}; there are {', '.join(IDEAS)}")
    return idea not in left_out
