"""评价: numbers computed from live data, by declared indicators, with their source one click away."""
