"""Turns of duty (轮值, 做东): who hosts when, fair over the year, or why that is impossible."""
