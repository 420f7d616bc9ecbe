"""Book: the workbook under way, with its formats, and what every sheet has in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from models.tables import Column, Kind
from optimizer.report.shown import Shown
from optimizer.results.plan import Plan
from optimizer.write.sheets.quick_sheet import QuickSheet

A4 = 9

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12, "bottom": 1},
    "sentence": {"italic": True, "font_color": "#404040"},
    "header": {"bold": True, "bg_color": "#DDEBF7", "bottom": 1, "valign": "top"},
    "text": {},
    "bold": {"bold": True, "top": 1},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "whole": {"num_format": "#,##0"},
    "decimal": {"num_format": "#,##0.00"},
    "price": {"num_format": "#,##0.00##"},
    "share": {"num_format": "0.0%"},
    "one_place": {"num_format": "0.0"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "bold_whole": {"bold": True, "top": 1, "num_format": "#,##0"},
    "bold_decimal": {"bold": True, "top": 1, "num_format": "#,##0.00"},
    "bold_share": {"bold": True, "top": 1, "num_format": "0.0%"},
    "late": {"bg_color": "#FFEB9C", "font_color": "#7F6000"},
    "short": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
}


@dataclass
class Book:
    """The workbook under way.

    Attributes:
        workbook: XlsxWriter's.
        shown: the plan, and what is put together from it.
        warnings: what the first sheet warns of.
    """

    workbook: Any
    shown: Shown
    warnings: tuple[str, ...]
    _formats: dict[str, Any] = field(default_factory=dict)

    def format(self, style: str) -> Any:
        """The cell format of a style."""
        if style not in self._formats:
            self._formats[style] = self.workbook.add_format(STYLES[style])
        return self._formats[style]

    def add(self, name: str) -> Any:
        """A new sheet, set up for printing: A4 across, as wide as the page, numbered."""
        sheet = self.workbook.add_worksheet(name, QuickSheet)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L{self.plan.name.replace('&', '&&')[:80]}&C&A&RPage &P of &N")
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def table(self, name: str) -> pd.DataFrame | None:
        """A result table, or None where it has no rows."""
        frame = self.plan.tables.get(name)
        return frame if frame is not None and len(frame) else None

    @property
    def plan(self) -> Plan:
        """What is shown."""
        return self.shown.plan

    @property
    def projection(self) -> pd.DataFrame:
        """The stock projection of the plan."""
        return self.shown.projection

    @cached_property
    def descriptions(self) -> dict[str, str]:
        """Description of each item that has one."""
        items = self.plan.instance.tables.get("items")
        if items is None or "description" not in items.columns:
            return {}
        return {item: text for item, text in zip(items["item"], items["description"], strict=True) if text}

    def described(self, frame: pd.DataFrame, columns: Sequence[Column]) -> tuple[pd.DataFrame, tuple[Column, ...]]:
        """The table with the items' descriptions after the item, where any is known."""
        if not self.descriptions or "item" not in frame:
            return frame, tuple(columns)
        texts = frame["item"].astype(object).map(self.descriptions).fillna("")
        place = 1 + next(k for k, column in enumerate(columns) if column.name == "item")
        added = Column("description", Kind.TEXT, "What the item is.")
        return frame.assign(description=texts), (*columns[:place], added, *columns[place:])
