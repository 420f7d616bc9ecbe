"""What holds for every part: it keeps to itself, says what it reads and gives, and couples no more than it says."""

import ast
import importlib
import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

import models.assemble
import models.parts
from models.assemble import build, derive
from models.ledger import Ledger
from models.part import Part, Scope
from models.parts import in_order, parts, plain
from tests.models.golden import cast, everything, tiny, with_owners
from tests.models.rich import rich
from tests.models.solved import BY_NAME, instance, solved

each_part = pytest.mark.parametrize("part", parts(), ids=lambda part: part.name)
MODULES = sorted(Path(next(iter(models.parts.__path__))).glob("*.py"))
SPINE = ("balance", "fulfilment", "sourcing")


def source(part: Part) -> str:
    """The part's file."""
    return inspect.getsource(sys.modules[type(part).__module__])


def components(part: Part, kind: str) -> list[str]:
    """Names of the variables (`Var`) or rules (`Constraint`) that a part adds."""
    return re.findall(rf"\bm\.(\w+) = pyo\.{kind}\(", source(part))


def test_every_module_is_one_part_under_its_own_name() -> None:
    assert {part.name for part in parts()} == {path.stem for path in MODULES} - {"__init__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_parts_never_import_each_other(path: Path) -> None:
    if path.stem == "__init__":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [node.module or "", *(f"{node.module}.{name.name}" for name in node.names)]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        assert not [name for name in names if name.startswith("models.parts") or name.startswith("optimizer")]


@each_part
def test_the_page_of_a_part_names_every_variable_and_rule(part: Part) -> None:
    page = sys.modules[type(part).__module__].__doc__ or ""
    missing = [name for kind in ("Var", "Constraint") for name in components(part, kind) if name not in page]
    assert missing == []


@each_part
def test_a_part_reaches_into_no_other_parts_variables(part: Part) -> None:
    others = {name for one in parts() if one is not part for name in components(one, "Var")}
    # A charge names the variable that it is on: money is the one thing that is posted on a variable itself.
    rules = re.sub(r"ledger\.cost\([^)]*\)", "", source(part))
    assert not set(re.findall(r"\bm\.(\w+)", rules)) & others


WITH_ANOTHER = {"fulfilment": ["otherwise", "got_otherwise"]}  # there where substitutes are: shown by their golden LP


@each_part
def test_the_small_instance_shows_every_variable_and_rule(part: Part) -> None:
    made, chosen = tiny(part), cast(part)
    m, _ = build(made, derive(made, chosen), chosen)
    empty = [name for kind in ("Var", "Constraint") for name in components(part, kind) if not len(m.component(name))]
    assert empty == WITH_ANOTHER.get(part.name, [])


class Watched(Ledger):
    """A ledger that notes which part's file spoke to it."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def _note(self, what: str, account: str) -> None:
        module = sys._getframe(2).f_globals["__name__"].rpartition(".")[2]
        self.noted[what][module].add(account)

    def post(self, account: str, rule: Any) -> None:
        self._note("posts", account)
        super().post(account, rule)

    def offer(self, account: str, rule: Any) -> None:
        self._note("offers", account)
        super().offer(account, rule)

    def total(self, account: str, m: Any, *index: Any) -> Any:
        self._note("totals", account)
        return super().total(account, m, *index)

    def totals(self, account: str) -> Any:
        self._note("totals", account)
        return super().totals(account)


def test_parts_declare_the_accounts_that_they_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.assemble, "Ledger", Watched)
    made = rich()
    _, ledger = build(made, derive(made, parts()), parts())
    assert isinstance(ledger, Watched)
    for part in parts():
        assert ledger.noted["posts"][part.name] == set(part.posts), part.name
        assert ledger.noted["offers"][part.name] == set(part.offers), part.name
        assert ledger.noted["totals"][part.name] <= {*part.owns, *part.uses, *part.offers}, part.name
        assert set(part.owns) <= ledger.noted["totals"][part.name], part.name


def test_accounts_have_one_owner_and_those_used_are_offered() -> None:
    owned = [account for part in parts() for account in part.owns]
    offered = [account for part in parts() for account in part.offers]
    assert len(owned) == len(set(owned))
    assert {account for part in parts() for account in part.posts} <= set(owned)
    assert {account for part in parts() for account in part.uses} <= set(offered)


def test_a_part_comes_after_those_whose_accounts_it_uses() -> None:
    for chosen in (parts(), in_order(list(reversed(parts())))):
        place = {part.name: k for k, part in enumerate(chosen)}
        for part in chosen:
            for other in chosen:
                if set(part.uses) & set(other.offers):
                    assert place[other.name] < place[part.name]
    assert parts() == in_order(list(reversed(parts())))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("balance", {"balance"}),
        ("sourcing", {"sourcing", "balance"}),
        ("overstock", {"overstock", "balance"}),
        ("quantity_steps", {"quantity_steps", "sourcing", "fulfilment", "balance"}),
    ],
)
def test_a_part_is_built_with_the_owners_of_its_accounts(name: str, expected: set[str]) -> None:
    assert {part.name for part in with_owners(BY_NAME[name])} == expected


@each_part
def test_a_part_and_its_owners_can_be_built(part: Part) -> None:
    made, chosen = rich(), with_owners(part)
    build(made, derive(made, chosen), chosen)


def coupled(chosen: tuple[Part, ...]) -> int:
    """Rows in which the columns of two items, or of what items share, meet."""
    made = everything()
    program = solved(made, chosen).compiled.program
    rows = program.matrix.tocsr()
    return sum(
        len(np.unique(program.block[rows.indices[rows.indptr[k] : rows.indptr[k + 1]]])) > 1
        for k in range(program.rows)
    )


def of_items() -> list[Part]:
    """The parts of scope item that speak to no shared one."""
    return [part for part in parts() if all(one.scope is Scope.ITEM for one in with_owners(part))]


def test_parts_of_scope_item_couple_no_two_items() -> None:
    assert coupled(in_order(of_items())) == 0


@pytest.mark.parametrize("name", [part.name for part in parts() if part.scope is Scope.SHARED])
def test_parts_of_scope_shared_couple_items(name: str) -> None:
    assert coupled(in_order(list({*of_items(), *with_owners(BY_NAME[name])}))) > 0


@pytest.mark.parametrize("name", [part.name for part in plain() if part.name not in SPINE])
def test_absent_tables_cost_nothing(name: str) -> None:
    made = instance(sourcing=[{"unit_cost": 2, "lead_time": 1}], inventory=[{}], demand=[{"due": 1, "quantity": 10}])
    owners = {*(BY_NAME[one] for one in SPINE), *with_owners(BY_NAME[name])}
    alone, beside = (solved(made, in_order(list(chosen))) for chosen in (owners - {BY_NAME[name]}, owners))
    assert (beside.compiled.program.columns, beside.compiled.program.rows) == (
        alone.compiled.program.columns, alone.compiled.program.rows,
    )  # fmt: skip
    for component in (*components(BY_NAME[name], "Var"), *components(BY_NAME[name], "Constraint")):
        assert len(beside.model.component(component)) == 0


def hooks(part: Part) -> Iterator[str]:
    """Public names that a part's class adds to those of `Part`."""
    yield from (name for name in vars(type(part)) if not name.startswith("_") and not hasattr(Part, name))


@each_part
def test_a_part_has_no_hooks_that_nobody_calls(part: Part) -> None:
    assert list(hooks(part)) == []


@each_part
def test_a_part_is_said_in_its_page_and_classes(part: Part) -> None:
    module = importlib.import_module(type(part).__module__)
    title = (module.__doc__ or "").splitlines()[0]
    assert title.lower().startswith(part.name.replace("_", " ")), "the page opens with the concept"
    assert type(part).__doc__


def test_every_variable_is_indexed_by_a_set_of_the_book() -> None:
    made = everything()
    book = derive(made, parts())
    m, ledger = build(made, book, parts())
    for variable in m.component_objects(pyo.Var):
        assert variable.index_set().local_name in book.indexes
    for charge in ledger.charges:
        rate, whole = book.parameters[charge.rate.local_name][0], charge.of.index_set()
        assert all(key in whole for key in charge.rate), (
            f"{charge.account}: the rate is over a subset of the variable's"
        )
        assert rate in book.indexes
