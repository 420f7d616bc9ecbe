"""The outputs in docs/explain.md are what the questions print; they are renewed with --update."""

import io
from collections.abc import Iterator

import pytest
from rich.console import Console

from optimizer import explain
from optimizer.explain.show import shown
from optimizer.explain.standing import Standing, placed
from optimizer.read.published import Published
from tests.docs_page import DOCS, between
from tests.results.quickstart import FOLDER, documented

PAGE = DOCS / "explain.md"


@pytest.fixture(scope="module")
def questions() -> explain.Questions:
    """The documented plan of the quickstart, as if it had been published."""
    plan = documented()
    there = Published(FOLDER, {"objective": plan.collected.objective}, {})
    tables = plan.collected.tables
    there.__dict__["tables"] = {**tables, "allocations": tables["allocations"].assign(delivered_item="")}
    point = placed(plan.source.instance, there.tables)
    standing = Standing(plan.source, there, point, [])
    return explain.Questions(standing, seconds=600.0)


def answers(questions: explain.Questions) -> Iterator[tuple[str, str]]:
    """The questions of the page, by its markers, and what they print."""
    order = questions.order("tyre,acme,south,2026-11-30", ["none"])
    yield "order", printed("order", order)
    yield "line", printed("line", questions.line("tyre,workshop,2026-11-16"))
    late = printed("line", questions.line("tyre,webshop,2026-11-23", by="2026-11-23"))
    yield "promise", late[late.index("Price of a promise") :]
    yield "near", printed("near", questions.near("tyre", within=0.05))
    yield "values", printed("values", questions.values(supplier="acme"))


def printed(name: str, answer: object) -> str:
    """What a terminal of 100 signs shows."""
    console = Console(highlight=False, width=100, file=io.StringIO(), color_system=None)
    for part in shown(name, answer):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().strip().splitlines())


def test_the_page_shows_what_is_printed(questions: explain.Questions, update: bool) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for marker, text in answers(questions):
        block, old = f"```text\n{text}\n```\n", between(page, marker)
        if update:
            page = page.replace(f"<!-- {marker} -->\n{old}", f"<!-- {marker} -->\n{block}")
        else:
            assert old == block, "renew it with --update"
    if update:
        PAGE.write_text(page, encoding="utf-8")
