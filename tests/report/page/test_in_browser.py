"""The page in a real browser: it is drawn, it follows, it can be used by keyboard, and it asks nobody for anything."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from optimizer.report.page import frontier_page, plan_page
from optimizer.report.shown import Shown
from tests.report.browser import Browser, browser, found
from tests.report.page.hostile import IMAGE, SCRIPT, hostile, many
from tests.report.page.test_page import POINTS
from tests.write.plans import FORMULA, plan

pytestmark = [
    pytest.mark.skipif(found() is None, reason="there is no Chromium"),
    pytest.mark.xdist_group("chromium"),  # one is enough
]
WIDE, NARROW = 1400, 390
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """Opens a page; nothing may be complained of, and nothing asked for, whatever a test does with it."""
    path = tmp_path / "report.html"

    def shown(page: str, width: int = WIDE, state: str = "") -> Browser:
        path.write_text(page, encoding="utf-8")
        chromium.open(path.as_uri() + state, width)
        return chromium

    yield shown
    assert chromium.complaints == []
    assert [request.partition("#")[0] for request in chromium.requests] == [path.as_uri()]


def texts(page: Browser, selector: str) -> list[str]:
    """What is to be read of the elements, in sight or not."""
    script = f"[...document.querySelectorAll({json.dumps(selector)})].map(one => one.textContent.trim())"
    found: list[str] = page.run(script)
    return found


def test_a_plan_is_shown(show: Callable[..., Browser]) -> None:
    page = show(plan_page(Shown(plan()), ["Beware."]))
    assert texts(page, "#worklist tbody tr")[:2] == [
        f"TellNA{FORMULA}c17 of 7 are never delivered72026-11-3021.00",
        f"Release00123Gloves, size 8{FORMULA}5 would wait102026-12-132026-11-292.50",
    ]
    assert texts(page, "#today-table tbody tr") == [
        f"{FORMULA}1 line25 EUR",
        "00123Gloves, size 8customers wait for it2026-11-292026-12-07102.5025",
    ]
    assert texts(page, "#waiting-table .group th") == ["c11 line · never", "@c21 line · the last by 2026-12-13"]
    # NA: 21 at stake, 7 never delivered; 00123: 2 weeks below its safety stock of 5, 1 waits, 0.5 at stake.
    assert texts(page, "#risk-table tbody th a") == ["NA", "00123"]
    assert texts(page, "#costs-tree tbody th") == ["Purchase", "Shortage", "Ordering", "Holding", "Backorder"]
    assert texts(page, "#costs-tree tfoot td") == ["59.70", ""]
    assert "NA" in texts(page, "#stock-chart h3")
    assert page.run("document.querySelectorAll('#stock-chart svg[role=img] rect').length") > 0
    assert texts(page, "#status") == [""]


def test_ids_do_nothing_whatever_they_look_like(show: Callable[..., Browser]) -> None:
    page = show(plan_page(Shown(hostile()), ["</li><script>window.hacked=1</script>"]))
    assert page.run("typeof window.hacked") == "undefined"
    assert page.run("document.images.length") == 0
    assert texts(page, "#risk-table tbody th a") == [IMAGE, SCRIPT]
    page.run("document.querySelector('#risk-table tbody th a').click()")
    assert texts(page, "#stock-chart h3") == [IMAGE]
    assert page.run("typeof window.hacked") == "undefined"


def test_everything_follows_the_filter_and_the_address_keeps_it(show: Callable[..., Browser]) -> None:
    page = show(plan_page(Shown(many()), []))
    assert len(texts(page, "#today-table tbody")) == 2
    page.type("#filters [name=supplier]", "ACME")
    assert [text.split("1 line")[0] for text in texts(page, "#today-table tbody")] == ["ACME"]
    assert texts(page, "#later-table tbody th a") == ["00123"]
    # Of costs, only 25 of goods and 12 of ordering name a supplier, another one; items bought from ACME have the rest:
    # 21 shortage, 1.2 holding, 0.5 backorder.
    assert texts(page, "#costs-tree tbody th") == ["Shortage", "Holding", "Backorder"]
    assert texts(page, "#status") == ["Shown: 1 order to send now, 1 for later, 60 lines late or short."]
    assert page.run("location.hash") == "#supplier=ACME"
    page.type("#filters [name=supplier]", "nobody")
    assert "Nothing that the filter lets through." in texts(page, "#today-table")[0]
    assert texts(page, "#stock-chart") == ["Nothing that the filter lets through."]
    page.run("document.getElementById('clear').click()")
    assert len(texts(page, "#today-table tbody")) == 2
    assert page.run("document.activeElement.name") == "item"
    assert page.run("location.hash") == ""

    page = show(plan_page(Shown(many()), []), state="#item=00123&customer=c1")
    assert page.run("document.querySelector('[name=item]').value") == "00123"
    # Every third of 60 lines is of c1.
    assert texts(page, "#status") == ["Shown: 1 order to send now, 1 for later, 20 lines late or short."]
    assert texts(page, "#stock-chart h3") == ["00123"]


def test_a_description_finds_its_item(show: Callable[..., Browser]) -> None:
    page = show(plan_page(Shown(many()), []), state="#item=gloves")
    assert texts(page, "#risk-table tbody th a") == ["00123"]


def test_sorting_folding_and_paging_by_keyboard(show: Callable[..., Browser]) -> None:
    page = show(plan_page(Shown(many(70)), []))
    page.run("document.querySelector('#waiting-table .fold').focus()")
    page.key("Enter")
    # c0, c1, c2 have lines 0, 3, …: the sums of k + 1 are 24 lines of c0 (1 … 70) 852, c1 23 lines 805, c2 828.
    assert texts(page, "#waiting-table .group th")[0].startswith("c024 lines")
    assert len(texts(page, "#waiting-table tbody:first-of-type tr")) == 25
    assert page.run("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.run("document.querySelector('#waiting-table .choice input').focus()")
    page.key(" ")
    assert len(texts(page, "#waiting-table tbody tr")) == 15
    assert texts(page, "#waiting-table .pager span") == ["1–15 of 70 rows"]
    page.run("document.querySelector('#waiting-table [data-column=reference]').focus()")
    page.key("Enter")
    assert page.run("document.activeElement.parentElement.getAttribute('aria-sort')") == "ascending"
    assert texts(page, "#waiting-table tbody tr td:nth-child(3)")[:3] == ["r0", "r1", "r10"]
    page.run("document.querySelector('#waiting-table .pager button:last-child').focus()")
    page.key("Enter")
    assert texts(page, "#waiting-table .pager span") == ["16–30 of 70 rows"]


def test_the_chart_tells_each_period_and_unfolds_its_figures(show: Callable[..., Browser]) -> None:
    page = show(plan_page(Shown(plan()), []), state="#show=00123%7Cmain")
    page.run("document.querySelector('#stock-chart input').focus()")
    page.key("ArrowRight")
    # Week 1: an open order of 3 arrives, 6 asked, 5 delivered, 1 waits.
    told = "Week of 2026-11-30: on hand 0, demand 6, receipt 3 ordered earlier, waiting 1, 5 below safety stock"
    assert texts(page, "#stock-chart .readout") == [told]
    assert page.run("document.activeElement.getAttribute('aria-valuetext')") == told
    page.run("document.querySelector('#stock-chart summary').click(); new Promise(done => setTimeout(done, 50))")
    assert texts(page, "#stock-chart tbody tr:nth-child(2)") == ["2026-11-306013"[:10] + "60130"]
    # Of the 10 that stood there 8 and 2 go out, then the 3 of the earlier order.
    served = "[...document.querySelectorAll('#stock-pegs tbody tr')].map(row => [row.firstChild, row.lastChild])"
    told = page.run(f"{served}.map(cells => cells.map(cell => cell.textContent).join(' '))")
    assert told[:3] == ["opening stock 8", "opening stock 2", "open order 3"]
    page.run("document.querySelector('#costs-tree .fold').click()")
    assert texts(page, "#costs-tree tbody tr")[:2] == ["Purchase25", f"{FORMULA}25"]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(show: Callable[..., Browser], chromium: Browser, width: int, scheme: str) -> None:
    chromium.media(prefers_color_scheme=scheme)
    try:
        page = show(plan_page(Shown(many()), ["Beware."]), width, state="#item=00123")
        assert page.run("document.documentElement.scrollWidth") <= width
        page.run("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.run("document.querySelectorAll('#waiting-table .fold')[0]?.click()")
        assert page.run(CONTRAST) == []
        page.run("document.documentElement.style.setProperty('--quiet', '#777')")
        assert len(page.run(CONTRAST)) > 5  # otherwise it could not fail
    finally:
        chromium.media()


def test_tables_are_tables_in_a_narrow_window_too(show: Callable[..., Browser]) -> None:
    page = show(plan_page(Shown(many()), []), NARROW)
    page.call("Accessibility.enable")
    nodes: list[dict[str, Any]] = page.call("Accessibility.getFullAXTree")["nodes"]
    page.call("Accessibility.disable")
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert roles.count("table") == 6  # worklist, today, waiting, risk, costs, later
    assert {"columnheader", "rowheader", "cell", "banner", "main", "navigation", "contentinfo"} <= set(roles)
    controls = {"table", "button", "link", "slider", "searchbox", "image"}
    assert [node for node in nodes if node["role"]["value"] in controls and not node["name"]["value"]] == []
    assert page.run("document.getElementById('fold').open") is False


def test_what_is_left_out_is_said(show: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.report.page.plan.MOST_ROWS", 1)
    monkeypatch.setattr("optimizer.report.page.stock.MOST_NUMBERS", 1)
    page = show(plan_page(Shown(many()), []))
    assert texts(page, "#waiting-table .notice") == [
        "Only the first 1 of 60 rows are in this page; all are in backorders.csv."
    ]
    # Two orders to send, one later; one of each is in the page.
    assert texts(page, "#later-chart h3") == ["Value of orders by week [EUR], without 1 order that is not in this page"]
    assert texts(page, "#risk-lead")[0].startswith("None of 1 items in this page, those with most at stake, runs")


def test_it_prints_all_that_is_to_be_done_today(show: Callable[..., Browser]) -> None:
    page = show(plan_page(Shown(many()), []))
    assert page.paper().startswith(b"%PDF")
    assert len(texts(page, "#today-table tbody tr")) == 4  # two suppliers, an order each; as before


def test_a_frontier_is_shown(show: Callable[..., Browser]) -> None:
    page = show(frontier_page("sweep", "EUR", POINTS, ["Certified."]))
    assert page.run("document.querySelectorAll('#frontier circle').length") == 3
    assert page.run("document.querySelectorAll('#frontier circle.knee').length") == 1
    assert page.run("document.querySelectorAll('#frontier circle.dominated').length") == 1
    assert [text.split()[0] for text in texts(page, "#points thead th")][:2] == ["factor", "cost"]
    assert texts(page, "#points tbody tr:nth-child(2)") == [f"111095.0%90.0%yes{SCRIPT}"]
    page = show(frontier_page("sweep", "EUR", POINTS.head(1)), NARROW)
    assert page.run("document.querySelectorAll('#frontier circle').length") == 1
    page = show(frontier_page("sweep", "EUR", POINTS.head(0)))
    assert texts(page, "#frontier") == ["There are no points."]
