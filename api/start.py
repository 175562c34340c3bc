"""Where the command `linli` begins: quiet about Ctrl+C from its first import on."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command line. Ctrl+C while its modules are read ends it without a word, later with one."""
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_heard:  # not started in the background, where Ctrl+C is nothing to it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from api import cli

    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    cli.main()
