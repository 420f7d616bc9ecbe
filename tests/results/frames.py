"""Text tables as DataFrames of texts, as a notebook would hand them over."""

from collections.abc import Mapping, Sequence

import pandas as pd


def frames(tables: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, pd.DataFrame]:
    """One DataFrame a table, every cell a text."""
    return {name: pd.DataFrame({k: list(v) for k, v in table.items()}, dtype=object) for name, table in tables.items()}
