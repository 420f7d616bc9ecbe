"""The same run again gives the same bytes, and two at once leave one whole plan.

    python -m tests.campaigns.same_run --count 100 --seed 1

Each case plans a random instance over all rules to gap 0 twice, a run that ends by its gap, and compares every table
and what `plan.json` says, its seconds aside. The second run is in another process, where texts have other hashes, so
that nothing may hang on the order of a set. Every fourth case then lets two processes publish over that plan at the
same time: the folder must hold the plan of one of them, whole, both must end with 0, and nothing may be left beside.
POSIX only for those.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

from tests.campaigns.campaign import Campaign, Run, main, on_instances
from tests.campaigns.command_line import Ended, called, disagreements
from tests.campaigns.drawn.instance import instance
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.whole_plan import run_of_whole_plan
from tests.reference.folder import write_instance

AT_ONCE = 4  # of so many cases one
CLOCK = ("seconds", "instance_seconds")
HASHES = "1"
CALLS = """
import dataclasses, json, sys
from tests.campaigns.command_line import called
for line in sys.stdin:
    longest, *words = json.loads(line)
    print(json.dumps(dataclasses.asdict(called(*words, longest=longest))), flush=True)
"""


def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
    """That two runs agree, and two at once do no harm."""
    home = run.folder()
    source, outs = home / "instance", [home / "one", home / "two"]
    write_instance(source, drawn.tables, drawn.settings)
    words = ("plan", source, "--gap", 0, "--time-limit", run.options.seconds, "--threads", 1, "--seed")
    elsewhere: Elsewhere = run.once("elsewhere", lambda home: run.at_end.enter_context(Elsewhere()))
    calls: tuple[Callable[..., Ended], Callable[..., Ended]] = (called, elsewhere.called)
    for out, call in zip(outs, calls, strict=True):
        ended = call(*words, number, "-o", out, longest=60)
        run.counts[f"exit code {ended.code}"] += 1
        yield from disagreements(ended, out)
        if ended.code != 0:
            return
    said = [json.loads((out / "plan.json").read_bytes()) for out in outs]
    if any(one["status"] != "optimal" for one in said):
        run.counts["ended by time, not compared"] += 1
        return
    run.counts["compared"] += 1
    yield from _different(outs, said)
    if number % AT_ONCE == 0 and hasattr(os, "fork"):
        run.counts["at once"] += 1
        yield from _at_once(words, outs[0])


class Elsewhere:
    """A process that calls the command line as this one would, with other hashes of texts."""

    def __enter__(self) -> Self:
        hashes = os.environ | {"PYTHONHASHSEED": HASHES}
        pipe, root = subprocess.PIPE, Path(__file__).parents[2]
        self._process = subprocess.Popen([sys.executable, "-c", CALLS], cwd=root, env=hashes, stdin=pipe, stdout=pipe)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def called(self, *words: object, longest: float) -> Ended:
        """See `command_line.called`."""
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None and told is not None
        asked.write(json.dumps([longest, *map(str, words)]).encode() + b"\n")
        asked.flush()
        return Ended(**json.loads(told.readline()))


def _different(outs: list[Path], said: list[dict[str, Any]]) -> Iterator[str]:
    one, two = ({path.name: path.read_bytes() for path in out.glob("*.csv")} for out in outs)
    if one.keys() != two.keys():
        yield f"the tables are {sorted(one)} and {sorted(two)}"
    yield from (f"{name} differs" for name in one.keys() & two.keys() if one[name] != two[name])
    first, second = ({key: value for key, value in plan.items() if key not in CLOCK} for plan in said)
    yield from (f"plan.json: {key} is {first[key]} and {second[key]}" for key in first if first[key] != second.get(key))


def _at_once(words: tuple[object, ...], out: Path) -> Iterator[str]:
    seeds = (7001, 7002)
    children = []
    for seed in seeds:
        child = os.fork()
        if child == 0:
            code = 3
            try:
                code = called(*words, seed, "-o", out, longest=60).code or 0
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if codes != [0, 0]:
        yield f"two at once ended with {codes}"
    made = run_of_whole_plan(out)
    if made is None or made["seed"] not in seeds:
        yield f"two at once left {made and made['seed']}"
    left = [path.name for path in out.parent.iterdir() if path.name.startswith(f".{out.name}")]
    if left:
        yield f"two at once left {left} beside"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=10, help="for each plan (10)")


CAMPAIGN = Campaign(
    "same_run", 14, "the same bytes; one whole plan", 100, 2, on_instances(instance, check), _arguments, first=22
)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
