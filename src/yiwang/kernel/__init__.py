"""The digital base: what every net stands on."""
