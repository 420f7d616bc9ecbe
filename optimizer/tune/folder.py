"""Folder: what tuning came to as files, published whole or not at all.

frontier.csv    one row for each point
frontier.svg    its picture
tune.json       points, knee or target, and the sentences
suggested/      tables with the penalties of the point that was chosen, to put in place of the own ones
plan/           the plan there, as `replenish plan` writes it
run.json        how it was made
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from optimizer.audit import Violation
from optimizer.planning import violations_of
from optimizer.report.page import frontier_page
from optimizer.tune.picture import picture
from optimizer.tune.result import Tuned
from optimizer.write import disk
from optimizer.write.documents import WrittenFile, as_json, hash_file, versions
from optimizer.write.folder import write_folder
from optimizer.write.publish import publish_folder
from optimizer.write.tables import WrittenTable, written
from optimizer.write.target import PRODUCT

DOCUMENT = "tune.json"
BASE = Path("tuned")


def publish_result(result: Tuned, out: Path | None) -> Path:
    """Write a result's folder and put it in place; `out` None: under `tuned/`.

    Raises:
        AuditRefused: the plan in it failed its audit.
        PublishError: it could not be written. In both cases nothing was published.
    """

    def audited(folder: Path) -> list[Violation]:
        return [] if result.plan is None or result.source is None else violations_of(result.source, folder / "plan")

    return publish_folder(result.name, out, lambda folder: write(result, folder), audited, base=BASE, document=DOCUMENT)


def document(result: Tuned) -> dict[str, Any]:
    """What `tune.json` says."""
    return {
        "kind": result.kind,
        "name": result.name,
        "currency": result.currency,
        "against": result.up.column,
        **result.document,
        "chosen": None if result.chosen is None else int(result.points["point"].iloc[result.chosen]),
        "sentences": list(result.sentences),
        "points": result.points.to_dict("records"),
    }


def write(result: Tuned, folder: Path) -> None:
    """Write and sync every file into an empty folder.

    Raises:
        OSError: a file could not be written.
    """
    files: dict[str, WrittenFile] = {}

    def put(name: str, blocks: Iterable[bytes], table: WrittenTable | None = None) -> None:
        disk.write_file(folder / name, blocks)
        files[name] = hash_file(folder / name, table)

    table = written(result.points.drop(columns="label"))
    put("frontier.csv", table.blocks(), table)
    put("frontier.svg", [picture(result).encode()])
    put("report.html", [_page(result).encode()])
    put(DOCUMENT, [as_json(document(result))])
    if result.suggested or result.settings:
        (folder / "suggested").mkdir()
        for name, frame in result.suggested.items():
            table = written(frame)
            put(f"suggested/{name}.csv", table.blocks(), table)
        if result.settings:
            put("suggested/instance.toml", [settings_text(result.settings).encode()])
        disk.sync_folder(folder / "suggested")
    if result.plan is not None:
        (folder / "plan").mkdir()
        write_folder(result.plan, folder / "plan")
        for path in sorted((folder / "plan").iterdir()):
            files[f"plan/{path.name}"] = hash_file(path)
        disk.sync_folder(folder / "plan")
    run = {"product": PRODUCT, "name": result.name, "versions": versions(), **result.run}
    run["files"] = {name: file.record() for name, file in files.items()}
    disk.write_file(folder / "run.json", [as_json(run)])


def _page(result: Tuned) -> str:
    points = result.points.drop(columns="label")
    return frontier_page(result.name, result.currency, points, result.sentences, result.up.column)


def settings_text(settings: Any) -> str:
    """Settings as lines of `instance.toml`, to be copied into it."""
    lines = ["# Copy these into your instance.toml."]
    for section, values in settings.items():
        lines += [f"[{section}]", *(f"{name} = {value!r}" for name, value in values.items())]
    return "\n".join(lines) + "\n"
