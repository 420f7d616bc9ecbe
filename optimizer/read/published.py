"""Published: a plan's folder, read back whole, and the instance that it was made from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.schema import results
from models.tables import Column, Kind
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.input import Input
from optimizer.read.reading import read
from optimizer.read.source import of_the_machine
from optimizer.read.what_if import applied, parsed


@dataclass(frozen=True)
class Published:
    """A plan as it stands on the disk.

    Attributes:
        folder: where.
        document: `plan.json`.
        run: `run.json`.
    """

    folder: Path
    document: Mapping[str, Any]
    run: Mapping[str, Any]

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Result tables by file stem, with the contract's columns: ids and dates (ISO) as texts, the rest floats.

        A table that the plan does not have is there without rows.
        """
        declared = {result.name: result.columns for result in results()}
        return {name: _table(self.folder / f"{name}.csv", columns) for name, columns in declared.items()}

    def __getattr__(self, name: str) -> pd.DataFrame:
        """A result table by its name: `published.purchase_orders`."""
        if name.startswith("_") or name not in self.tables:
            raise AttributeError(name)
        return self.tables[name]


def published(folder: Path | str) -> Published:
    """A published plan.

    Raises:
        NoEarlierPlan: the folder is no plan, or cannot be read.
        OSError: the machine could not read it.
    """
    folder = Path(folder)
    return Published(folder, _document(folder / "plan.json"), _document(folder / "run.json"))


def instance_of(plan: Published, instance: Path | None = None) -> tuple[Input, list[str]]:
    """The instance of a plan, with the changes of a what-if made again; and its files that are others by now.

    Args:
        plan: a published plan.
        instance: where the instance is; default: where it was.

    Raises:
        NoEarlierPlan: the plan does not say where it was, or it is there no longer.
        InputFaults: it has faults by now.
        ChangeRefused: a change of a what-if can no longer be made.
    """
    where = instance or plan.run.get("instance")
    if where is None:
        raise NoEarlierPlan(f"{plan.folder} does not say which instance it was made from; name it with --instance.")
    if not Path(where).exists():
        raise NoEarlierPlan(f"{plan.folder} was made from {where}, which is not there; name it with --instance.")
    source = read(where)
    then: Mapping[str, str] = plan.run.get("inputs", {})
    source = applied(source, [parsed(change["text"]) for change in plan.run.get("changes", ())])
    return source, sorted(
        name for name in then.keys() | source.hashes.keys() if then.get(name) != source.hashes.get(name)
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise NoEarlierPlan(f"{path.parent} is not a plan: it has no {path.name}.") from None
    except (OSError, ValueError) as error:
        if of_the_machine(error):
            raise
        raise NoEarlierPlan(f"{path} cannot be read: {error}.") from error
    if not isinstance(document, dict):
        raise NoEarlierPlan(f"{path} cannot be read: it holds no entries.")
    return document


def _table(path: Path, columns: tuple[Column, ...]) -> pd.DataFrame:
    numbers = {column.name for column in columns if column.kind in (Kind.NUMBER, Kind.COUNT)}
    kinds = {column.name: float if column.name in numbers else str for column in columns}
    if not path.exists():
        return pd.DataFrame({name: pd.Series(dtype=float if name in numbers else object) for name in kinds})
    try:
        # Byte for byte: an id may be "NA", and an empty cell of a text is a text.
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8")
        for name in numbers & set(frame.columns):
            frame[name] = frame[name].replace("", "nan").astype(float)
    except (OSError, ValueError) as error:
        if of_the_machine(error):
            raise
        raise NoEarlierPlan(f"{path} cannot be read: {error}.") from error
    first, *others = kinds
    if first not in frame.columns:
        raise NoEarlierPlan(f"{path} needs one column '{first}'.")
    for name in others:  # a column that only some rules fill is left out where they are not used
        if name not in frame.columns:
            frame[name] = 0.0 if name in numbers else ""
    return frame
