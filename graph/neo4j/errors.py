"""What goes wrong with a Neo4j server, in plain words, with what to do about it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import StoreError


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
        raise StoreError(f"Neo4j can't keep a value: {error}") from error


def server_too_old(server: str, agent: str) -> StoreError:
    """The error for a server of a version that linli can't work with."""
    return StoreError(
        f"the server at {server} is {agent}; linli needs Neo4j 5.26 or later",
        remedy="Start a newer server: make neo4j.",
        message_zh=f"{server} 是 {agent}；linli需要Neo4j 5.26或更新的版本",
        remedy_zh="启动较新的服务器：make neo4j。",
    )


class ReadOnlyError(StoreError):
    """A server, or a member of a cluster, takes no writes."""


def read_only(server: str) -> ReadOnlyError:
    """The error for a server, or a member of a cluster, that takes no writes."""
    return ReadOnlyError(
        f"{server} lets nobody write: it is read-only, or no leader of its cluster",
        remedy="Name the member that writes (neo4j:// finds it), or make the database writable.",
        message_zh=f"{server} 不能写入：它是只读的，或不是集群的主成员",
        remedy_zh="写明可写的成员（neo4j:// 会自己找到），或把数据库设为可写。",
    )


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
        return StoreError(f"{server} can't be used: {error}", remedy="Check the address and its certificate.")
    if (refusal := _find_refusal(error)) is not None:
        return _untrusted(server, refusal)
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return StoreError(
            f"no Neo4j server answers at {server}",
            remedy="Start it (make neo4j) or correct the address; what was written before is kept.",
            message_zh=f"{server} 没有Neo4j服务器应答",
            remedy_zh="启动服务器（make neo4j）或更正地址；之前写入的都在。",
        )
    return StoreError(f"{server}: {error}")


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
        return StoreError(
            f"the certificate of {server} isn't trusted: {refusal.verify_message}",
            remedy="Name a file with who signed it in LINLI_NEO4J_CA, or correct the host's name; "
            "+ssc instead of +s takes any certificate.",
            message_zh=f"{server} 的证书不可信：{refusal.verify_message}",
            remedy_zh="在 LINLI_NEO4J_CA 里写明签发者的证书文件，或更正主机名；+ssc 代替 +s 则不检查。",
        )
    return StoreError(
        f"{server} answers, but not under TLS",
        remedy="Leave +s or +ssc out of the address, or let the server use TLS.",
        message_zh=f"{server} 有应答，但没有用TLS",
        remedy_zh="地址里去掉 +s 或 +ssc，或让服务器启用TLS。",
    )


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
        return StoreError(
            f"{server} has no database of that name at work: {message}",
            remedy="Leave the name out for its default one: neo4j://HOST:PORT.",
        )
    if "Memory" in code:
        return StoreError(
            f"what is to be written at once is more than the server at {server} has memory for",
            remedy="Give it more (make neo4j HEAP=4g), or load into a file and copy it: linli copy FROM TO.",
            message_zh=f"一次写入的内容超过了 {server} 的内存",
            remedy_zh="给它更多内存（make neo4j HEAP=4g），或先载入文件再复制：linli copy 来源 目标。",
        )
    return StoreError(f"{server}: {message} ({code})")


def _refused(server: str, code: str, message: str, *, has_user: bool) -> StoreError:
    """For a user whom the server doesn't let in, or not do what was asked."""
    variables = "LINLI_NEO4J_USER, LINLI_NEO4J_PASSWORD"
    if "RateLimit" in code:
        return StoreError(
            f"the Neo4j server at {server} refuses every password for a while: too many were wrong",
            remedy="Wait five seconds, then sign in with the right one.",
        )
    if "CredentialsExpired" in code:
        return StoreError(
            f"the password for the Neo4j server at {server} has to be changed first",
            remedy="Change it with ALTER CURRENT USER SET PASSWORD.",
        )
    if "Unauthorized" not in code:
        return StoreError(f"the Neo4j server at {server} doesn't allow it: {message}")
    return StoreError(
        f"the Neo4j server at {server} refuses the user and password"
        if has_user
        else f"the Neo4j server at {server} wants a user and a password",
        remedy=f"Put them into {variables} (make neo4j prints the line).",
        message_zh=f"{server} 的Neo4j服务器不接受这个用户名和密码"
        if has_user
        else f"{server} 的Neo4j服务器要用户名和密码",
        remedy_zh=f"写到环境变量 {variables} 里（make neo4j 会显示这一行）。",
    )
