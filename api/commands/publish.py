"""The command `publish`: a proposed round becomes the one that counts."""

from __future__ import annotations

import click

from api.commands.door import Command, Door, door_options


@click.command(cls=Command, examples=("linli publish", "linli publish 2026-1 --json"))
@click.argument("round_id", metavar="[ROUND]", required=False)
@door_options
def publish(door: Door, round_id: str | None) -> None:
    """Publish a proposed round at once, by default the newest; that isn't taken back.

    A published round can be kept by later matches: linli match --keep ROUND.
    """
    from api.publishing import publish_now
    from api.services.rounds import current_round, is_stale, newest_proposal, round_document

    with door.store() as store:
        found = newest_proposal(store) if round_id is None else current_round(store, round_id)
        published = publish_now(store, found.id)
        document = round_document(published, stale=is_stale(store, published))
    sentence = door.text(
        "published", id=published.id, first=document["period"]["from"], last=document["period"]["to"]
    )
    door.answer(document, lambda console, _: console.print(sentence, markup=False))
    if document["stale"]:
        door.remark("stale")
