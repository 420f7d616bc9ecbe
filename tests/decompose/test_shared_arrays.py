import pickle
from pathlib import Path

import numpy as np
import pytest

from optimizer.decompose.shared_arrays import Store


def test_arrays_come_back_as_they_were() -> None:
    store = Store()
    given = {
        "floats": np.array([0.1, np.inf, np.nan]),
        "whole": np.arange(6, dtype=np.int64).reshape(2, 3),
        "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "yes": np.array([True, False]),
        "empty": np.zeros((0, 3)),
    }
    shared = store.place("given", given)
    there = pickle.loads(pickle.dumps(shared))
    assert pickle.loads(pickle.dumps(shared)) is there  # opened once
    for arrays in (shared, there):
        assert set(arrays) == set(given)
        for name, array in given.items():
            np.testing.assert_array_equal(arrays[name], array)
            assert arrays[name].dtype == array.dtype
            assert type(arrays[name]) is np.ndarray
            with pytest.raises(ValueError, match="read-only"):
                arrays[name][:1] = 0
    assert len(pickle.dumps(shared)) < 300
    with pytest.raises(KeyError):
        shared["../given"]
    store.remove()
    assert not Path(store.folder).exists()


def test_a_name_is_given_again() -> None:
    store = Store()
    first = store.place("prices", {"a": np.zeros(1)})
    assert first["a"][0] == 0.0
    assert store.place("prices", {"a": np.ones(1)})["a"][0] == 1.0
    assert first["a"][0] == 0.0  # mapped before its file was removed
    assert len(list(Path(store.folder).iterdir())) == 1
    store.remove()


def test_objects_are_refused() -> None:
    store = Store()
    with pytest.raises(ValueError, match="Object arrays"):
        store.place("names", {"a": np.array(["x", None], dtype=object)})
    store.remove()
