"""A backend for networkx: its functions on compressed rows, by compiled loops, with equal answers."""
