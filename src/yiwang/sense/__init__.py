"""一网感知: things, observations and rules. Its room is laid out; what fills it is a later step of the project."""
