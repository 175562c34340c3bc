"""How lists get in and out, with a report for every cell that is wrong."""
