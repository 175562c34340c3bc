"""The door: the HTTP service and the command line."""
