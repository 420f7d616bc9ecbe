"""The page as a file: its structure, what it says, what it embeds, and that ids stay texts."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

from optimizer.report.page import costs as costs_module
from optimizer.report.page import frontier_page, plan_page
from optimizer.report.page import plan as plan_module
from optimizer.report.page import stock as stock_module
from optimizer.report.page.document import filled
from optimizer.report.page.embed import as_script, codes, numbers
from optimizer.report.shown import Shown
from tests.report.page.hostile import COMMENT, IDS, IMAGE, SCRIPT, hostile, many
from tests.write.plans import FORMULA, plan

VOID = {"meta", "link", "input", "br"}


class Structure(HTMLParser):
    """Tags with their attributes, the text of each heading, and of each script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def embedded(page: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Structure(page).texts["script"][0])
    return data


def column(table: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(column for column in table["columns"] if column["name"] == name)
    return found


def test_headings_landmarks_and_labels() -> None:
    page = Structure(plan_page(Shown(plan()), ["Beware."]))
    assert [len(page.texts[tag]) for tag in ("h1", "header", "main", "nav", "footer")] == [1] * 5
    assert page.texts["h2"] == [
        "What to do today",
        "Who waits, and until when",
        "What is at risk",
        "Stock, item by item",
        "What it costs",
        "What is planned for later",
    ]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for section in page.all("section"):
        assert section["aria-labelledby"] in ids
    for link in page.all("a"):
        assert str(link["href"])[1:] in ids  # nothing leads out of the page
    assert [field["list"] for field in page.all("input")] == ["items", "suppliers", "customers"]
    assert len(page.texts["label"]) == 3
    assert page.all("html") == [{"lang": "en"}]


def test_it_asks_nobody_for_anything() -> None:
    page = plan_page(Shown(plan()), [])
    structure = Structure(page)
    assert not any(
        {"src", "srcset", "action", "style", "onclick"} & attributes.keys() for _, attributes in structure.tags
    )
    assert [attributes["href"] for attributes in structure.all("link")] == ["data:,"]
    policy = next(str(meta["content"]) for meta in structure.all("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert not re.search(r"url\(|@import", structure.texts["style"][0])


def test_the_verdict() -> None:
    page = plan_page(Shown(plan()), ["Beware."])
    texts = Structure(page).texts
    # (59.7 - 58.2) / 59.7 = 2.5%
    assert texts["h1"] == ["This plan is within 2.5% of the best possible."]
    assert "at most 1.50 EUR could still be saved" in page
    assert "Send 1 line to 1 supplier, 25 EUR in all." in page
    assert "3 things to do: 2 to tell, 1 to release. First is that on which most money hangs." in page
    assert "2 demand lines late or short, which costs 21.50 EUR. Of 1 of them something is never delivered." in page
    assert texts["summary"] == ["1 warning", "Filter"]
    assert Structure(plan_page(Shown(plan(gap_money=0.0)), [])).texts["h1"] == ["No plan can cost less than this one."]
    feasible = Structure(plan_page(Shown(plan(status="feasible")), [])).texts["h1"]
    assert feasible == ["A sound plan, though a better one might save up to 1.50 EUR."]
    assert "items.csv has changed since this was planned." in plan_page(Shown(plan()), [], ["items.csv"])


def test_a_plan_in_which_nothing_happens() -> None:
    page = plan_page(Shown(plan(tables={}, accounts={}, objective=0.0, bound=0.0, gap_money=0.0, run={})), [])
    assert "Nothing is to be ordered, now or later." in page
    assert "Nobody waits and nothing falls short." in page
    data = embedded(page)
    assert [table["rows"] for table in data["tables"].values()] == [0, 0, 0, 0]
    assert data["stock"]["item"] == []


def test_next_order_is_told_where_none_is_sent_now() -> None:
    later = many()
    orders = later.tables["purchase_orders"]
    later.tables["purchase_orders"] = orders[orders["action"] == "planned"]
    assert "Nothing is to be ordered now. The next order is planned for 2026-11-30." in plan_page(Shown(later), [])


def test_what_is_embedded() -> None:
    data = embedded(plan_page(Shown(plan()), []))
    today, waiting, stock = data["tables"]["today"], data["tables"]["waiting"], data["stock"]
    assert data["names"]["item"] == ["00123", "NA"]
    assert [data["names"]["supplier"][code] for code in column(today, "supplier")["values"]] == [FORMULA]
    assert column(today, "why")["texts"] == ["customers wait for it"]
    assert column(today, "until")["texts"] == ["2026-11-29"]
    assert column(today, "value")["note"].endswith(" [EUR]")
    assert column(waiting, "cost")["values"] == [21, 0.5]  # the dearest first
    # NA: 21 of shortage at stake; 00123: 0.5 of waiting.
    assert (stock["item"], stock["stake"]) == ([1, 0], [21, 0.5])
    # 00123 has 2, 0, 5, 5 on hand and a safety stock of 5: two weeks below it; 1 waits at the end of week 1.
    assert stock["figures"]["on_hand"] == [0, [2, 0, 5, 5]]
    assert (stock["safety"], stock["below"], stock["late"], stock["never"]) == ([0, 5], [0, 2], [0, 1], [7, 0])
    assert stock["first"] == [1, 0]
    assert data["related"] == {"supplier": [[1], []], "customer": [[0, 1], [0]]}
    costs = data["costs"]
    assert sum(costs["amount"]) == pytest.approx(59.7 - 0.0)
    assert [costs["accounts"][code] for code in costs["account"]] == [
        *("purchase", "shortage", "ordering", "holding", "backorder")
    ]


def test_who_is_served_by_which_receipt() -> None:
    pegs = embedded(plan_page(Shown(plan()), []))["tables"]["pegs"]
    receipt, use, quantity = (column(pegs, name) for name in ("receipt", "use", "quantity"))
    rows = zip(receipt["values"], use["values"], quantity["values"], strict=True)
    # Of the 10 that stood there 8 and 2 go out, then the 3 of the earlier order; of the new one 1 late, 4, and 5 stay.
    assert [(receipt["texts"][one], use["texts"][other], much) for one, other, much in rows] == [
        ("opening stock", "delivery", 8),
        ("opening stock", "delivery", 2),
        ("open order", "delivery", 3),
        ("order", "delivery", 1),
        ("order", "delivery", 4),
        ("order", "ending stock", 5),
    ]


def test_the_worklist_says_with_whom_and_what_is_at_stake() -> None:
    data = embedded(plan_page(Shown(plan()), []))
    worklist = data["tables"]["worklist"]
    # To tell c1 of 21, to release an order that 2.5 hangs on, to tell @c2 of 0.5.
    assert column(worklist, "at_stake")["values"] == [21, 2.5, 0.5]
    people = column(worklist, "with")
    assert [people["texts"][code] for code in people["values"]] == ["c1", FORMULA, "@c2"]
    without = {name: frame for name, frame in plan().tables.items() if name != "actions"}
    assert "worklist" not in embedded(plan_page(Shown(plan(tables=without)), []))["tables"]


def test_ids_are_texts_whatever_they_look_like() -> None:
    page = plan_page(Shown(hostile()), [*IDS])
    structure = Structure(page)
    assert not structure.all("img")
    assert [tag.get("type") for tag in structure.all("script")] == ["application/json", None]
    assert page.count("<script") == 2
    data = embedded(page)
    assert data["names"]["item"] == [SCRIPT, IMAGE]
    assert COMMENT in data["names"]["customer"]
    assert data["about"] == [IMAGE, SCRIPT]
    assert structure.texts["title"] == [SCRIPT]
    # Half of a surrogate pair and the separators of lines cannot be shown.
    assert [text for text in structure.texts["li"] if text] == [
        text.replace("\ud800", " ").replace("\u2028", " ") for text in IDS
    ]


def test_more_rows_than_there_is_room_for_are_cut_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "MOST_ROWS", 2)
    monkeypatch.setattr(costs_module, "MOST", 2)
    monkeypatch.setattr(stock_module, "MOST_NUMBERS", 1)
    data = embedded(plan_page(Shown(many()), []))
    waiting, costs, stock = data["tables"]["waiting"], data["costs"], data["stock"]
    assert (waiting["rows"], waiting["total"], column(waiting, "cost")["values"]) == (2, 60, [60, 59])
    assert (len(stock["item"]), stock["total"]) == (1, 2)
    # 25 and 21 are the largest; of ordering 12, holding 1.2 and backorder 0.5 only the account is told.
    assert sorted(zip(costs["amount"], costs["item"], strict=True), reverse=True) == [
        *((25, 0), (21, 1), (12, -1), (1.2, -1), (0.5, -1))
    ]


def test_numbers_and_codes() -> None:
    assert numbers([1.0, 0.12345, -0.0, float("nan"), 1e9]) == [1, 0.1234, 0, None, 1_000_000_000]
    assert codes(pd.Series(["b", "a", None, "x"]), {"a": 0, "b": 1}) == [1, 0, -1, -1]
    assert as_script({"a": "</script>&\u2028"}) == '{"a":"\\u003c/script\\u003e\\u0026\\u2028"}'


def test_a_hole_that_nobody_fills_is_an_error_and_none_is_filled_twice() -> None:
    assert filled("<!-- a -->|<!-- b -->", {"a": "<!-- b -->", "b": "x"}) == "<!-- b -->|x"
    with pytest.raises(KeyError):
        filled("<!-- c -->", {})


POINTS = pd.DataFrame(
    {
        "factor": [0.5, 1.0, 2.0],
        "cost": [100.0, 110.0, 140.0],
        "fill_rate": [0.9, 0.95, 0.97],
        "fill_rate_on_time": [0.8, 0.9, 0.92],
        "dominated": [0, 0, 1],
        "knee": [0, 1, 0],
        "note": ["", SCRIPT, ""],
    }
)


def test_the_page_of_a_frontier() -> None:
    page = frontier_page("sweep <1>", "EUR", POINTS, ["Certified."])
    structure = Structure(page)
    assert structure.texts["h1"] == ["The knee is at 90.0% delivered on time, for 110 EUR."]
    assert "sweep &lt;1&gt;, 3 points" in page
    assert "Certified." in page
    points = embedded(page)["points"]
    assert [column["kind"] for column in points["columns"]] == [
        *("number", "money", "share", "share", "text", "text", "text")
    ]
    assert [column(points, "knee")["texts"][code] for code in column(points, "knee")["values"]] == ["", "yes", ""]
    assert Structure(frontier_page("x", "EUR", POINTS.drop(columns="knee"))).texts["h1"] == [
        "From 80.0% to 92.0% delivered on time."
    ]
    with pytest.raises(ValueError, match="needs the columns"):
        frontier_page("x", "EUR", POINTS[["factor", "cost"]])
