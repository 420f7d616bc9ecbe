"""`replenish report`: a plan, or a frontier, as one page to read in a browser."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from optimizer.commands import terminal
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.published import instance_of, published
from optimizer.read.source import of_the_machine
from optimizer.report import busy
from optimizer.report.page import frontier_page, plan_page
from optimizer.report.page.again import again
from optimizer.report.shown import Shown
from optimizer.write import repair
from optimizer.write.pages import NAME, check, put

EXAMPLE = "replenish report my-plan -o my-plan.html"
FRONTIER, SAID = "frontier.csv", "tune.json"


def report(
    folder: Annotated[Path, typer.Argument(metavar="PLAN", help="The folder of a plan, or of a sweep (tune).")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Where the page goes; a page of ours is replaced.")
    ] = Path(NAME),
    instance: Annotated[
        Path | None,
        typer.Option(metavar="INSTANCE", help="The plan's instance. \\[default: where it was when it was planned]"),
    ] = None,
) -> None:
    """Write a plan, or the frontier of a sweep, as one page that is read in a browser, offline.

    Every plan has such a page already, report.html: this is for plans of earlier versions, and after the instance was
    given other descriptions or safety stocks.
    """
    check(output)
    repair(folder)
    with busy("reading", terminal.err) as doing:
        page = _plan(folder, instance, doing) if not (folder / FRONTIER).exists() else _frontier(folder)
        put(page, output)
    terminal.out.print(f"{output}: open it in a browser.", markup=False, soft_wrap=True)


def _plan(folder: Path, instance: Path | None, doing: Callable[[str], None]) -> str:
    there = published(folder)
    source, changed = instance_of(there, instance)
    doing("writing")
    try:
        plan = again(there, source.instance)
    except KeyError as error:
        raise NoEarlierPlan(f"{folder / 'plan.json'} cannot be read: it has no entry {error}.") from None
    return plan_page(Shown(plan), plan.warnings, changed)


def _frontier(folder: Path) -> str:
    path = folder / FRONTIER
    try:
        said = json.loads((folder / SAID).read_text(encoding="utf-8")) if (folder / SAID).exists() else {}
        name = said.get("name", folder.resolve().name)
        sentences = [str(sentence) for sentence in said.get("sentences", [])]
        frame = pd.read_csv(path, encoding="utf-8")
        return frontier_page(name, said.get("currency", ""), frame, sentences, said.get("against"))
    except (AttributeError, OSError, ValueError) as error:
        if of_the_machine(error):
            raise
        raise NoEarlierPlan(f"{path} cannot be read: {error}.") from error
