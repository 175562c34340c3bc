"""What goes wrong with a Neo4j server, in plain words, with what to do about it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import ServerAwayError, StoreError
from graph.wording import word


@contextmanager
def plain_errors(server: str, *, has_user: bool = True) -> Iterator[None]:
    """Turn the driver's errors into `StoreError`; `has_user`: whether somebody was named to sign in."""
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        yield
    except DriverError as error:
        raise _of_driver(server, error) from error
    except Neo4jError as error:
        raise _of_server(server, error, has_user=has_user) from error
    except (OverflowError, UnicodeEncodeError) as error:
        raise StoreError(**word("neo4j_value", error=error)) from error


def server_too_old(server: str, agent: str) -> StoreError:
    """The error for a server of a version that linli can't work with."""
    return StoreError(**word("server_too_old", server=server, agent=agent))


def server_away(server: str) -> ServerAwayError:
    """The error for a server that doesn't answer."""
    return ServerAwayError(**word("server_away", server=server))


class ReadOnlyError(StoreError):
    """A server, or a member of a cluster, takes no writes."""


def read_only(server: str) -> ReadOnlyError:
    """The error for a server, or a member of a cluster, that takes no writes."""
    return ReadOnlyError(**word("server_read_only", server=server))


def _of_driver(server: str, error: Exception) -> StoreError:
    """For errors of the connection."""
    from neo4j.exceptions import (
        ConfigurationError,
        ServiceUnavailable,
        SessionExpired,
        UnsupportedServerProduct,
    )

    if isinstance(error, UnsupportedServerProduct):
        return server_too_old(server, "no server that the driver knows")
    if isinstance(error, ConfigurationError):
        return StoreError(**word("server_unusable", server=server, error=error))
    if (refusal := _find_refusal(error)) is not None:
        return _untrusted(server, refusal)
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return server_away(server)
    return StoreError(**word("server_failed", server=server, error=error))


def _find_refusal(error: BaseException | None) -> ssl.SSLError | None:
    """The failed handshake behind an error, if there is one; routed addresses have it in a group."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ssl.SSLError):
            return one
        if one is None or any(one is other for other in seen):
            continue
        seen.append(one)
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return None


def _untrusted(server: str, refusal: ssl.SSLError) -> StoreError:
    """For a server whose certificate isn't trusted, or that has none."""
    if isinstance(refusal, ssl.SSLCertVerificationError):
        return StoreError(**word("untrusted", server=server, why=refusal.verify_message))
    return StoreError(**word("no_tls", server=server))


def _of_server(server: str, error: Exception, *, has_user: bool) -> StoreError:
    """For what the server itself says."""
    from neo4j.exceptions import (
        AuthError,
        DatabaseUnavailable,
        Forbidden,
        ForbiddenOnReadOnlyDatabase,
        NotALeader,
    )

    code, message = str(getattr(error, "code", "")), str(getattr(error, "message", error))
    if isinstance(error, ForbiddenOnReadOnlyDatabase | NotALeader) or "ReadOnly" in code:
        return read_only(server)
    if isinstance(error, AuthError | Forbidden) or ".Security." in code:
        return _refused(server, code, message, has_user=has_user)
    if "DatabaseNotFound" in code or isinstance(error, DatabaseUnavailable):
        return StoreError(**word("no_database", server=server, message=message))
    if "Memory" in code:
        return StoreError(**word("server_memory", server=server))
    return StoreError(**word("server_says", server=server, message=message, code=code))


def _refused(server: str, code: str, message: str, *, has_user: bool) -> StoreError:
    """For a user whom the server doesn't let in, or not do what was asked."""
    if "RateLimit" in code:
        return StoreError(**word("password_pause", server=server))
    if "CredentialsExpired" in code:
        return StoreError(**word("password_expired", server=server))
    if "Unauthorized" not in code:
        return StoreError(**word("server_forbids", server=server, message=message))
    return StoreError(**word("bad_password" if has_user else "no_password", server=server))
