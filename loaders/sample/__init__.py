"""Samples: the rows of five newspaper reports, and synthetic sub-districts and cities of any size."""
