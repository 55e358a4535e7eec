"""One real day, live: its requests are reported, accepted, handled, verified, called back and closed by people.

Every step is an action of the write path by somebody who holds the right post; timers fire as the clock moves from one
event to the next. Nothing of it enters the indicators: the incidents carry the source "replay".
"""

from yiwang.govern.replay.live.outcome import Outcome
from yiwang.govern.replay.live.play import replay_day

__all__ = ["Outcome", "replay_day"]
