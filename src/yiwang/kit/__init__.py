"""Pure helpers: no I/O, no state, nothing of the city's meaning."""
