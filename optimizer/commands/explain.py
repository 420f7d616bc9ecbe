"""`replenish explain`: why a plan is what it is, what else could be done, and what that would cost."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from optimizer.commands import terminal
from optimizer.report import busy

EXAMPLE = "replenish explain my-plan --order chain,acme,north,2026-12-28"


def explain(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The folder of a published plan.")],
    order: Annotated[
        str | None,
        typer.Option(metavar="ITEM,SUPPLIER[,LOCATION],PERIOD", help="Explain an order, or why there is none."),
    ] = None,
    instead: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT",
            help="Why not this: none, or supplier=…,period=…,quantity=… (any of them). May be repeated. "
            "[default: none, later, earlier, other suppliers]",
        ),
    ] = None,
    line: Annotated[
        str | None, typer.Option(metavar="ITEM,CUSTOMER,DUE[,…]", help="Explain how a demand line is served.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="DATE", help="With --line: the price of all of it by then.")] = None,
    item: Annotated[str | None, typer.Option(metavar="ITEM", help="Explain an item.")] = None,
    supplier: Annotated[str | None, typer.Option(metavar="SUPPLIER", help="Explain a supplier.")] = None,
    instance: Annotated[
        Path | None, typer.Option(metavar="INSTANCE", help="Where the instance is. [default: where it was]")
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.0, metavar="SECONDS", help="That each answer may take once the plan is read.")
    ] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help="Write the whole answer as JSON.")] = False,
) -> None:
    """Explain a plan: what an order covers, which rules bind, what else could be done and what that would cost.

    Everything that is not asked about stays as planned; the answer says what was free to move.
    """
    from optimizer.explain import opened
    from optimizer.explain.document import document
    from optimizer.explain.show import shown

    asked = {"order": order, "line": line, "item": item, "supplier": supplier}
    _check(asked, instead, by)
    try:
        with busy("reading", terminal.err) as doing:
            questions = opened(plan, instance, time_limit)
            doing("deciding")
            answers = [
                answer
                for name, text in asked.items()
                if text is not None
                for answer in [_answer(questions, name, text, instead or [], by)]
            ]
    except KeyboardInterrupt:
        terminal.fail("Stopped before there was an answer.", terminal.STOPPED)
    for note in questions.notes:
        terminal.say(f"Note: {note}.")
    if as_json:
        told = {
            name: document(answer, questions.standing.point)
            for name, answer in zip(_given(asked), answers, strict=True)
        }
        json.dump({"notes": questions.notes, **told}, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
        return
    for answer in answers:
        for part in shown(answer, questions.standing.point):
            terminal.out.print(part)


def _given(asked: dict[str, str | None]) -> list[str]:
    return [name for name, text in asked.items() if text is not None]


def _answer(questions: Any, name: str, text: str, instead: Sequence[str], by: str | None) -> Any:
    match name:
        case "order":
            return questions.order(text, instead)
        case "line":
            return questions.line(text, by)
        case "item":
            return questions.item(text)
    return questions.supplier(text)


def _check(asked: dict[str, str | None], instead: list[str] | None, by: str | None) -> None:
    """Options that go together."""
    if not _given(asked):
        terminal.fail("Ask for something: --order, --line, --item or --supplier.", terminal.WRONG_CALL)
    if instead and asked["order"] is None:
        terminal.fail("--instead is about an order: name it with --order.", terminal.WRONG_CALL)
    if by is not None and asked["line"] is None:
        terminal.fail("--by is about a demand line: name it with --line.", terminal.WRONG_CALL)
