"""The one write path: decide, transaction, change, audit row, event, commit."""

from yiwang.kernel.write.actor import Actor, Resource
from yiwang.kernel.write.decision import Decision, Obligations, Reason
from yiwang.kernel.write.unit import Act, Unit, act, read, unit

__all__ = ["Act", "Actor", "Decision", "Obligations", "Reason", "Resource", "Unit", "act", "read", "unit"]
