"""Graphs that are networkx graphs in all they do, and whose measures run compiled."""

from __future__ import annotations

from typing import Any

import networkx as nx

from graph.backend.about import NAME


class View(nx.Graph):  # type: ignore[misc]  # networkx brings no types
    """A networkx graph whose calls go to the backend, without ``backend="linli"``.

    Its compressed rows are kept until it is changed by its methods. What the backend lacks falls back to
    networkx, on the same dictionaries.
    """

    __networkx_backend__ = NAME

    def __init__(self, incoming_graph_data: Any = None, **attr: Any) -> None:
        super().__init__(incoming_graph_data, **attr)
        self.__networkx_cache__ = _Kept()

    def as_networkx(self) -> nx.Graph:
        """The same graph for networkx's own code: a plain graph over the same dictionaries."""
        plain = nx.Graph()
        plain.graph, plain._node, plain._adj = self.graph, self._node, self._adj
        plain.__networkx_cache__ = None  # a view keeps what is worth keeping
        return plain


class _Kept(dict[str, Any]):
    """What networkx keeps for a graph and clears when it changes, without conversions.

    A view hands its own dictionaries to networkx, which costs nothing; to keep that as a conversion would
    have networkx warn of it at every second call.
    """

    def setdefault(self, key: str, default: Any = None) -> Any:
        return default
