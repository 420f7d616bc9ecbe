"""The source, read for what can be made to run what it should only read; and packages with known weaknesses.

    python -m tests.campaigns.source_scan

Every file of `optimizer` and `models` is parsed: no `eval`, `exec`, `compile`, pickle or its like, no shell, no SQL put
together from strings, no array file that may hold pickles, no temporary name without a file. Packages are looked up by
pip-audit where it is installed and the net can be reached; where not, the figures say so.
"""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.campaigns.campaign import Campaign, Run, main

ROOT = Path(__file__).parents[2]
FILES = sorted(path for package in ("models", "optimizer") for path in (ROOT / package).rglob("*.py"))
ALLOWED = {  # file -> what is in it, and why it may be
    f"optimizer/decompose/{name}.py": "imports pickle"  # between processes that a run starts itself, over its own pipes
    for name in ("job", "process_worker", "processes")
}
IMPORTS = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "jsonpickle", "telnetlib", "xmlrpc"}
CALLS = {"eval", "exec", "compile", "__import__"}
METHODS = {
    ("os", "system"), ("os", "popen"), ("tempfile", "mktemp"), ("yaml", "load"), ("pd", "read_pickle"),
    ("pandas", "read_pickle"), ("subprocess", "getoutput"), ("subprocess", "getstatusoutput"),
}  # fmt: skip
EXECUTES = {"execute", "executemany", "executescript"}
LOOKED_UP = 120  # seconds that a look-up of packages may take


def case(number: int, run: Run) -> Iterator[str]:
    """One file; after the last one the packages."""
    if number <= len(FILES):
        path = FILES[number - 1]
        name = path.relative_to(ROOT).as_posix()
        for text in dangers(path.read_text(encoding="utf-8")):
            if text.endswith(ALLOWED.get(name, " ")):
                run.counts["pickles between a run's own processes"] += 1
            else:
                yield f"{name}:{text}"
        run.counts["lines"] += path.read_text(encoding="utf-8").count("\n")
    elif number == len(FILES) + 1:
        yield from _weaknesses(run)


def dangers(source: str) -> Iterator[str]:
    """What of a file's source is dangerous, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
            yield from (f"{node.lineno}: imports {name}" for name in names if name.partition(".")[0] in IMPORTS)
        if isinstance(node, ast.ImportFrom):
            taken = [name.name for name in node.names if (node.module, name.name) in METHODS]
            yield from (f"{node.lineno}: imports {node.module}.{name}" for name in taken)
        if isinstance(node, ast.Call):
            yield from (f"{node.lineno}: {text}" for text in _dangers_of_call(node))


def _dangers_of_call(node: ast.Call) -> Iterator[str]:
    named = {word.arg: word.value for word in node.keywords}
    if isinstance(node.func, ast.Name) and node.func.id in CALLS:
        yield f"calls {node.func.id}"
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
        if (owner, node.func.attr) in METHODS:
            yield f"calls {owner}.{node.func.attr}"
        if node.func.attr in EXECUTES and node.args and not isinstance(node.args[0], ast.Constant):
            yield "puts a statement together from strings"
    for word in ("shell", "allow_pickle"):
        value = named.get(word)
        if value is not None and not (isinstance(value, ast.Constant) and value.value is False):
            yield f"calls with {word}"


def _weaknesses(run: Run) -> Iterator[str]:
    if find_spec("pip_audit") is None:
        run.figures["known-vulnerable packages"] = "not looked up: pip-audit is not installed"
        return
    call = [
        sys.executable,
        "-m",
        "pip_audit",
        "-r",
        "requirements.txt",
        "--disable-pip",
        "--require-hashes",
        "-f",
        "json",
    ]
    try:
        ended = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LOOKED_UP)
        packages: list[dict[str, Any]] = json.loads(ended.stdout)["dependencies"]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
        run.figures["known-vulnerable packages"] = f"not looked up: {type(error).__name__}"
        return
    run.figures["packages looked up"] = len(packages)
    for package in packages:
        yield from (f"{package['name']} {package['version']}: {one['id']}" for one in package.get("vulns", []))


CAMPAIGN = Campaign("source_scan", 19, "0", len(FILES) + 1, len(FILES), case)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
