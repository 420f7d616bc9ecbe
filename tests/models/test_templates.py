"""Rules can later be compiled for all rows at once: each becomes one symbolic expression that gives its every row.

The expression is resolved at each index and compared with what stock Pyomo built there. A rule with an `if`, a look-up
in a dictionary or a sum over a list would fail, or come out as another row.
"""

import inspect
import re
import sys
from typing import Any

import pyomo.environ as pyo
import pytest
from pyomo.core.expr.relational_expr import EqualityExpression
from pyomo.core.expr.template_expr import resolve_template, templatize_constraint
from pyomo.repn import generate_standard_repn

from models.assemble import build, derive
from models.parts import parts
from tests.models.golden import everything
from tests.models.rich import rich


@pytest.fixture(scope="module")
def model() -> Any:
    made = everything()
    m, _ = build(made, derive(made, parts()), parts())
    return m


@pytest.fixture(scope="module")
def other_models() -> list[Any]:
    """More items, but without the tables of most rules; and every rule, over more periods."""
    found = []
    for made in (rich(), everything(periods=5)):
        m, _ = build(made, derive(made, parts()), parts())
        found.append(m)
    return found


def rules() -> list[str]:
    """The rules of all parts, by name."""
    pages = [inspect.getsource(sys.modules[type(part).__module__]) for part in parts()]
    return sorted({name for page in pages for name in re.findall(r"\bm\.(\w+) = pyo\.Constraint\(", page)})


each_rule = pytest.mark.parametrize("name", rules())


def test_every_rule_is_tried(model: Any) -> None:
    assert sorted(rule.local_name for rule in model.component_objects(pyo.Constraint)) == rules()


def row(relation: Any) -> dict[str, float]:
    """Coefficients by variable and the constant (under ""), all brought to one side; of an equation to the side on
    which the first variable by name is positive."""
    left, right = relation.args
    form = generate_standard_repn(left - right)
    assert form.is_linear()
    terms = {"": float(form.constant)}
    for variable, coefficient in zip(form.linear_vars, form.linear_coefs, strict=True):
        terms[variable.name] = terms.get(variable.name, 0.0) + coefficient
    terms = {name: value for name, value in sorted(terms.items()) if value}
    names = [name for name in terms if name]
    sign = -1.0 if isinstance(relation, EqualityExpression) and terms[names[0]] < 0 else 1.0
    return {name: sign * value for name, value in terms.items()}


@each_rule
def test_a_rule_as_one_expression_gives_every_row(model: Any, name: str) -> None:
    rule = model.component(name)
    assert len(rule)
    template, indices = templatize_constraint(rule)
    for key, built in rule.items():
        for index, value in zip(indices, key if isinstance(key, tuple) else (key,), strict=True):
            index.set_value(value)
        resolved = resolve_template(template)
        assert type(resolved) is type(built.expr), key
        assert row(resolved) == pytest.approx(row(built.expr), abs=1e-12), key


@each_rule
def test_a_rule_is_the_same_expression_whatever_the_size_of_the_data(
    model: Any, other_models: list[Any], name: str
) -> None:
    first, _ = templatize_constraint(model.component(name))
    others = [other.component(name) for other in other_models if len(other.component(name))]
    assert others
    for other in others:
        second, _ = templatize_constraint(other)
        assert str(first) == str(second)
