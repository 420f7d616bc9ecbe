"""Ablation: ours with one idea switched off at a time, and what that costs.

    python -m benchmarks.ablation

The search leaves an idea out where the environment variable REPLENISH_WITHOUT names it; the names are `IDEAS` of
optimizer/decompose/ideas.py. An idea is left out where it plays a part: those of planning lot by lot where that is
done, groups where they are decided, strengthening where the whole is planned. As it stands the command takes about a
quarter of an hour.
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
LOT_BY_LOT, FEW, COMPILED = 30, 400, 200  # items from, up to, and from which an idea plays a part


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
    every = asked.ideas != "all"
    limits = Limits(asked.seconds, 0.0, asked.cores)
    jobs = _jobs(instances, chosen, limits, asked.work, every=every)
    print(ablation(carry_out(jobs, asked.results, again=asked.again)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="python -m benchmarks.ablation: one idea off at a time")
    parser.add_argument("--sizes", default="20x12,50x12,1000x12", help="items x suppliers, with commas; may be empty")
    parser.add_argument("--instances", type=Path, nargs="*", default=[], help="folders of other instances")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--seconds", type=float, default=30.0, help="time limit of each run")
    parser.add_argument("--ideas", default="all", help="some of them, with commas; default all that play a part")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="run what the results have already, too")
    parser.add_argument("--results", type=Path, default=RESULTS, help=f"file that is added to; default {RESULTS}")
    parser.add_argument("--work", type=Path, default=WORK, help=f"folder for instances and logs; default {WORK}")
    return parser


def _jobs(
    instances: Sequence[Instance], names: Sequence[str], limits: Limits, work: Path, *, every: bool
) -> Iterator[Job]:
    """Instance by instance: first with everything, then without each (`every`: also where it plays no part)."""
    for instance in instances:
        for idea in ("", *names):
            if every or not idea or instance.size is None or plays_a_part(idea, instance.size.items):
                yield _job(instance, idea, limits, work)


def plays_a_part(idea: str, items: int) -> bool:
    """Whether leaving an idea out can change anything that matters at so many items of the family."""
    match idea:
        case "strengthening":
            return items < LOT_BY_LOT
        case "groups":
            return LOT_BY_LOT <= items <= FEW
        case "compile at once":
            return items >= COMPILED
    return items >= LOT_BY_LOT


def _job(instance: Instance, idea: str, limits: Limits, work: Path) -> Job:
    def run(tick: Tick) -> Run:
        instance.make()
        return run_ours(instance, limits, work, without=[idea] if idea else [], tick=tick)

    title = f"{instance.name}  without {idea or 'nothing'}"
    return Job((instance.name, OURS, limits.seconds, limits.cores, idea), title, run)


if __name__ == "__main__":
    raise SystemExit(main())
