"""What is known: records, the store, an immutable snapshot and views of the network."""
