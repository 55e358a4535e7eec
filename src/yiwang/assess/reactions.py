"""Assess computes from live data when it is asked; it reacts to no event yet."""
