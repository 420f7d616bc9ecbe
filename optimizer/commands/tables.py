"""`replenish tables`: every table and column that an instance can have."""

from typing import Annotated

import typer
from rich.markup import escape

from models import schema
from optimizer.commands import terminal
from optimizer.read import default_declarations
from optimizer.read.reference import reference

EXAMPLE = "replenish tables --markdown > tables.md"


def tables(
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, with every limit and reference.")] = False,
) -> None:
    """Show every table and column that an instance can have, with units and defaults."""
    text = reference(default_declarations(), schema.results())
    if markdown:
        terminal.write(text.encode())
        return
    for name, table in schema.tables().items():
        terminal.out.print(f"\n[bold]{name}[/bold]{' (optional)' if table.optional else ''}  {escape(table.about)}")
        for column in table.all_columns:
            star = "*" if column in table.key else " "
            unit = f" [dim]\\[{column.unit}][/dim]" if column.unit else ""
            terminal.out.print(f"  {star} {column.name}{unit}  {escape(column.about)}", soft_wrap=True)
