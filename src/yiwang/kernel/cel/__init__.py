"""CEL, the one expression language, in its cage.

Conditions of gateways, rules of forms, cells of decision tables and checks of data are CEL. The library that runs it is
fast but trusting; what it gets wrong or could be made to do is kept out here (docs: decisions on CEL).
"""

from yiwang.kernel.cel.errors import CelError
from yiwang.kernel.cel.expression import Expression, compile_cel
from yiwang.kernel.cel.limits import MAX_CHARS, MAX_LIST
from yiwang.kernel.cel.values import KINDS, Kind

__all__ = ["KINDS", "MAX_CHARS", "MAX_LIST", "CelError", "Expression", "Kind", "compile_cel"]
