"""Events: a transactional outbox, a relay to JetStream, handlers that apply once, dead letters, exact counts."""

from yiwang.kernel.events.dead import DeadLetter, list_dead_letters, replay_dead_letters
from yiwang.kernel.events.deliver import deliver_one, drain
from yiwang.kernel.events.outbox import Outgoing, as_columns, write_outbox
from yiwang.kernel.events.reconcile import Counts, reconcile
from yiwang.kernel.events.relay import relay_events

__all__ = [
    "Counts",
    "DeadLetter",
    "Outgoing",
    "as_columns",
    "deliver_one",
    "drain",
    "list_dead_letters",
    "reconcile",
    "relay_events",
    "replay_dead_letters",
    "write_outbox",
]
