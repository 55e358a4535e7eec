"""How long a name and an address must wait after failed sign-ins. Pure arithmetic; the store keeps (failures,
last_at).

The wait doubles with each failure past a free allowance and is capped, and failures fade with time, so that an
attacker slows to a
few guesses an hour but cannot lock a victim out for good: (SP 800-63B-4 section 3.2.2, rate limiting.)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Allowance:
    """free:

    failures without a wait; base: the first wait; cap: the longest; fade: after so long without failures all is
    forgotten.
    """

    free: int
    base: timedelta
    cap: timedelta
    fade: timedelta


PER_ACCOUNT = Allowance(free=5, base=timedelta(seconds=2), cap=timedelta(minutes=15), fade=timedelta(hours=1))
# Many people share one address (an office, a mobile carrier's NAT), so an address gets far more.
PER_ADDRESS = Allowance(free=50, base=timedelta(seconds=1), cap=timedelta(minutes=5), fade=timedelta(minutes=30))
PER_CODE = Allowance(free=3, base=timedelta(seconds=60), cap=timedelta(hours=1), fade=timedelta(hours=6))


def wait_after(failures: int, rule: Allowance) -> timedelta:
    """The wait that follows the n-th failure."""
    over = failures - rule.free
    if over < 0:
        return timedelta(0)
    return min(rule.cap, rule.base * (1 << min(over, 30)))


def may_try_at(failures: int, last_at: datetime, rule: Allowance) -> datetime:
    """From when the next try is let through."""
    return last_at + wait_after(failures, rule)


def failures_now(failures: int, last_at: datetime, now: datetime, rule: Allowance) -> int:
    """The count that still stands at `now`."""
    return 0 if now - last_at >= rule.fade else failures
