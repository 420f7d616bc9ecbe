"""Audited: a plan in memory, written to a folder that is thrown away, and audited there as any other."""

import tempfile
from pathlib import Path

from optimizer.planning import violations_of
from optimizer.read import Input
from optimizer.results.plan import Plan
from optimizer.write import AuditRefused
from optimizer.write.folder import write_folder


def audited(source: Input, plan: Plan) -> Plan:
    """The plan itself.

    Raises:
        AuditRefused: the audit found something.
    """
    with tempfile.TemporaryDirectory() as scratch:
        write_folder(plan, Path(scratch), pages=False)
        violations = violations_of(source, Path(scratch))
    if violations:
        raise AuditRefused(violations)
    return plan
