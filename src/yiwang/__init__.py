"""Yiwang: an open city operating system."""
