"""一网通办: service items and cases."""
