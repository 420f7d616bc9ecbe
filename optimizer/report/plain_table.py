"""Plain table: a table in which nothing is taken for markup: ids may have brackets (`A[b]`), and colons round words."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text


class PlainTable(Table):
    """A table with a head and no frame, whose title and cells are shown as they are."""

    def __init__(self, title: str, title_style: str = "table.title", **more: Any) -> None:
        """Of a title and its style; whatever else `rich.table.Table` takes goes there."""
        super().__init__(title=Text(title, style=title_style), title_justify="left", box=SIMPLE_HEAD, **more)

    def add_column(self, header: RenderableType = "", *args: Any, **more: Any) -> None:
        """As `Table.add_column`."""
        super().add_column(_as_it_is(header), *args, **more)

    def add_row(self, *cells: RenderableType | None, **more: Any) -> None:
        """As `Table.add_row`."""
        super().add_row(*map(_as_it_is, cells), **more)


def _as_it_is(cell: Any) -> Any:
    return Text(cell) if isinstance(cell, str) else cell
