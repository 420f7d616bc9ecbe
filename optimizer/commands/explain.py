"""`replenish explain`: why a plan is what it is, what else could be done, and what that would cost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optimizer.commands import options, terminal
from optimizer.report import busy
from optimizer.write import repair

if TYPE_CHECKING:
    from optimizer.explain import Questions

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
            "\\[default: none, later, earlier, other suppliers]",
        ),
    ] = None,
    flip: Annotated[
        bool, typer.Option("--flip", help="With --order: how far demand or lead time must change for it to go.")
    ] = False,
    line: Annotated[
        str | None, typer.Option(metavar="ITEM,CUSTOMER,DUE[,…]", help="Explain how a demand line is served.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="DATE", help="With --line: the price of all of it by then.")] = None,
    item: Annotated[str | None, typer.Option(metavar="ITEM", help="Explain an item.")] = None,
    near: Annotated[
        float | None,
        typer.Option(
            metavar="PERCENT", min=0.0, help="With --item: clearly different plans of it that cost so little more."
        ),
    ] = None,
    last: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="With --near: also the one nearest to this earlier plan.")
    ] = None,
    supplier: Annotated[str | None, typer.Option(metavar="SUPPLIER", help="Explain a supplier.")] = None,
    values: Annotated[
        bool, typer.Option("--values", help="What a unit more of stock, capacity, … is worth; of --item, --supplier.")
    ] = False,
    rules: Annotated[bool, typer.Option("--rules", help="What each supplier's rules cost; of --supplier.")] = False,
    instance: Annotated[
        Path | None, typer.Option(metavar="INSTANCE", help="Where the instance is. \\[default: where it was]")
    ] = None,
    time_limit: options.AnswerSeconds = 20.0,
    as_json: options.AsJson = False,
) -> None:
    """Explain a plan: what an order covers, which rules bind, what else could be done and what that would cost.

    Everything that is not asked about stays as planned; the answer says what was free to move.
    """
    from optimizer.explain import opened

    asked = {"order": order, "line": line, "item": item, "supplier": supplier}
    _check(asked, bool(instead) or flip, by, values or rules)
    if (near is not None or last is not None) and (item is None or near is None):
        terminal.fail("--near is about an item: name it with --item; --last goes with --near.", terminal.WRONG_CALL)
    repair(plan, last)
    try:
        with busy("reading", terminal.err) as doing:
            questions = opened(plan, instance, time_limit)
            doing("deciding")
            answers = dict(_answers(questions, asked, instead or [], by, flip, values, rules))
            if near is not None and item is not None:
                answers["near"] = questions.near(item, near / 100, last)
    except KeyboardInterrupt:
        terminal.fail("Stopped before there was an answer.", terminal.STOPPED)
    for note in questions.notes:
        terminal.say(f"Note: {note}.")
    _tell(questions, answers, as_json)


def _answers(
    questions: "Questions",
    asked: dict[str, str | None],
    instead: list[str],
    by: str | None,
    flip: bool,
    values: bool,
    rules: bool,
) -> Iterator[tuple[str, Any]]:
    """What was asked, by name."""
    if asked["order"] is not None:
        yield "order", questions.order(asked["order"], instead)
        if flip:
            yield "flip", questions.flip(asked["order"])
    if asked["line"] is not None:
        yield "line", questions.line(asked["line"], by)
    if values:
        yield "values", questions.values(asked["item"], asked["supplier"])
        if asked["item"] is not None:
            yield "lead_times", questions.lead_times(asked["item"])
    if rules:
        yield "rules", questions.rules(asked["supplier"])
    if not values and not rules:
        if asked["item"] is not None:
            yield "item", questions.item(asked["item"])
        if asked["supplier"] is not None:
            yield "supplier", questions.supplier(asked["supplier"])


def _tell(questions: "Questions", answers: dict[str, Any], as_json: bool) -> None:
    from optimizer.explain.document import document
    from optimizer.explain.show import shown

    if as_json:
        told = {name: document(answer) for name, answer in answers.items()}
        text = json.dumps({"notes": questions.notes, **told}, indent=2, ensure_ascii=False)
        terminal.write(f"{text}\n".encode())
        return
    for name, answer in answers.items():
        for part in shown(name, answer):
            terminal.out.print(part)


def _check(asked: dict[str, str | None], of_order: bool, by: str | None, of_all: bool) -> None:
    """Options that go together."""
    if of_order and asked["order"] is None:
        terminal.fail("--instead and --flip are about an order: name it with --order.", terminal.WRONG_CALL)
    if by is not None and asked["line"] is None:
        terminal.fail("--by is about a demand line: name it with --line.", terminal.WRONG_CALL)
    if not of_all and not any(text is not None for text in asked.values()):
        wanted = "--order, --line, --item, --supplier, --values or --rules"
        terminal.fail(f"Ask for something: {wanted}.", terminal.WRONG_CALL)
