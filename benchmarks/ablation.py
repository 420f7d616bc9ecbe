"""Ablation: ours with one idea switched off at a time, and what that costs.

    python -m benchmarks.ablation --sizes 50x12,1000x12 --seeds 1,2,3 --seconds 60

The search leaves an idea out where the environment variable REPLENISH_WITHOUT names it; the names are `IDEAS` of
optimizer/decompose/ideas.py.
"""

import argparse
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.campaign import Job, carry_out
from benchmarks.compare import WORK
from benchmarks.instances import Instance, Size, of_family, of_folder
from benchmarks.page_tables import ablation
from benchmarks.results import Run
from benchmarks.runners import OURS, Limits, Tick, run_ours

RESULTS = Path("benchmarks/results/ablation.jsonl")
WHERE = "optimizer.decompose.ideas"


def ideas() -> tuple[str, ...]:
    """The names that the search knows; none where it has no switches."""
    try:
        found: tuple[str, ...] = tuple(import_module(WHERE).IDEAS)
    except ModuleNotFoundError as error:
        if error.name is None or not WHERE.startswith(error.name):
            raise
        return ()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    asked = _parser().parse_args(arguments)
    known = ideas()
    if not known:
        print("the search has no ideas that can be switched off")
        return 0
    chosen = known if asked.ideas == "all" else tuple(name.strip() for name in asked.ideas.split(","))
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise SystemExit(f"no such idea: {', '.join(unknown)}; there are {', '.join(known)}")
    instances = [
        of_family(Size.parse(size), int(seed), asked.work)
        for seed in asked.seeds.split(",")
        for size in asked.sizes.split(",")
        if size
    ] + [of_folder(folder) for folder in asked.instances]
    limits = Limits(asked.seconds, 0.0, asked.cores)
    print(ablation(carry_out(_jobs(instances, chosen, limits, asked.work), asked.results, again=asked.again)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="python -m benchmarks.ablation: one idea off at a time")
    parser.add_argument("--sizes", default="50x12,200x12", help="items x suppliers, with commas; may be empty")
    parser.add_argument("--instances", type=Path, nargs="*", default=[], help="folders of other instances")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--seconds", type=float, default=60.0, help="time limit of each run")
    parser.add_argument("--ideas", default="all", help="some of them, with commas; default all")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="run what the results have already, too")
    parser.add_argument("--results", type=Path, default=RESULTS, help=f"file that is added to; default {RESULTS}")
    parser.add_argument("--work", type=Path, default=WORK, help=f"folder for instances and logs; default {WORK}")
    return parser


def _jobs(instances: Sequence[Instance], names: Sequence[str], limits: Limits, work: Path) -> Iterator[Job]:
    """Instance by instance: first with everything, then without each."""
    for instance in instances:
        for idea in ("", *names):
            yield _job(instance, idea, limits, work)


def _job(instance: Instance, idea: str, limits: Limits, work: Path) -> Job:
    def run(tick: Tick) -> Run:
        instance.make()
        return run_ours(instance, limits, work, without=[idea] if idea else [], tick=tick)

    title = f"{instance.name}  without {idea or 'nothing'}"
    return Job((instance.name, OURS, limits.seconds, limits.cores, idea), title, run)


if __name__ == "__main__":
    raise SystemExit(main())
