"""Stories: executable documentation of a package, played in a scratch city on a clock that can be moved."""
