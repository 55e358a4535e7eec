"""一网统管: incidents, from report to end."""
