"""Document: an answer as plain lists and numbers, for `--json`."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

from optimizer.explain.point import Named
from optimizer.explain.subject import line_name
from optimizer.report.pegging import Peg


def document(answer: Any) -> Any:
    """An answer as JSON has it; demand lines and rules by their names."""
    match answer:
        case Peg():
            return {
                "item": answer.item,
                "location": answer.location,
                "receipt": answer.receipt.kind,
                "names": list(answer.receipt.names),
                "arrival": answer.receipt.arrival,
                "use": answer.use.kind,
                "line": line_name(answer.use.line) if answer.use.line else "",
                "period": answer.use.period,
                "quantity": float(answer.quantity),
            }
        case Named():
            return {"rule": answer.rule, "part": answer.part, "about": dict(answer.about), "words": answer.words}
        case dict():
            return {str(name): document(value) for name, value in answer.items()}
        case list() | tuple():
            return [document(value) for value in answer]
        case _ if is_dataclass(answer) and not isinstance(answer, type):
            return {field.name: document(getattr(answer, field.name)) for field in fields(answer)}
    return _number(answer) if isinstance(answer, float | Decimal) else answer


def _number(value: float | Decimal) -> float | None:
    """JSON has no infinity: nothing is known."""
    return float(value) if isfinite(value) else None
