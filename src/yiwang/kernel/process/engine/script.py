"""CEL as the script engine of SpiffWorkflow: expressions are compiled when the file is read, and nothing else runs."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from yiwang.kernel.cel import CelError, Expression
from yiwang.kernel.process.engine.token import Token


class CelEngine(PythonScriptEngine):  # type: ignore[misc]
    """Evaluates compiled expressions over the data of a token; there are no scripts to execute."""

    def __init__(self) -> None:
        # Not calling super(): it would build an environment around eval().
        self.environment = None

    def evaluate(self, task: Token, expression: Expression, external_context: Any = None) -> bool:
        """The truth of a condition. Raises CelError when it is neither true nor false."""
        del external_context
        value = expression.evaluate(task.vars, now=task.top.moment)
        if not isinstance(value, bool):
            raise CelError("types", "a condition is true or false", expression=expression.text)
        return value

    def execute(self, task: Token, script: Any, external_context: Any = None) -> bool:
        """Never: scripts are yw:set assignments, done by their own step."""
        raise NotImplementedError("there are no scripts, only yw:set")
