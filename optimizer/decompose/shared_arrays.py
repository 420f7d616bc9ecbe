"""Shared arrays: written once to files of a temporary folder, and mapped into the memory of every process.

However many processes read them, they are in memory once.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same numbers; whoever tries to change them gets an exception."""
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view


class SharedArrays(Mapping[str, NDArray[Any]]):
    """The arrays of a folder, mapped when first read; pickles as the folder's name."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._names = tuple(sorted(path.stem for path in Path(folder).glob("*.npy")))
        self._mapped: dict[str, NDArray[Any]] = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._mapped:
            self._mapped[name] = read_only(np.load(Path(self._folder, f"{name}.npy"), mmap_mode="r"))
        return self._mapped[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __reduce__(self) -> tuple[Callable[[str], "SharedArrays"], tuple[str]]:
        return _opened, (self._folder,)


@lru_cache(maxsize=8)
def _opened(folder: str) -> SharedArrays:
    """Opened once by each process, however often it is sent."""
    return SharedArrays(folder)


class Store:
    """A temporary folder for what is shared under several names."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="replenish-")
        self._places: dict[str, Path] = {}
        self._numbers = count()

    def place(self, name: str, arrays: Arrays) -> SharedArrays:
        """Write arrays; those that had this name before are removed."""
        place = Path(self.folder, f"{name}-{next(self._numbers)}")
        place.mkdir()
        for key, array in arrays.items():
            np.save(place / f"{key}.npy", array, allow_pickle=False)
        if name in self._places:
            shutil.rmtree(self._places[name], ignore_errors=True)
        self._places[name] = place
        return SharedArrays(str(place))

    def remove(self) -> None:
        """Remove all of them."""
        shutil.rmtree(self.folder, ignore_errors=True)
