"""Formulations: which strengthening parts are taken, said so, and without any effect on the plan's cost."""

import pytest

from models.parts import parts, plain
from optimizer import formulation
from optimizer.formulation import FORMULATIONS, Formulation, chosen
from tests.models.rich import rich
from tests.models.solved import solved


def test_plain_adds_nothing_and_tight_everything() -> None:
    made = rich()
    assert chosen("plain", made).parts == plain()
    assert chosen("plain", made).strengthening == []
    assert chosen("tight", made).parts == parts()
    assert {"pegging", "joint_limits", "lot_conflicts"} <= set(chosen("tight", made).strengthening)


def test_auto_takes_rows_without_variables_until_the_instance_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    made = rich()  # 8 sourcing rows, 5 weeks
    assert chosen("auto", made).strengthening == ["joint_limits", "lot_conflicts"]
    monkeypatch.setattr(formulation, "LARGE", 40)
    assert chosen("auto", made).strengthening == ["joint_limits", "lot_conflicts"]
    monkeypatch.setattr(formulation, "LARGE", 39)
    assert chosen("auto", made).strengthening == []


def test_it_says_what_it_took() -> None:
    assert str(chosen("plain", rich())) == "plain formulation: nothing added"
    assert str(chosen("auto", rich())) == "auto formulation: joint_limits, lot_conflicts added"


def test_an_unknown_one_is_refused() -> None:
    with pytest.raises(ValueError, match="one of auto, plain, tight"):
        chosen("loose", rich())  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FORMULATIONS)
def test_every_formulation_has_the_same_optimum(name: Formulation) -> None:
    made = rich()
    assert solved(made, chosen(name, made).parts).objective == pytest.approx(solved(made, plain()).objective)
