"""The command line: one file a command in `optimizer/commands`, exit codes in its `terminal.py`."""

import traceback

import typer

from optimizer.check.show import counted, show
from optimizer.commands import check, compare, explain, new, plan, report, tables, terminal, tune
from optimizer.explain.unexplained import Unexplained
from optimizer.read import InputFaults
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.what_if import ChangeRefused
from optimizer.solve.highs import Infeasible, SolverError
from optimizer.write import AuditRefused, PublishError, TargetRefused

app = typer.Typer(
    name="replenish",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Plan replenishment: what to order, from whom, how much, and who gets what is scarce.",
    epilog="Start with: replenish new my-data, replenish check my-data, replenish plan my-data",
)

for example, command in (
    (plan.EXAMPLE, plan.plan),
    (check.EXAMPLE, check.check),
    (report.EXAMPLE, report.report),
    (compare.EXAMPLE, compare.compare),
    (tables.EXAMPLE, tables.tables),
    (new.EXAMPLE, new.new),
    (explain.EXAMPLE, explain.explain),
    (tune.EXAMPLE, tune.tune),
):
    app.command(epilog=f"Example: {example}")(command)


def main() -> None:
    """Run the command line; whatever happens ends in one of the exit codes."""
    try:
        app(standalone_mode=True)
    except InputFaults as faults:
        show(faults.findings, terminal.err)
        terminal.err.print(f"Nothing was planned: {counted(faults.findings)}.")
        raise SystemExit(terminal.FAULTY) from None
    except Infeasible:
        terminal.fail(
            "The solver says that no plan keeps all rules, and no rule could be found that is to blame: a failure of "
            "ours. Nothing was published.",
            terminal.FAILED,
        )
    except AuditRefused as refused:
        terminal.fail(f"{refused}", terminal.FAILED)
    except (TargetRefused, NoEarlierPlan, ChangeRefused, Unexplained) as refused:
        terminal.fail(f"{refused}", terminal.WRONG_CALL)
    except (PublishError, SolverError) as failure:
        terminal.fail(f"{failure}", terminal.FAILED)
    except MemoryError:
        terminal.fail(
            "There is too little memory for this. Nothing was published; an earlier plan is untouched.",
            terminal.FAILED,
        )
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        terminal.fail(
            f"The system failed: {error.strerror or error}{where}. Nothing was published; an earlier plan is "
            "untouched.",
            terminal.FAILED,
        )
    except Exception:  # a fault of ours that nobody foresaw: the batch that called must not take it for one of the data
        traceback.print_exc()
        terminal.fail(
            "This is our own failure, not one of your data. Nothing was published; an earlier plan is untouched.",
            terminal.FAILED,
        )


if __name__ == "__main__":
    main()
