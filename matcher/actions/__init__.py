"""What would close the gaps: actions, what each would gain, and the best set of them for a budget."""
