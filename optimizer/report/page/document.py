"""Document: the parts of a page put into one file: markup, style, script, data.

Markup is a template with holes, `<!-- name -->`. All are filled at once, so that nothing that is put in is looked at
for holes again.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from optimizer.report.page.embed import as_script

ASSETS = Path(__file__).parent / "assets"
MARK = '<meta name="generator" content="replenish">'  # by which a page of ours is known
_HOLE = re.compile(r"<!-- (\w+) -->")


def document(template: str, scripts: Sequence[str], holes: Mapping[str, str], data: Mapping[str, Any]) -> str:
    """A page.

    Args:
        template: name of the markup's file.
        scripts: names of the scripts' files, in order.
        holes: markup by hole; texts in it are escaped already.
        data: what the scripts read.
    """
    style = _asset("page.css")
    script = "(() => {\n" + '"use strict";\n' + "\n".join(_asset(name) for name in scripts) + "})();\n"
    policy = (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'"
    )
    own = {
        "policy": f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n{MARK}',
        "style": f"<style>{style}</style>",
        "data": f'<script type="application/json" id="data">{as_script(data)}</script>',
        "script": f"<script>{script}</script>",
    }
    return filled(_asset(template), own | dict(holes))


def filled(template: str, holes: Mapping[str, str]) -> str:
    """A template whose holes are filled.

    Raises:
        KeyError: it has a hole that nobody fills.
    """
    return _HOLE.sub(lambda hole: holes[hole[1]], template)


def text(value: object) -> str:
    """A text as markup."""
    shown = "".join(sign if sign.isprintable() else " " for sign in str(value))
    return escape(shown).encode("utf-8", "replace").decode()


def _digest(content: str) -> str:
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
