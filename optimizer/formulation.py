"""Formulation: with which strengthening parts a run builds its model.

    plain   none: the model as the business says it
    tight   all of them
    auto    those that pay at this size: none where the program is large; else those that add no variables of their own

What was measured (docs/decisions/0010-strengthening-parts.md): rows that tie a supplier's capacity to its joint order
lift the relaxation at 20 and 50 items by 2 to 3 percent at no cost. Pegging lifts it by another percent, but its linear
program takes 20 times longer, and branch and bound then comes less far in the same time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from models.instance import Instance
from models.part import Part
from models.parts import parts, plain

Formulation = Literal["auto", "plain", "tight"]
FORMULATIONS: tuple[Formulation, ...] = get_args(Formulation)
LARGE = 10_000  # sourcing rows × periods above which auto takes the plain form: its blocks are solved apart


@dataclass(frozen=True, slots=True)
class Chosen:
    """The parts of a model, and how they were chosen."""

    asked: Formulation
    parts: Sequence[Part]

    @property
    def strengthening(self) -> list[str]:
        """Names of the strengthening parts among them."""
        return [part.name for part in self.parts if part.strengthens]

    def __str__(self) -> str:
        """In a few words, for whoever watches."""
        return f"{self.asked} formulation: {', '.join(self.strengthening) or 'nothing'} added"


def chosen(asked: Formulation, instance: Instance) -> Chosen:
    """The parts for what was asked.

    Raises:
        ValueError: there is no such formulation.
    """
    match asked:
        case "plain":
            return Chosen(asked, plain())
        case "tight":
            return Chosen(asked, parts())
        case "auto":
            large = len(instance["sourcing"]) * instance.calendar.periods > LARGE
            return Chosen(asked, plain() if large else tuple(part for part in parts() if not part.extends))
    raise ValueError(f"formulation {asked!r}: one of {', '.join(FORMULATIONS)}")
