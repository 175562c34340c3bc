"""The exact engine behind `solve`: places by priority first, then least cost, as machine code.

`matcher.engine.run` is the way in. Its modules load the compiler, so they are imported when first needed.
"""
