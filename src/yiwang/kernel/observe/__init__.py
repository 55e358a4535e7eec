"""Seeing what runs: structured logs with a request id, Prometheus metrics, health and readiness."""

from yiwang.kernel.observe.health import Check, check_health
from yiwang.kernel.observe.logs import request_id, setup_logging
from yiwang.kernel.observe.metrics import Observed, metrics_text

__all__ = ["Check", "Observed", "check_health", "metrics_text", "request_id", "setup_logging"]
