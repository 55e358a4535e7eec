"""一网共享: what the city knows, as catalogued datasets with their owner, their sharing and their quality."""
