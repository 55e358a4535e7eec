"""Decision tables (DMN 1.1 to 1.5), evaluated by ourselves with CEL in the cells.

SpiffWorkflow's own evaluator knows only the first match and COLLECT, wants Python in the output cells and breaks ``?``.
"""

from yiwang.kernel.process.engine.decisions.load import load_decision, load_decisions
from yiwang.kernel.process.engine.decisions.table import Decision, ManyRulesMatch

__all__ = ["Decision", "ManyRulesMatch", "load_decision", "load_decisions"]
