"""On the path of the stack under test only: adds the room ``effect``, so that its handlers can be counted."""

import yiwang.app

yiwang.app.ROOM_MODULES += ("effect.room",)
