"""Checking: the reader's findings, and beside them what looks implausible."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from models.findings import Finding
from models.instance import Instance
from optimizer.check import plausible
from optimizer.read import Declarations, Input, InputFaults, Located, read
from optimizer.read.opening import Source


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        input: the instance; None where it has faults.
        findings: faults, then warnings.
    """

    input: Input | None
    findings: list[Located] = field(default_factory=list)

    @property
    def faults(self) -> list[Located]:
        """What stops a run."""
        return [finding for finding in self.findings if finding.is_fault]

    @property
    def warnings(self) -> list[Located]:
        """What a planner should look at."""
        return [finding for finding in self.findings if not finding.is_fault]

    @property
    def sound(self) -> bool:
        """Whether the instance can be planned."""
        return self.input is not None


def check(
    source: Source, *, settings: Mapping[str, Any] | None = None, declarations: Declarations | None = None
) -> Report:
    """Read an instance and look for what is implausible; never raises `InputFaults`.

    Args:
        source: as in `read`.
        settings: as in `read`.
        declarations: as in `read`.
    """
    try:
        found = read(source, settings=settings, declarations=declarations)
    except InputFaults as faults:
        beside = plausibility(faults.partial) if isinstance(faults.partial, Input) else []
        return Report(None, faults.findings + beside)
    return Report(found, found.warnings + plausibility(found))


def plausibility(found: Input) -> list[Located]:
    """What looks wrong though it is allowed, each at its row; every file in `plausible/` is one such look."""
    return found.locate_all(finding for look in looks() for finding in look(found.instance))


def looks() -> list[Callable[[Instance], Iterator[Finding]]]:
    """The function `look` of every module in `plausible/`, by name of the module."""
    names = sorted(module.name for module in iter_modules(plausible.__path__))
    return [import_module(f"{plausible.__name__}.{name}").look for name in names]
