"""The commands of `linli`, a few to a module; heavy imports wait until a command runs."""
