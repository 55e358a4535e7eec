"""A decision table."""


class Decision:
    digest = ""
    key = ""

    def decide(self, v, *, now):
        return None
