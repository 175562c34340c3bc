"""One match cut into tiles, solved side by side, that agree on prices at their seams, with a certain gap.

`matcher.shards.solve` is the way in; `docs/scaling.md` tells when it is worth while.
"""
