"""The parts, found by themselves: each module of this package defines one class derived from `Part`."""

import importlib
import inspect
import pkgutil
from functools import cache
from graphlib import TopologicalSorter

from models.part import Part


@cache
def parts() -> tuple[Part, ...]:
    """One of each part, those that offer an account before those that use it, else by name."""
    return in_order([_part_of(module.name) for module in pkgutil.iter_modules(__path__)])


@cache
def plain() -> tuple[Part, ...]:
    """The parts that say what the business is: all but those that only strengthen."""
    return tuple(part for part in parts() if not part.strengthens)


def in_order(chosen: list[Part]) -> tuple[Part, ...]:
    """Parts in an order in which each comes after those whose accounts it uses, or posts to."""
    chosen = sorted(chosen, key=lambda part: (part.strengthens, part.name))  # what only strengthens moves no other part
    graph = {
        part: [other for other in chosen if {*part.uses, *part.posts} & {*other.offers, *other.owns}] for part in chosen
    }
    return tuple(TopologicalSorter(graph).static_order())


def _part_of(module_name: str) -> Part:
    module = importlib.import_module(f"{__name__}.{module_name}")
    (found,) = (
        value
        for _, value in inspect.getmembers(module, inspect.isclass)
        if issubclass(value, Part) and value.__module__ == module.__name__
    )
    return found()
