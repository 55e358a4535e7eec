"""On the path of the stack under test only: adds the room ``effect``, so that its handlers can be counted."""

from effect.room import ROOM

import yiwang.app

yiwang.app.ROOMS += (ROOM,)
