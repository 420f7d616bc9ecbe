"""That the campaign of killed publications would see what it looks for; a few of its cases run in test_small."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import kill_publication
from tests.campaigns.campaign import carried_out
from tests.campaigns.kill_publication import CAMPAIGN

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda out: (out / "plan.json").write_bytes(b"{"), {"torn"}),
        (lambda out: out.rename(out.with_name("elsewhere")), {"missing", "stale"}),
        (lambda out: (out.parent / "core").touch(), {"stale"}),
    ],
)
def test_what_must_not_be_is_seen(spoil: Any, told: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(mode: str, seconds: float, out: Path | None, base: Path) -> None:
        spoil(out)

    monkeypatch.setattr(kill_publication, "_publish_until_killed", killed)
    run = carried_out(CAMPAIGN, 1, 3)
    assert {one["what"].partition(":")[0] for one in run.found} == told
