"""Verdict: what a planner reads first, in sentences and figures; markup that needs no script."""

import pandas as pd

from optimizer.report.page.document import text
from optimizer.report.summary import baseline_sentence, gap_sentence
from optimizer.report.text import amount, counted, duration, percent
from optimizer.results.plan import Plan

NOTHING = 1e-6  # of the cost


def holes(plan: Plan, warnings: list[str]) -> dict[str, str]:
    """Markup of the page's sentences, by hole."""
    calendar = plan.instance.calendar
    said = f"{text(plan.name)}, {counted(calendar.periods, calendar.kind)} from {calendar.first_day(0)}"
    return {
        "title": text(plan.name),
        "about": said,
        "headline": text(headline(plan)),
        "gap": text(f"{gap_sentence(plan)} {baseline_sentence(plan)}".strip()),
        "figures": _figures(plan),
        "today": text(today_sentence(plan)),
        "worklist": text(worklist_sentence(plan)),
        "waiting": text(waiting_sentence(plan)),
        "warnings": _warnings(warnings),
        "made": text(_made(plan)),
    }


def headline(plan: Plan) -> str:
    """The verdict in one sentence."""
    if plan.gap_money <= NOTHING * max(1.0, abs(plan.objective)):
        return "No plan can cost less than this one."
    if plan.status == "optimal":
        return f"This plan is within {percent(plan.gap)} of the best possible."
    return f"A sound plan, though a better one might save up to {amount(plan.gap_money)} {plan.currency}."


def worklist_sentence(plan: Plan) -> str:
    """How many things there are to do, and of which kinds."""
    actions = _table(plan, "actions")
    if actions is None:
        return ""
    counts = actions["action"].value_counts(sort=False)
    kinds = ", ".join(f"{count:,} to {kind}" for kind, count in counts.items())
    return f"{counted(len(actions), 'thing')} to do: {kinds}. First is that on which most money hangs."


def today_sentence(plan: Plan) -> str:
    """What is to be sent now, or when the next order is due."""
    lines = _table(plan, "purchase_orders")
    if lines is None:
        return "Nothing is to be ordered, now or later."
    now = lines[lines["action"] == "release"]
    if not len(now):
        return f"Nothing is to be ordered now. The next order is planned for {min(lines['order_period'])}."
    suppliers = counted(now["supplier"].nunique(), "supplier")
    return f"Send {counted(len(now), 'line')} to {suppliers}, {amount(now['value'].sum())} {plan.currency} in all."


def waiting_sentence(plan: Plan) -> str:
    """How many demand lines wait or fall short, and what that costs."""
    lines = _table(plan, "backorders")
    if lines is None:
        return "Nobody waits and nothing falls short."
    never = int((lines["short_quantity"] > 0).sum())
    short = f" Of {never:,} of them something is never delivered." if never else ""
    cost = f"{amount(lines['cost'].sum())} {plan.currency}"
    return f"{counted(len(lines), 'demand line')} late or short, which costs {cost}.{short}"


def _figures(plan: Plan) -> str:
    orders, lines = _table(plan, "purchase_orders"), _table(plan, "backorders")
    now = 0.0 if orders is None else float(orders["value"].where(orders["action"] == "release", 0.0).sum())
    count = 0 if orders is None else int((orders["action"] == "release").sum())
    goods = plan.accounts.get("purchase", 0.0)
    currency = text(plan.currency)
    waits = 0 if lines is None else len(lines)
    cards = (
        ("#today", "Order today", amount(now), currency, counted(count, "line")),
        ("#waiting", "Delivered on time", percent(plan.fill_rate_on_time), "", f"{percent(plan.fill_rate)} in all"),
        ("#waiting", "Late or short", f"{waits:,}", "line" if waits == 1 else "lines", _cost_of_waiting(plan)),
        ("#costs", "Cost of the plan", amount(plan.objective), currency, f"{amount(goods)} of it for goods"),
    )
    return "".join(
        f'<div><dt><a href="{where}">{name}</a></dt><dd class="figure">{text(figure)} <small>{unit}</small></dd>'
        f"<dd>{text(more)}</dd></div>"
        for where, name, figure, unit, more in cards
    )


def _cost_of_waiting(plan: Plan) -> str:
    lines = _table(plan, "backorders")
    return "" if lines is None else f"costs {amount(lines['cost'].sum())} {plan.currency}"


def _warnings(warnings: list[str]) -> str:
    if not warnings:
        return '<p class="quiet">No warnings.</p>'
    items = "".join(f"<li>{text(warning)}</li>" for warning in warnings)
    opened = " open" if len(warnings) <= 3 else ""
    summary = f"<summary>{counted(len(warnings), 'warning')}</summary>"
    return f'<details class="warnings"{opened}>{summary}<ul>{items}</ul></details>'


def _made(plan: Plan) -> str:
    """When, by what, how long."""
    start = str(plan.run.get("start", ""))[:16].replace("T", " ")
    solver = plan.run.get("solver") or {}
    by = f"with {solver['name']} {solver['version']}" if {"name", "version"} <= solver.keys() else ""
    return " ".join(part for part in ("Planned", start and f"{start} UTC", f"in {duration(plan.seconds)}", by) if part)


def _table(plan: Plan, name: str) -> pd.DataFrame | None:
    frame = plan.tables.get(name)
    return frame if frame is not None and len(frame) else None
