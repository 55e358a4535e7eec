"""Keeping a city running: background loops and consumers of a worker, and the children of ``yiwang up``."""

from yiwang.kernel.supervise.launch import CommandLauncher, servers_for
from yiwang.kernel.supervise.worker import keep_caches, run_worker

__all__ = ["CommandLauncher", "keep_caches", "run_worker", "servers_for"]
