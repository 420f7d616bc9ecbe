"""Known: the published instances under instances/benchmarks, whose optimum must lie between bound and plan.

    python -m benchmarks.known --seconds 30

For the three of Trigeiro's also HiGHS alone: on the plain program, on the tight one, and on the
facility location form with setup times, the best formulation we know.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.campaign import Job, carry_out
from benchmarks.compare import WORK
from benchmarks.instances import Instance, of_folder
from benchmarks.page_tables import consistent, known
from benchmarks.peers.solvers import PEERS
from benchmarks.results import Run
from benchmarks.runners import OURS, ROOT, Limits, Tick, run_ours, run_peer

RESULTS = Path("benchmarks/results/known.jsonl")
FOLDER = ROOT / "instances" / "benchmarks"
ALONE = ("highs", "highs-tight", "highs-facility")
PROVEN = 1e-6  # the gap at which a plan counts as optimal


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code is 1 where a bound or a plan contradicts the known optimum."""
    parser = argparse.ArgumentParser(description="python -m benchmarks.known: instances whose optimum is published")
    parser.add_argument("names", nargs="*", help="folders of instances/benchmarks; default all")
    parser.add_argument("--seconds", type=float, default=30.0, help="time limit of each run")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="run what the results have already, too")
    parser.add_argument("--results", type=Path, default=RESULTS, help=f"file that is added to; default {RESULTS}")
    parser.add_argument("--work", type=Path, default=WORK, help=f"folder for arrays and logs; default {WORK}")
    asked = parser.parse_args(arguments)
    names = asked.names or sorted(path.parent.name for path in FOLDER.glob("*/instance.toml"))
    limits = Limits(asked.seconds, PROVEN, asked.cores)
    runs = carry_out(_jobs(names, limits, asked.work), asked.results, again=asked.again)
    print(known(runs))
    return 0 if all(consistent(run) for run in runs) else 1


def _jobs(names: Sequence[str], limits: Limits, work: Path) -> Iterator[Job]:
    for name in names:
        instance = of_folder(FOLDER / name)
        yield _job(instance, OURS, limits, work)
        if name.startswith("trigeiro"):
            for peer in ALONE:
                yield _job(instance, peer, limits, work)


def _job(instance: Instance, which: str, limits: Limits, work: Path) -> Job:
    title = OURS if which == OURS else PEERS[which].title

    def run(tick: Tick) -> Run:
        if which == OURS:
            return run_ours(instance, limits, work, tick=tick)
        return run_peer(which, instance, limits, work, tick=tick)

    return Job((instance.name, title, limits.seconds, limits.cores, ""), f"{instance.name}  {title}", run)


if __name__ == "__main__":
    raise SystemExit(main())
