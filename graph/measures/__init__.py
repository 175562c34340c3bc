"""Measures of the network, each with its formula, source, range and a sentence for a planner."""
