"""Tables that compiled loops find by themselves, so that one array is all they are handed.

A live match has some twenty arrays. Handing them all from function to function costs a compiler minutes, and
counting references to them costs more than most of the functions do. So one array, the directory, holds where
each table lies and how long it is; a function takes the directory and looks at the tables it needs. Whoever
calls from outside holds the tables while the call lasts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from numba import types
from numba.extending import intrinsic
from numba.np import arrayobj

from matcher.arrays import IntArray

Table = Callable[[IntArray], IntArray]


def make_table(cell: int, columns: int = 0) -> Table:
    """Make the function that gives a table of the directory, for compiled functions only.

    Parameters
    ----------
    cell : int
        Cell of the directory that holds the address; the next one holds the number of rows.
    columns : int
        0 for a table of one axis.
    """
    array = types.Array(types.int64, 2 if columns else 1, "C")

    def look_up(typing_context: Any, directory: Any) -> Any:
        del typing_context

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            cells = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            number = context.get_value_type(types.intp)
            address, rows = (builder.load(builder.gep(cells, [number(k)])) for k in (cell, cell + 1))
            view = context.make_array(array)(context, builder)
            shape, strides = [rows], [number(8)]
            if columns:
                shape, strides = [rows, number(columns)], [number(8 * columns), number(8)]
            data = builder.inttoptr(address, view.data.type)
            fill_in: Any = arrayobj.populate_array
            fill_in(view, data, shape, strides, 8, None)
            return view._getvalue()

        return array(directory), generate

    return cast("Table", intrinsic(look_up))
