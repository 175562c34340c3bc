"""Who should pair with whom: pairings to propose, what speaks for each, and what signing it would do."""
