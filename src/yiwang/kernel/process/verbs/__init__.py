"""The verbs of Chinese offices, as functions on a board: pure, so that any sequence of them can be tested.

They act on task rows only. The engine hears of a token once: when the row that holds it is completed.
"""

from yiwang.kernel.process.verbs.asking import add_signer, countersign, delegate, take_back
from yiwang.kernel.process.verbs.beside import circulate, supervise, urge
from yiwang.kernel.process.verbs.desk import claim, release, save
from yiwang.kernel.process.verbs.finishing import Outcome, close_token, complete
from yiwang.kernel.process.verbs.moving import recall, return_task, transfer
from yiwang.kernel.process.verbs.pausing import resume, resume_all, suspend, suspend_all

__all__ = [
    "Outcome", "add_signer", "circulate", "claim", "close_token", "complete", "countersign", "delegate", "recall",
    "release", "resume", "resume_all", "return_task", "save", "supervise", "suspend", "suspend_all", "take_back",
    "transfer", "urge",
]  # fmt: skip
