"""The matcher's loops run as machine code by the decorator of `graph.compiled`."""

from graph.compiled import compiled as compiled  # noqa: PLC0414  # named here for the matcher's modules
