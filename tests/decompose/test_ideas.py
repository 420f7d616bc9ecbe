"""Ideas: all are used, unless a benchmark leaves some out by name."""

import pytest

from optimizer.decompose.ideas import IDEAS, VARIABLE, used


def test_all_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert all(used(idea) for idea in IDEAS)


def test_some_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"{IDEAS[0]}, {IDEAS[2]}")
    assert [idea for idea in IDEAS if not used(idea)] == [IDEAS[0], IDEAS[2]]


def test_a_name_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "mastre")
    with pytest.raises(ValueError, match="mastre"):
        used("mix")
