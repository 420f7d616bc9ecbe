"""Options that several commands have: each is declared here, once, as the annotation of a command's parameter."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.formulation import Formulation

InstancePath = Annotated[
    Path, typer.Argument(metavar="INSTANCE", help="A folder with instance.toml and CSV tables, or a workbook.")
]
Gap = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        help="Stop when the plan is proven within this share of the best; of a sweep, each point, and closer where a "
        "step changes little. \\[default: the instance's]",
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        metavar="SECONDS",
        help="Stop then; tuning: for all points together. \\[default: the instance's, for tuning 5 times that]",
    ),
]
Seed = Annotated[int | None, typer.Option(min=0, help="Of everything random. \\[default: the instance's]")]
Threads = Annotated[
    int | None,
    typer.Option(min=1, help="That may be used; by default all. They change a plan only where time cuts it off."),
]
AskedFormulation = Annotated[
    Formulation | None,
    typer.Option("--formulation", help="How the model is written: it changes no optimum. \\[default: the instance's]"),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="CHANGE",
        help="What if: as if this were changed, and the files as they are. May be given again. Example: --set "
        "'items.backorder_cost*1.5' --set 'suppliers\\[acme].capacity=0'",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, on standard output.")]
AnswerSeconds = Annotated[
    float, typer.Option(min=0.0, metavar="SECONDS", help="That each answer may take once the plan is read.")
]
