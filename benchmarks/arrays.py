"""Arrays: an instance as the mixed-integer program that every peer gets, in a folder of its own.

    python -m benchmarks.arrays INSTANCE FOLDER [--formulation plain|tight]

program.npz   minimise c·x + offset; rows and columns with limits; which columns are whole numbers
purchase.npy  what each column costs of the account `purchase`, for the controllable gap
columns.npz   variable -> column of each row of its index set, for the way back from a Pyomo model
lots.npz      the lots, where they are all of the instance (`models.lots`), for a peer that makes its own form of them
about.json    seconds for building and compiling; sizes

Loading them imports nothing of ours that imports a solver: HiGHS in Python and CP-SAT cannot be in one process.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

if TYPE_CHECKING:
    from models.part import Part
    from optimizer.solve.program import Program

Floats = NDArray[np.float64]
ACCOUNT = "purchase"
PLAIN, TIGHT = FORMULATIONS = ("plain", "tight")


@dataclass(frozen=True)
class Arrays:
    """A program as arrays, and what is needed beside it; `matrix` is a `csc_array` of shape (rows, columns)."""

    cost: Floats
    offset: float
    matrix: sp.csc_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    purchase: Floats
    places: dict[str, NDArray[np.int64]]

    @property
    def columns(self) -> int:
        """Number of variables."""
        return len(self.cost)

    @property
    def rows(self) -> int:
        """Number of constraints."""
        return len(self.row_lower)


def parts_of(formulation: str) -> "tuple[Part, ...]":
    """The parts of the model in a formulation: those that say what the business is, or those that strengthen it too."""
    from models.parts import parts, plain

    return plain() if formulation == PLAIN else parts()


def prepare(instance: Path, folder: Path, formulation: str = PLAIN) -> None:
    """Compile an instance and write its arrays."""
    from models.assemble import derive
    from models.lots_of import lots_of
    from models.parts import plain
    from optimizer.compile import compile_book
    from optimizer.read import read

    source, parts = read(instance), parts_of(formulation)
    began = time.monotonic()
    book = derive(source.instance, parts)
    compiled = compile_book(source.instance, book, parts)
    seconds = time.monotonic() - began
    program, lots = compiled.program, lots_of(source.instance, book, plain())
    purchase = np.zeros(program.columns + 1)
    for charge in compiled.charges:
        if charge.account == ACCOUNT:
            np.add.at(purchase, charge.column, charge.rate)  # -1, the last, is for what the compiler dropped
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "purchase.npy", purchase[:-1])
    np.savez(folder / "columns.npz", **compiled.columns)  # type: ignore[arg-type]
    (folder / "program.npz").write_bytes(program.to_bytes())
    if lots.pure:
        (folder / "lots.npz").write_bytes(lots.to_bytes())
    about = {
        "seconds": seconds,
        "columns": program.columns,
        "rows": program.rows,
        "nonzeros": int(program.matrix.nnz),
        "whole": int(program.integer.sum()),
    }
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")  # the last: with it, the folder is whole


def load(folder: Path) -> Arrays:
    """What `prepare` wrote."""
    with np.load(folder / "columns.npz", allow_pickle=False) as saved:
        places = dict(saved)
    with np.load(folder / "program.npz", allow_pickle=False) as saved:
        of = dict(saved)
    shape = len(of["row_lower"]), len(of["cost"])
    names = ("cost", "row_lower", "row_upper", "lower", "upper", "integer")
    return Arrays(
        offset=float(of["offset"]),
        matrix=sp.csc_array((of["data"], of["indices"], of["indptr"]), shape=shape),
        purchase=np.load(folder / "purchase.npy", allow_pickle=False),
        places=places,
        **{name: of[name] for name in names},
    )


def program(folder: Path) -> "Program":
    """The program itself, which says what a point costs and how far it breaks the rules."""
    from optimizer.solve.program import Program

    return Program.from_bytes((folder / "program.npz").read_bytes())


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="python -m benchmarks.arrays: an instance as arrays for the peers")
    parser.add_argument("instance", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--formulation", choices=FORMULATIONS, default=PLAIN)
    asked = parser.parse_args(arguments)
    prepare(asked.instance, asked.folder, asked.formulation)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
