"""The layout: each file says what it is for and has its test; the page about the model is up to date."""

import ast
import re
from pathlib import Path

import pytest

from models import schema
from models.parts import parts
from optimizer.solve import search
from tests import model_page, rules_page
from tests.docs_page import DOCS, between

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for package in ("models", "optimizer") for path in (ROOT / package).rglob("*.py"))
MIRRORED = ("optimizer/solve", "optimizer/decompose", "optimizer/results", "models/parts")
PAGE = DOCS / "model.md"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_opens_with_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("folder", MIRRORED)
def test_every_file_has_its_test(folder: str) -> None:
    package, _, rest = folder.partition("/")
    tests = ROOT / "tests" / (rest if package == "optimizer" else folder)
    files = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
    tested = {path.stem.removeprefix("test_") for path in tests.glob("test_*.py")}
    assert files - tested == set()


@pytest.mark.parametrize("marker", ["parts", "accounts", "money", "figures"])
def test_the_page_about_the_model_is_up_to_date(marker: str, update: bool) -> None:
    page, table = PAGE.read_text(encoding="utf-8"), model_page.tables()[marker]
    if update:
        PAGE.write_text(
            page.replace(f"<!-- {marker} -->\n{between(page, marker)}", f"<!-- {marker} -->\n{table}"), encoding="utf-8"
        )
    else:
        assert between(page, marker) == table, "renew it with --update"


def test_the_page_about_the_rules_is_up_to_date(update: bool) -> None:
    path, table = rules_page.PAGES / "README.md", rules_page.table()
    page = path.read_text(encoding="utf-8")
    if update:
        path.write_text(
            page.replace(f"<!-- rules -->\n{between(page, 'rules')}", f"<!-- rules -->\n{table}"), encoding="utf-8"
        )
    else:
        assert between(page, "rules") == table, "renew it with --update"


def test_every_rule_has_its_page_part_and_audit() -> None:
    # By hand: these bring tables, columns and a setting.
    rules = rules_page.rules()
    assert {"budgets"} == set(rules_page.declared(rules["budgets"]))
    assert {"customers.tier", "[allocation] strict_tiers"} == set(rules_page.declared(rules["priority-tiers"]))
    assert [path.stem for path in rules_page.audits(rules["budgets"])] == ["budgets"]
    for name, part in rules.items():
        assert rules_page.declared(part), name
        assert rules_page.audits(part), name


def test_what_brings_a_table_is_a_rule_with_a_page() -> None:
    plain = {"inventory", "open_orders", "sourcing", "supplier_capacity", "demand", "suppliers", "customers", "items"}
    paged = {name for part in rules_page.rules().values() for name in (table.name for table in part.needs)}
    assert set(schema.tables()) - plain - paged == set()


def test_the_tables_of_the_page_say_what_the_parts_do() -> None:
    # By hand, from the parts' own pages: otherwise an empty table would be up to date as well. Later rules post, too.
    tables = model_page.tables()
    for table, account, parts_of_it in (
        ("accounts", "receipts", {"open_orders", "sourcing", "balance"}),
        ("money", "ordering", {"sourcing", "supplier_terms"}),
        ("figures", "ceiling", {"sourcing", "supplier_capacity", "supplier_terms"}),
    ):
        (row,) = (line for line in tables[table].splitlines() if line.startswith(f"| `{account}` |"))
        assert parts_of_it <= set(re.findall(r"\w+", row))
    assert tables["parts"].count("\n") == len(parts()) + 2


def test_the_page_names_every_phase_that_progress_shows() -> None:
    modules = (Path(search.__file__), ROOT / "optimizer/decompose/search.py")
    source = "".join(path.read_text(encoding="utf-8") for path in modules)
    phases = re.findall(r'_enter\(f?"([^"]+)"', source) + re.findall(r'else f?"(improving[^"]+)"', source)
    assert len(phases) >= 12
    page = PAGE.read_text(encoding="utf-8")
    assert [phase for phase in phases if re.sub(r"\{\w+\}", "N", phase) not in page] == []


def test_the_page_names_files_that_are_there() -> None:
    page = PAGE.read_text(encoding="utf-8").split("## What one more rule touches")
    named = set(re.findall(r"`((?:models|optimizer)/[\w/]+\.py)`", page[0] + page[1].split("## How it is solved")[1]))
    plain = set(re.findall(r"`(\w+\.py)`", page[1]))
    assert len(named | plain) > 10
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
    folders = [ROOT / "optimizer" / name for name in ("solve", "decompose")]
    assert [name for name in sorted(plain) if not any((folder / name).is_file() for folder in folders)] == []
