"""The public names of linli in one place."""
