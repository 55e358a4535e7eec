"""The CEL library, without the terminal program that its package imports along with it.

That program brings a prompt library, which costs every start of every process half a second; nobody here runs it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))
cel: Any = import_module("cel")
