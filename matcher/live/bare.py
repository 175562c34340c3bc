"""Arrays whose references nobody counts, for loops that hand many of them from function to function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from numba.extending import intrinsic

from matcher.arrays import IntArray


def _make_bare(typing_context: Any, array: Any) -> Any:
    """Type the view as the array, and make it without an owner."""
    del typing_context

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        view.meminfo = view.meminfo.type(None)
        view.parent = view.parent.type(None)
        return view._getvalue()

    return array(array), generate


bare = cast("Callable[[IntArray], IntArray]", intrinsic(_make_bare))
"""Give a view of an array that doesn't keep it alive; whoever calls from outside does.

Only within compiled functions. The compiler counts references with locked instructions, which for twenty
arrays takes longer than most of the functions they are handed to.
"""
