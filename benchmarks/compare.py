"""Compare: ours and its peers on the same instances, one after the other, interleaved.

    python -m benchmarks.compare --sizes 20x12,50x12 --seeds 1,2,3 --seconds 60 --peers all

Each run is a process of its own with a hard time limit. Each is added to the file of results when it ends: a campaign
that is broken off goes on where it was, and one with more sizes, seeds or peers adds to it. Sizes, peers and seeds take
turns, so what the machine does beside it hits all alike. `python -m benchmarks.page` makes the page of the results.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.campaign import Job, carry_out
from benchmarks.instances import Instance, Size, of_family, of_folder
from benchmarks.peers.solvers import NAMES, PEERS, installed
from benchmarks.results import Run
from benchmarks.runners import OURS, Limits, Tick, run_ours, run_peer

RESULTS = Path("benchmarks/results/compare.jsonl")
WORK = Path(".benchmarks")  # instances, arrays, plans and logs


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    asked = _parser().parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    peers = _peers(asked.peers, console)
    solvers = ([] if asked.no_ours else [OURS]) + peers
    sizes = [Size.parse(size) for size in asked.sizes.split(",") if size]
    groups = [[of_family(size, int(seed), asked.work) for size in sizes] for seed in asked.seeds.split(",")]
    groups.append([of_folder(folder) for folder in asked.instances])
    limits = Limits(asked.seconds, asked.gap, asked.cores)
    carry_out(_jobs(groups, solvers, limits, asked.work), asked.results, again=asked.again, console=console)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="python -m benchmarks.compare: ours and its peers, interleaved")
    parser.add_argument("--sizes", default="20x12", help="as 20x12,rich-1000x12; may be empty")
    parser.add_argument("--instances", type=Path, nargs="*", default=[], help="folders of other instances")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--seconds", type=float, default=60.0, help="time limit of each run")
    parser.add_argument("--gap", type=float, default=0.0, help="at which to stop")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--peers", default="all", help=f"all, none, or some of {','.join(NAMES)}")
    parser.add_argument("--no-ours", action="store_true", help="peers alone")
    parser.add_argument("--again", action="store_true", help="run what the results have already, too")
    parser.add_argument("--results", type=Path, default=RESULTS, help=f"file that is added to; default {RESULTS}")
    parser.add_argument("--work", type=Path, default=WORK, help=f"folder for instances and logs; default {WORK}")
    return parser


def _peers(asked: str, console: Console) -> list[str]:
    """Those asked for that are installed; the others are told.

    Raises:
        SystemExit: there is no such peer.
    """
    names = {"all": list(NAMES), "none": []}.get(asked, [name.strip() for name in asked.split(",")])
    unknown = [name for name in names if name not in PEERS]
    if unknown:
        raise SystemExit(f"no such peer: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    for name in names:
        if not installed(name):
            console.print(f"{PEERS[name].title} is left out: {PEERS[name].needs} is not installed (extra: bench)")
    return [name for name in names if installed(name)]


def _jobs(groups: Sequence[Sequence[Instance]], solvers: Sequence[str], limits: Limits, work: Path) -> Iterator[Job]:
    """Group by group (a seed), instance by instance, the solvers in an order that turns."""
    turn = 0
    for group in groups:
        for instance in group:
            for place in range(len(solvers)):
                yield job(instance, solvers[(place + turn) % len(solvers)], limits, work)
            turn += 1


def job(instance: Instance, solver: str, limits: Limits, work: Path) -> Job:
    """One solver on one instance."""
    title = OURS if solver == OURS else PEERS[solver].title

    def run(tick: Tick) -> Run:
        instance.make()
        if solver == OURS:
            return run_ours(instance, limits, work, tick=tick)
        return run_peer(solver, instance, limits, work, tick=tick)

    return Job((instance.name, title, limits.seconds, limits.cores, ""), f"{instance.name}  {title}", run)


if __name__ == "__main__":
    raise SystemExit(main())
