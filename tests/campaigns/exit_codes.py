"""Whatever happens, exit code, folder, `run.json` and words agree.

    python -m tests.campaigns.exit_codes --count 500 --seed 1

Situations take turns: a plan over nothing, over an earlier plan, over an empty folder; to gap 0 and to a time limit
that is far too short; faults in the tables; no such instance; a foreign folder or a file in the way; an unknown option;
a folder that may not be written; an audit that refuses; a solver that breaks; contradictory rules; Ctrl-C. Each has the
exit code of docs/commands.md, and what is published, or was there, is whole.
"""

import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from optimizer import planning
from optimizer.audit import Violation
from optimizer.commands import terminal
from optimizer.solve.highs import SolverError
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.command_line import Ended, called, disagreements
from tests.campaigns.drawn.faults import base
from tests.campaigns.drawn.instance import instance
from tests.campaigns.drawn.rule import Drawn
from tests.reference.folder import write_instance

EARLIER = 4711


@dataclass
class Situation:
    """What is there before a call, and how it is called."""

    source: Path
    out: Path
    code: set[int]
    more: tuple[object, ...] = ()
    patches: list[Any] = field(default_factory=list)
    earlier: int | None = None
    foreign: bool = False


def case(number: int, run: Run) -> Iterator[str]:
    """The situation whose turn it is, with an instance of its own."""
    name, arrange = SITUATIONS[number % len(SITUATIONS)]
    dice, home = random.Random(number), run.folder()
    drawn = instance(number % 400)
    write_instance(home / "instance", drawn.tables, drawn.settings)
    at = arrange(dice, Situation(home / "instance", home / "out", {terminal.PUBLISHED, terminal.FAULTY}))
    before = _contents(at.out) if at.foreign else None
    ended = _ended(at)
    run.counts[f"{name}: {ended.code}"] += 1
    if at.foreign:
        if _contents(at.out) != before:
            yield f"{name}: what was there is not what it was"
    else:
        told = disagreements(ended, at.out, at.earlier)
        expected = ended.code == terminal.FAILED and terminal.FAILED in at.code
        yield from (f"{name}: {text}" for text in told if not (expected and text.startswith("it failed")))
    if ended.code not in at.code:
        yield f"{name}: exit code {ended.code}, not one of {sorted(at.code)}: {ended.err[-300:]}"
    if "Traceback" in ended.err and terminal.FAILED not in at.code:
        yield f"{name}: a traceback"


def _ended(at: Situation) -> Ended:
    for one in at.patches:
        one.start()
    try:
        return called("plan", at.source, "-o", at.out, "--time-limit", 60, "--gap", 0.2, "--threads", 1, *at.more)
    finally:
        for one in at.patches:
            one.stop()


def _contents(place: Path) -> dict[str, bytes]:
    if place.is_file():
        return {"": place.read_bytes()}
    return {str(path): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def _sound(at: Situation, drawn: Drawn | None = None) -> Situation:
    """With an instance that is surely one."""
    made = drawn or base(random.Random(1))
    at.source.mkdir(exist_ok=True)
    for path in at.source.iterdir():
        path.unlink()
    write_instance(at.source, made.tables, made.settings | {"periods": 8})
    return at


def _plain(dice: random.Random, at: Situation) -> Situation:
    return at


def _over_an_earlier(dice: random.Random, at: Situation) -> Situation:
    sound = _sound(Situation(at.source.with_name("sound"), at.out, set()))
    if called("plan", sound.source, "-o", at.out, "--time-limit", 0, "--seed", EARLIER).code == terminal.PUBLISHED:
        at.earlier = EARLIER
    return at


def _over_an_empty_folder(dice: random.Random, at: Situation) -> Situation:
    at.code = {terminal.PUBLISHED}
    at.out.mkdir()
    return _sound(at)


def _no_time(dice: random.Random, at: Situation) -> Situation:
    at.code, at.more = {terminal.PUBLISHED}, ("--time-limit", dice.choice((0, 0.001, 0.05)), "--gap", 0)
    return _sound(at)


def _faulty(dice: random.Random, at: Situation) -> Situation:
    at.code = {terminal.FAULTY}
    _over_an_earlier(dice, at)
    (at.source / "demand.csv").write_text("item,customer,due,quantity\nnobody,C,soon,-1\n", encoding="utf-8")
    return at


def _nowhere(dice: random.Random, at: Situation) -> Situation:
    at.code, at.source = {terminal.FAULTY}, at.source / "nowhere"
    return at


def _foreign(dice: random.Random, at: Situation) -> Situation:
    at.code, at.foreign = {terminal.WRONG_CALL}, True
    if dice.random() < 0.5:
        at.out.mkdir()
        (at.out / "thesis.doc").write_bytes(b"years of work")
    else:
        at.out.write_bytes(b"a file")
    return _sound(at)


def _unknown_option(dice: random.Random, at: Situation) -> Situation:
    at.code, at.more = {terminal.WRONG_CALL}, (dice.choice(("--fast", "--gap=many", "--seed=-1", "more")),)
    return at


def _not_writable(dice: random.Random, at: Situation) -> Situation:
    at.code = {terminal.FAILED}
    at.patches = [patch("optimizer.write.disk.write_file", _no_space)]
    return _sound(at)


def _no_space(*of: Any, **named: Any) -> None:
    raise OSError(28, "No space left on device")


def _refused(dice: random.Random, at: Situation) -> Situation:
    at.code = {terminal.FAILED}
    _over_an_earlier(dice, at)
    wrong = [Violation(rule="balance", file="inventory.csv", message="does not add up")]
    at.patches = [patch.object(planning, "audit", lambda *of, **named: wrong)]
    return _sound(at)


def _broken_solver(dice: random.Random, at: Situation) -> Situation:
    at.code = {terminal.FAILED}
    _over_an_earlier(dice, at)
    raised = dice.choice((SolverError("it broke"), ZeroDivisionError("it broke"), MemoryError()))
    at.patches = [patch.object(planning, "solved", _raising(raised))]
    return _sound(at)


def _raising(error: BaseException) -> Callable[..., Any]:
    def fail(*of: Any, **named: Any) -> Any:
        raise error

    return fail


def _contradictory(dice: random.Random, at: Situation) -> Situation:
    at.code = {terminal.FAULTY}
    _over_an_earlier(dice, at)
    made = base(random.Random(1))
    customer, item = made.tables["demand"]["customer"][0], made.tables["demand"]["item"][0]
    rates = {"minimum_fill_rate": ["0.9"], "customer": [customer], "item": [item]}
    most = {"minimum_share": [""], "maximum_quantity": ["1"], "customer": [customer], "item": [item]}
    made.tables |= {"fill_rates": rates, "quotas": most}
    return _sound(at, made)


def _stopped(dice: random.Random, at: Situation) -> Situation:
    at.code = {terminal.STOPPED}
    _over_an_earlier(dice, at)
    at.patches = [patch.object(planning, "solved", _raising(KeyboardInterrupt()))]
    return _sound(at)


def _linked(dice: random.Random, at: Situation) -> Situation:
    """A link to a folder of somebody else's."""
    at.code, at.foreign = {terminal.WRONG_CALL}, True
    other = at.out.with_name("other")
    other.mkdir()
    (other / "thesis.doc").write_bytes(b"years of work")
    os.symlink(other, at.out)
    return _sound(at)


SITUATIONS: tuple[tuple[str, Callable[[random.Random, Situation], Situation]], ...] = (
    ("over nothing", _plain), ("over an earlier plan", _over_an_earlier),
    ("over an empty folder", _over_an_empty_folder),
    ("no time", _no_time), ("faults", _faulty), ("no such instance", _nowhere), ("a foreign folder", _foreign),
    ("an unknown option", _unknown_option), ("no space", _not_writable), ("refused by the audit", _refused),
    ("a broken solver", _broken_solver), ("contradictory rules", _contradictory), ("Ctrl-C", _stopped),
    ("a link in the way", _linked),
)  # fmt: skip
CAMPAIGN = Campaign("exit_codes", 15, "all agree", 500, 8, case)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
