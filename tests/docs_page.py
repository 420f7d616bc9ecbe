"""Documentation pages as what tests need of them: code that runs, what it prints, parts between markers."""

import contextlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", flags=re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A block of Python, and what the page says it prints."""

    code: str
    printed: str


def examples(page: str) -> list[Example]:
    """Every Python block of a page, with the text block that follows it."""
    blocks = [(match["language"], match["text"]) for match in BLOCK.finditer(page)]
    following = [*blocks[1:], ("", "")]
    return [
        Example(text, after[1] if after[0] == "text" else "")
        for (language, text), after in zip(blocks, following, strict=True)
        if language == "python"
    ]


def run(code: str, names: dict[str, Any]) -> str:
    """What a block prints, run with the names that the blocks before it made."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "<page>", "exec"), names)
    return printed.getvalue()


def between(page: str, marker: str) -> str:
    """What stands between `<!-- MARKER -->` and `<!-- end of MARKER -->`."""
    start, end = f"<!-- {marker} -->\n", f"<!-- end of {marker} -->"
    return page[page.index(start) + len(start) : page.index(end)]
