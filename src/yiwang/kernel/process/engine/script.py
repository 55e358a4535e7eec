"""CEL as the script engine of SpiffWorkflow: expressions are compiled when the file is read, and nothing else runs."""

from __future__ import annotations

from datetime import datetime, timedelta
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


def json_value(value: Any) -> Any:
    """What an expression returned, as it can be stored: moments and spans become ISO 8601 and seconds."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list):
        return [json_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value
