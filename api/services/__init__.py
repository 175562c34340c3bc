"""What the doors do, without printing or HTTP: the command line and the routes call the same functions."""
