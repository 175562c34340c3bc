"""The graph as it stood at an earlier revision, taken back through the event log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.snapshot import Snapshot

if TYPE_CHECKING:
    from graph.model import Record
    from graph.store import Round, Store


def snapshot_of_round(store: Store, round_: Round) -> Snapshot:
    """The snapshot that a round was solved from, also after the lists have changed."""
    if store.revision()[1] == round_.token:
        return store.snapshot()
    return snapshot_at(store, round_.revision, round_.token)


def snapshot_at(store: Store, revision: int, token: str) -> Snapshot:
    """The graph at an earlier revision: today's records with every later change taken back."""
    now = store.snapshot()
    earlier: dict[tuple[str, str], Record | None] = {}
    for event in store.events(after=revision, limit=now.revision - revision):
        for change in event.changes:
            # What the first later change found is what stood there.
            earlier.setdefault((change.table, change.id), change.before)
    return with_records(now, earlier, revision=revision, token=token)


def with_records(
    snapshot: Snapshot,
    changed: dict[tuple[str, str], Record | None],
    *,
    revision: int | None = None,
    token: str = "",
) -> Snapshot:
    """A snapshot in which some records are others, or (None) aren't there.

    Parameters
    ----------
    snapshot : Snapshot
    changed : dict
        By table and id.
    revision, token : int, str
        What the new snapshot says of itself; by default the old revision, and no token.
    """
    import numpy as np
    import pyarrow as pa

    from graph.model import TABLES
    from graph.snapshot import records_to_arrow

    tables = {}
    for table in TABLES:
        rows = snapshot.arrow(table)
        touched = [record_id for name, record_id in changed if name == table]
        if touched:
            keep = np.ones(rows.num_rows, dtype=bool)
            known = snapshot.rows_of(table, touched)
            keep[known[known >= 0]] = False
            new = [record for (name, _), record in changed.items() if name == table and record is not None]
            added = records_to_arrow(table, new).cast(rows.schema)
            rows = pa.concat_tables([rows.filter(pa.array(keep)), added]).sort_by("id")
        tables[table] = rows
    return Snapshot(tables, revision=snapshot.revision if revision is None else revision, token=token)
