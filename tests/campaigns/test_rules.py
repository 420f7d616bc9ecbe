"""The campaign over all rules: a few instances without a contradiction; where there is one it is found."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from optimizer import planning
from optimizer.audit import Violation
from optimizer.read import InputFaults, read
from tests.campaigns import rules
from tests.campaigns.campaign import Run, carried_out, on_instances
from tests.campaigns.drawn.instance import RULES, instance
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.solving import Range
from tests.reference.folder import write_instance


def test_every_rule_has_its_turn() -> None:
    drawn = [instance(number) for number in range(120)]
    assert [name for name, rule in RULES.items() if not any(rule.there(one) for one in drawn)] == []


def test_an_instance_is_the_same_for_its_number_and_others_differ() -> None:
    assert instance(7).tables == instance(7).tables != instance(8).tables


def _can_be_read(drawn: Drawn, scratch: Path) -> bool:
    with TemporaryDirectory(dir=scratch) as folder:
        write_instance(Path(folder), drawn.tables, drawn.settings)
        try:
            read(Path(folder))
        except InputFaults:
            return False
    return True


def test_what_is_relaxed_is_another_instance_that_can_be_read(tmp_path: Path) -> None:
    for name, rule in RULES.items():
        change = rule.freer or rule.barer
        if change is None:
            continue
        drawn = next(one for one in map(instance, range(200)) if rule.there(one) and _can_be_read(one, tmp_path))
        before, other = drawn.copy(), drawn.copy()
        for seed in range(9):  # some chances relax nothing
            change(random.Random(seed), other)
        assert (drawn.tables, drawn.settings) == (before.tables, before.settings), name
        assert (other.tables, other.settings) != (drawn.tables, drawn.settings), name
        write_instance(tmp_path / name, other.tables, other.settings)
        assert read(tmp_path / name).instance.calendar.periods > 0


def _run(check: Callable[[Drawn, int, Run], Iterator[str]]) -> Run:
    """The campaign of one instance."""
    return carried_out(replace(rules.CAMPAIGN, case=on_instances(instance, check)), 1, 47)


def _said(monkeypatch: pytest.MonkeyPatch, costs: Callable[[int], Range | None]) -> list[str]:
    """What is told of an instance where the solves come out so, one after the other."""
    asked = iter(range(100))
    monkeypatch.setattr(rules, "_planned", lambda *_: Range(100, 100))
    monkeypatch.setattr(rules, "solved", lambda made, chosen, seconds: costs(next(asked)))
    return [one["what"] for one in _run(rules.check).found]


def test_another_optimum_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _said(monkeypatch, lambda k: Range(100, 100)) == []
    assert any("tight" in text for text in _said(monkeypatch, lambda k: Range(100 + k, 100 + k)))
    assert any("relaxed" in text for text in _said(monkeypatch, lambda k: Range(100 + k, 100 + k)))
    assert any("larger lines" in text for text in _said(monkeypatch, lambda k: Range(*[100 - (k == 2)] * 2)))


def test_a_plan_that_is_not_proven_is_compared_by_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _said(monkeypatch, lambda k: Range(100 + k, 90)) == []


def test_contradictory_rules_are_so_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert any(
        "some formulations only" in text for text in _said(monkeypatch, lambda k: None if k else Range(100, 100))
    )


def test_a_plan_that_its_audit_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "audit", lambda *_, **__: [Violation(rule="x", file="y", message="wrong")])
    (told,) = _run(rules.check).found
    assert told["what"].startswith("AuditRefused")


def test_what_cannot_be_read_is_counted() -> None:
    def broken(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
        drawn.tables["sourcing"]["share_min"] = ["2"] * len(drawn.tables["sourcing"]["item"])
        return rules.check(drawn, number, run)

    run = _run(broken)
    assert run.found == [] and any(name.startswith("refused") for name in run.counts)
