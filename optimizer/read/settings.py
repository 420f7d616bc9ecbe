"""Settings: `instance.toml`, checked, with every key that is not known told.

`name`, `start`, `periods`, `period`, `currency`, `[solve]` and `[read]` are the engine's; other sections belong to the
parts of the model, which declare them (`Setting`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from models.calendar import Calendar
from models.tables import Kind, Setting
from optimizer.read.located import Findings
from optimizer.read.settings_keys import Horizon, Read, Section, Solve, path_component
from optimizer.read.source import Dialect
from optimizer.read.spelling import did_you_mean
from optimizer.read.toml_page import Page

LARGEST_NUMBER = 1e15  # above it, a float no longer counts single units

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class Settings:
    """What `instance.toml` says.

    Attributes:
        name: of the instance.
        calendar: None where start or periods are faulty.
        currency: in which money is counted.
        solve: `[solve]`.
        dialect: `[read]`; None where it is faulty, and tables cannot be read.
        parts: the parts' settings by `section.name`, defaults filled in.
        raw: as `tomllib` gave it.
        hashes: SHA-256 of the file, by its name.
    """

    name: str
    calendar: Calendar | None
    currency: str
    solve: Solve
    dialect: Dialect | None
    parts: dict[str, float | None]
    raw: dict[str, Any]
    hashes: dict[str, str] = field(default_factory=dict)


def check_settings(
    raw: Mapping[str, Any], name: str, declared: Sequence[Setting], page: Page, findings: Findings
) -> Settings:
    """Settings with their defaults; a fault for each value that is not allowed, a warning for each key that is unknown.

    Args:
        raw: as `tomllib` gives it.
        name: the instance's name where the settings give none.
        declared: settings of the parts.
        page: for the lines of keys.
        findings: takes faults and warnings.
    """
    top = _section(Horizon, {"name": _usable(name), **raw}, "", page, findings)
    solve = _section(Solve, _mapping(raw, "solve", page, findings), "solve", page, findings)
    read = _section(Read, _mapping(raw, "read", page, findings), "read", page, findings)
    if read is not None and read.thousands and read.thousands == read.decimal:
        findings.fault(
            "settings",
            "decimal and thousands cannot be the same sign",
            page.where,
            page.line("read", "thousands"),
            "read.thousands",
        )
        read = None
    parts = {setting.path: _number(raw, setting, page, findings) for setting in declared}
    _unknown(raw, declared, page, findings)
    return Settings(
        name=top.name if top else _usable(name),
        calendar=Calendar(top.start, top.periods, top.period) if top else None,
        currency=top.currency if top else "",
        solve=solve or Solve.model_validate({}),
        dialect=Dialect(**read.model_dump()) if read else None,
        parts=parts,
        raw=dict(raw),
    )


def _usable(name: str) -> str:
    """A folder's name as the instance's, where it can be."""
    try:
        return path_component(name)[:100]
    except ValueError:
        return "instance"


def _mapping(raw: Mapping[str, Any], section: str, page: Page, findings: Findings) -> Mapping[str, Any]:
    value = raw.get(section, {})
    if isinstance(value, Mapping):
        return value
    findings.fault(
        "settings",
        f"[{section}] is a section: write its keys below a line [{section}]",
        page.where,
        page.line("", section),
        section,
    )
    return {}


def _section(model: type[S], values: Mapping[str, Any], section: str, page: Page, findings: Findings) -> S | None:
    """The keys of one section; None, with a fault for each that is not allowed, where there is one."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        for key in dict.fromkeys(str(details["loc"][0]) for details in error.errors()):
            about = model.model_fields[key].description
            path = f"{section}.{key}" if section else key
            if key in values:
                shown = _shown(values[key])
                message = f"{path} = {shown} is not {about}"
            else:
                shown = ""
                message = f"{path} is missing: write {about}"
            findings.fault("settings", message, page.where, page.line(section, key), path, value=shown)
    return None


def _shown(value: object) -> str:
    """A value as TOML writes it, cut where it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"


def _number(raw: Mapping[str, Any], setting: Setting, page: Page, findings: Findings) -> float | None:
    """A part's setting, or its default."""
    section = raw.get(setting.section, {})
    if not isinstance(section, Mapping):
        if setting.section not in ("solve", "read"):
            _mapping(raw, setting.section, page, findings)
        return setting.default
    if setting.name not in section:
        return setting.default
    value = section[setting.name]
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < LARGEST_NUMBER
        and (setting.minimum is None or value >= setting.minimum)
        and (setting.kind is not Kind.COUNT or value == int(value))
    ):
        return float(value)
    least = "" if setting.minimum is None else f", {setting.minimum:g} or more"
    unit = f" ({setting.unit})" if setting.unit else ""
    message = f"{setting.path} = {_shown(value)} is not a {setting.kind.value}{least}{unit}"
    findings.fault(
        "settings", message, page.where, page.line(setting.section, setting.name), setting.path, value=_shown(value)
    )
    return setting.default


def _unknown(raw: Mapping[str, Any], declared: Sequence[Setting], page: Page, findings: Findings) -> None:
    """A warning for each key that nobody reads."""
    sections = {"solve": set(Solve.model_fields), "read": set(Read.model_fields)}
    for setting in declared:
        sections.setdefault(setting.section, set()).add(setting.name)
    paths = [
        *Horizon.model_fields,
        *(f"{section}.{name}" for section, names in sections.items() for name in sorted(names)),
    ]
    for key, value in raw.items():
        if key in Horizon.model_fields:
            continue
        if not isinstance(value, Mapping) or key not in sections:
            if key not in sections:
                hint = did_you_mean(key, [*sections, *paths])
                findings.warn(
                    "unknown setting",
                    f"'{_cut(key)}' is not a setting, and not read{hint}",
                    page.where,
                    page.line("", key) or page.line(key, ""),
                    _cut(key),
                )
            continue
        for name in value:
            if name not in sections[key]:
                path = f"{key}.{_cut(name)}"
                hint = did_you_mean(path, paths)
                findings.warn(
                    "unknown setting",
                    f"'{path}' is not a setting, and not read{hint}",
                    page.where,
                    page.line(key, name),
                    path,
                )


def _cut(name: str) -> str:
    return name if len(name) <= 60 else name[:59] + "…"
