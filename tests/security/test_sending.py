"""Messages go out once, as far as it lies with us."""

from __future__ import annotations

import math
from datetime import timedelta

from yiwang.kernel.notices.sender import AT_ONCE, BATCH, LEASE
from yiwang.kernel.notices.transports import TIMEOUT_S


def test_a_batch_is_tried_before_its_lease_ends():
    assert timedelta(seconds=math.ceil(BATCH / AT_ONCE) * TIMEOUT_S) < LEASE
