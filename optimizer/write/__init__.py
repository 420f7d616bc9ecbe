"""Write: a plan's files for machines and people, published whole or not at all."""

from optimizer.write.errors import AuditRefused, PublishError, TargetRefused
from optimizer.write.publish import prepare, publish
from optimizer.write.repair import repair

__all__ = ["AuditRefused", "PublishError", "TargetRefused", "prepare", "publish", "repair"]
