"""The process engine: BPMN 2.0 on SpiffWorkflow, conditions in CEL, decision tables of our own. Pure, without I/O.

``compile_process`` turns a file into a shared ``Spec`` or tells everything that is wrong with it; ``Run`` is one
instance.
"""

from yiwang.kernel.process.engine.compile import compile_process
from yiwang.kernel.process.engine.decisions import Decision, ManyRulesMatch, load_decision, load_decisions
from yiwang.kernel.process.engine.effects import Effects, OpenedStep, ServiceCall, StepInfo
from yiwang.kernel.process.engine.errors import (
    BadData,
    CannotMove,
    ErrorNotCaught,
    NoSuchToken,
    NotAwaited,
    ProcessInvalid,
    Runaway,
    RunBroken,
    StateUnreadable,
)
from yiwang.kernel.process.engine.run import Run, migratable
from yiwang.kernel.process.engine.spec import Spec

__all__ = [
    "BadData",
    "CannotMove",
    "Decision",
    "Effects",
    "ErrorNotCaught",
    "ManyRulesMatch",
    "NoSuchToken",
    "NotAwaited",
    "OpenedStep",
    "ProcessInvalid",
    "Run",
    "RunBroken",
    "Runaway",
    "ServiceCall",
    "Spec",
    "StateUnreadable",
    "StepInfo",
    "compile_process",
    "load_decision",
    "load_decisions",
    "migratable",
]
