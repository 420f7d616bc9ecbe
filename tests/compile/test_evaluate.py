"""Evaluate: whatever a rule may say, all rows at once and row by row are the same."""

from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from models.book import Book
from models.ledger import Ledger
from optimizer.compile import Broken
from tests.compile.same import made_up

ITEM, PERIOD = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 2, 0, 1, 0])


def fill(book: Book) -> None:
    """Items and periods, some of them marked; members of an element, and members of these."""
    cells = book.index("cells", item=ITEM, period=PERIOD)
    book.subset("marked", "cells", PERIOD > 0)
    book.subset("twice_marked", "marked", PERIOD[PERIOD > 0] > 1)
    book.index("sorts", item=np.array([2, 0, 1]))
    book.index("deals", item=np.array([1, 0, 2, 0]), supplier=np.array([0, 2, 2, 1]))
    book.parameter("size", "cells", np.array([0.1, 0.2, 0.3, 0.0, -1.7, 3.0]))
    book.parameter("weight", "sorts", np.array([0.3, 0.7, 1.1]))
    book.parameter("value", "deals", np.array([1.5, 2.5, 0.1, 0.7]))
    book.parameter("delay", "cells", PERIOD.astype(np.float64))
    # In no order, two for some and none for others.
    book.relation("sellers", "cells", (np.array([1, 0, 2, 0]), np.array([1, 2, 0, 0])), supplier=np.array([0, 2, 2, 1]))
    book.relation("times", "sorts", (np.array([1, 0, 0]),), period=np.array([1, 2, 0]))
    assert len(cells) == 6


def declare(m: Any) -> None:
    m.x = pyo.Var(m.cells, domain=pyo.NonNegativeReals)
    m.y = pyo.Var(m.sorts, domain=pyo.Binary)
    m.z = pyo.Var(m.deals, domain=pyo.NonNegativeIntegers, bounds=(None, 9))


RULES: dict[str, tuple[str, Any]] = {
    "product": ("cells", lambda m, i, t: m.size[i, t] * m.weight[i] * m.x[i, t] <= 3 * (m.y[i] + 2)),
    "factor of a sum": ("cells", lambda m, i, t: m.weight[i] * (m.x[i, t] - m.size[i, t] * m.y[i] + 1) >= m.size[i, t]),
    "quotient": ("sorts", lambda m, i: m.y[i] / m.weight[i] + 1 / m.weight[i] <= 7),
    "twice the same": ("cells", lambda m, i, t: m.x[i, t] + m.y[i] + m.size[i, t] * m.x[i, t] <= 4),
    "constants on both sides": ("cells", lambda m, i, t: 2 + m.x[i, t] + m.size[i, t] == m.weight[i] + m.y[i] - 1),
    "number first": ("cells", lambda m, i, t: m.size[i, t] <= m.x[i, t]),
    "between": ("cells", lambda m, i, t: pyo.inequality(m.size[i, t] - 2, m.x[i, t] + 1, m.weight[i] + 4)),
    "between in a tuple": ("cells", lambda m, i, t: (-1, m.x[i, t] - m.y[i], 5)),
    "half open tuple": ("cells", lambda m, i, t: (None, m.x[i, t], 5)),
    "equal in a tuple": ("cells", lambda m, i, t: (m.x[i, t], m.size[i, t])),
    "earlier": ("marked", lambda m, i, t: m.x[i, t] - m.x[i, t - 1] <= 1),
    "period as a number": ("cells", lambda m, i, t: t * m.x[i, t] <= (t + 1) * m.y[i]),
    "place from a parameter": ("cells", lambda m, i, t: m.x[i, m.delay[i, t]] <= m.size[i, t] + 2 * m.y[i]),
    "part of a part": ("twice_marked", lambda m, i, t: m.x[i, t] <= m.size[i, t] * m.y[i]),
    "sum": ("cells", lambda m, i, t: m.x[i, t] + sum(m.value[i, s] * m.z[i, s] for s in m.sellers[i, t]) <= 9),
    "sum of two": (
        "cells",
        lambda m, i, t: sum(m.z[i, s] + m.value[i, s] * m.y[i] for s in m.sellers[i, t]) <= m.x[i, t],
    ),
    "nothing on the left": (
        "cells",
        lambda m, i, t: sum(m.z[i, s] for s in m.sellers[i, t]) >= m.size[i, t] * m.x[i, t],
    ),
    "nothing on the right": ("cells", lambda m, i, t: m.x[i, t] >= sum(m.z[i, s] for s in m.sellers[i, t])),
    "nothing but a number": ("cells", lambda m, i, t: sum(m.z[i, s] for s in m.sellers[i, t]) + m.x[i, t] >= 2),
    "equal to perhaps nothing": ("cells", lambda m, i, t: m.x[i, t] == sum(m.z[i, s] for s in m.sellers[i, t])),
    "sum of numbers": ("cells", lambda m, i, t: m.x[i, t] <= sum(m.value[i, s] for s in m.sellers[i, t]) + 1),
    "sum of numbers as a factor": (
        "cells",
        lambda m, i, t: sum(m.value[i, s] for s in m.sellers[i, t]) * m.x[i, t] + m.y[i] <= 1,
    ),
    "nested": (
        "sorts",
        lambda m, i: sum(m.weight[i] * sum(m.z[i, s] for s in m.sellers[i, t]) for t in m.times[i]) + m.y[i] <= 8,
    ),
    "two in one": (
        "sorts",
        lambda m, i: sum(m.size[i, t] * m.z[i, s] for t in m.times[i] for s in m.sellers[i, t]) + m.y[i] <= 8,
    ),
    "outer letter inside": ("sorts", lambda m, i: sum(m.size[i, t] * m.y[i] for t in m.times[i]) + 3 * m.y[i] <= 8),
    "over everything": ("sorts", lambda m, i: m.y[i] <= sum(m.size[k, t] * m.x[k, t] for k, t in m.cells)),
    "one letter for two": ("sorts", lambda m, i: m.y[i] <= sum(m.size[k] * m.x[k] for k in m.cells)),
    "minus": ("cells", lambda m, i, t: -(m.x[i, t] - 2 * m.y[i]) >= -(m.size[i, t] + 1)),
    "nothing": ("cells", lambda m, i, t: 0 * m.x[i, t] + m.y[i] <= 1),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_a_rule(name: str, caplog: pytest.LogCaptureFixture) -> None:
    index, rule = RULES[name]

    def say(m: Any, ledger: Ledger) -> None:
        declare(m)
        m.rule = pyo.Constraint(m.component(index), rule=rule)
        ledger.cost("money", m.size, m.x)

    compiled = made_up(fill, say)
    assert caplog.records == []
    assert len(compiled.rows["rule"]) == {"cells": 6, "marked": 3, "twice_marked": 1, "sorts": 3}[index]


def test_rules_together_with_limits_by_element(caplog: pytest.LogCaptureFixture) -> None:
    def say(m: Any, ledger: Ledger) -> None:
        m.spare = pyo.Var(m.marked, bounds=lambda m, i, t: (-m.size[i, t], 2 * m.weight[i] + 5))
        declare(m)
        for k, (index, rule) in enumerate(RULES.values()):
            m.add_component(f"rule_{k}", pyo.Constraint(m.component(index), rule=rule))
        m.total = pyo.Constraint(rule=lambda m: sum(m.size[i, t] * m.x[i, t] for i, t in m.cells) <= 100)
        m.spared = pyo.Constraint(m.marked, rule=lambda m, i, t: m.spare[i, t] <= m.x[i, t])
        ledger.cost("money", m.weight, m.y)
        ledger.cost("money", m.size, m.x)
        ledger.cost("more", m.size, m.x)
        ledger.follows(m.z)

    compiled = made_up(fill, say)
    assert caplog.records == []
    assert list(compiled.columns) == ["y", "x", "spare", "z"]  # by charge, then as declared
    # marked: (0, 1), (0, 2), (1, 1), (2, 2); limits -size and 2 weight + 5, weight 0.7, 1.1, 0.3 of items 0, 1, 2
    spare = compiled.columns["spare"]
    np.testing.assert_allclose(compiled.program.lower[spare], [-0.2, -0.3, 1.7])
    np.testing.assert_allclose(compiled.program.upper[spare], [6.4, 6.4, 7.2])


def test_rows_without_variables_are_left_out_where_they_hold() -> None:
    def say(m: Any, ledger: Ledger) -> None:
        declare(m)
        m.kept = pyo.Constraint(m.cells, rule=lambda m, i, t: 0 * m.x[i, t] <= 1)
        m.real = pyo.Constraint(m.cells, rule=lambda m, i, t: m.size[i, t] * m.x[i, t] <= 1)

    compiled = made_up(fill, say)
    assert compiled.rows["kept"].tolist() == [-1] * 6
    assert compiled.rows["real"].tolist() == [0, 1, 2, -1, 3, 4]  # the fourth size is 0
    assert compiled.columns["x"].tolist() == [0, 1, 2, -1, 3, 4]


def test_rows_without_variables_that_do_not_hold_are_told() -> None:
    def say(m: Any, ledger: Ledger) -> None:
        declare(m)
        m.held = pyo.Constraint(m.cells, rule=lambda m, i, t: 0 * m.x[i, t] <= m.size[i, t])

    with pytest.raises(Broken, match="held"):  # the fifth size is -1.7
        made_up(fill, say)


@pytest.mark.parametrize(
    ("rule", "match"),
    [
        (lambda m, i, t: m.x[i, t + 1] <= 1, "period|lacks"),
        (lambda m, i, t: m.x[i, t] * m.y[i] <= 1, "multiplies"),
        (lambda m, i, t: m.x[i, t] / m.y[i] <= 1, "divides"),
        (lambda m, i, t: m.x[i, t] / m.size[i, t] <= 1, "divides by 0"),
        (lambda m, i, t: m.x[i, t] + m.y[i] <= m.x[i, t / 2], "not whole"),
    ],
)
def test_what_is_wrong_is_told_with_the_rule(rule: Any, match: str) -> None:
    def say(m: Any, ledger: Ledger) -> None:
        declare(m)
        m.faulty = pyo.Constraint(m.cells, rule=rule)

    with pytest.raises(ValueError, match=f"rule faulty: .*({match})"):
        made_up(fill, say)
