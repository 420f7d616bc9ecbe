"""Compiled: what was compiled is kept for this user, apart for each content of the files."""

from pathlib import Path

import numba
import pytest

from optimizer.decompose import compiled as compiled_module
from optimizer.decompose.compiled import compiled


@compiled
def twice(value: float) -> float:
    return 2.0 * value


def test_a_function_is_compiled_and_does_the_same() -> None:
    assert twice(1.5) == twice.py_func(1.5) == 3.0  # type: ignore[attr-defined]
    assert twice.signatures  # type: ignore[attr-defined]


def test_it_is_kept_where_the_user_keeps_such_things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = Path(compiled_module._kept_in())
    assert folder.is_dir()
    assert folder.parent == tmp_path / "replenish"


def test_it_is_kept_apart_by_the_content_of_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled_module, "__file__", str(tmp_path / "compiled.py"))
    folders = []
    for content in ("one", "another"):
        (tmp_path / "arrays.py").write_text(content, encoding="utf-8")
        folders.append(compiled_module._kept_in())
    assert folders[0] != folders[1]
    (tmp_path / "arrays.py").write_text("one", encoding="utf-8")
    assert compiled_module._kept_in() == folders[0]


def test_a_home_that_cannot_be_written_to_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    folder = Path(compiled_module._kept_in())
    assert tmp_path not in folder.parents


def test_numba_keeps_it_there() -> None:
    assert "replenish" in numba.config.CACHE_DIR  # type: ignore[attr-defined]
