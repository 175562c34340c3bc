"""What follows from it: who serves whom, where the gaps are, what would close them."""
