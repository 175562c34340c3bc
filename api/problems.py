"""Refusals as problem details (RFC 9457): which error has which type, status and title.

Nothing here needs the web framework, so that every door can describe an error in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from api.services.errors import RefusedError
from graph import errors

Language = Literal["zh", "en"]
TYPE_PREFIX: Final = "urn:linli:problem:"
MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of refusal: its HTTP status, its title and what to do where the error itself doesn't say."""

    status: int
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""


KINDS: Final[Mapping[str, Kind]] = {
    "not-found": Kind(
        404,
        "没有这一项",
        "There is no such thing",
        "看编号或地址是否写对。",
        "See whether the id or the address is written right.",
    ),
    "no-round": Kind(404, "没有这一轮", "There is no such round", "POST /v1/rounds", "POST /v1/rounds"),
    "old-round": Kind(
        409,
        "这一轮太旧，显示不了",
        "This round is too old to be shown",
        "重新安排一次。",
        "Match anew.",
    ),
    "no-store": Kind(
        404,
        "没有这个数据文件",
        "There is no such store",
        "先载入清单。",
        "Load lists first.",
    ),
    "bad-request": Kind(
        400,
        "读不懂这个请求",
        "The request can't be read",
        "照 /openapi.json 写请求。",
        "Write the request as /openapi.json says.",
    ),
    "method": Kind(
        405,
        "这里不能这样做",
        "That can't be done here",
        "照 /openapi.json 看这里能做什么。",
        "/openapi.json says what can be done here.",
    ),
    "ambiguous": Kind(
        422,
        "不止一项叫这个名字",
        "Several records answer to that",
        "改用编号。",
        "Use the id.",
    ),
    "transition": Kind(
        409,
        "现在的状态不能这样变",
        "It can't go to that state from where it is",
        "先看它现在的状态，再决定怎么改。",
        "See which state it is in, then choose.",
    ),
    "capacity": Kind(
        409,
        "没有这么多项次了",
        "So many places aren't left",
        "少要几项次，或换一个。",
        "Ask for fewer, or take another one.",
    ),
    "conflict": Kind(
        409,
        "别人刚改过",
        "Somebody else changed it",
        "再读一次，看看差别，再改。",
        "Read it again, compare, then change it.",
    ),
    "changed": Kind(
        412,
        "别人刚改过，先看差别",
        "Just changed by others: compare",
        "再读一次，看看差别，再改。",
        "Read it again, compare, then change it.",
    ),
    "too-large": Kind(
        413,
        "文件太大",
        "The request is too large",
        "分成几份再来。",
        "Send it in parts.",
    ),
    "host": Kind(
        421,
        "这台服务只认本机的地址",
        "This service answers to this machine's own address only",
        "用 http://127.0.0.1 打开。",
        "Open it by http://127.0.0.1.",
    ),
    "foreign-origin": Kind(
        403,
        "别的网页不能改这里的数据",
        "Pages of other sites may not change anything here",
        "在工作台自己的页面上做。",
        "Do it on the workbench's own page.",
    ),
    "invalid": Kind(
        422,
        "有读不出的内容",
        "Something in it can't be read",
        "照 errors 或上面所说改正，再来一次。",
        "Correct what is named, then try again.",
    ),
    "impossible": Kind(
        422,
        "这样算不出来",
        "That can't be worked out so",
        "照上面所说改一改要求，再来一次。",
        "Change what is asked for as said above, then try again.",
    ),
    "nothing-read": Kind(
        422,
        "没有一份清单读得出",
        "None of the lists could be read",
        "看是否拿错了文件。",
        "See whether these are the right files.",
    ),
    "bad-change": Kind(
        422,
        "不能这样改",
        "That change can't be tried",
        "换一个改法。",
        "Try another change.",
    ),
    "not-empty": Kind(
        409,
        "那里已经有东西了",
        "There is something already",
        "换一个地方，或用 --replace。",
        "Name another place, or use --replace.",
    ),
    "not-verified": Kind(
        500,
        "核对不上",
        "The copy differs from its source",
        "再复制一次。",
        "Copy it again.",
    ),
    "wrong-usage": Kind(
        400,
        "命令写得不对",
        "The command isn't written so",
        "看用法：linli --help。",
        "See linli --help.",
    ),
    "file": Kind(
        400,
        "文件读不了或写不了",
        "A file can't be read or written",
        "看文件在不在、能不能写，再试一次。",
        "See that the file is there and may be written, then try again.",
    ),
    "unsafe-host": Kind(
        400,
        "别的电脑也能打开",
        "Other computers could reach it",
        "只用本机的地址。",
        "Use this computer's own address.",
    ),
    "port-taken": Kind(
        409,
        "端口都被占用",
        "Every port is taken",
        "用 --port 换一个。",
        "Name another one with --port.",
    ),
    "refused": Kind(
        409,
        "不能这样做",
        "That can't be done",
        "看它现在的状态，再决定。",
        "See how it stands now, then choose.",
    ),
    "busy": Kind(
        503, "前面排着的计算太多", "Too many solves are waiting", "等一个算完，再来。", "Wait for one to end."
    ),
    "solve-failed": Kind(
        500,
        "这次没有算成",
        "The match could not be made",
        "再算一次。",
        "Match again.",
    ),
    "store-url": Kind(
        400,
        "不是数据文件的地址",
        "That is no store's address",
        "写成 sqlite:///文件。",
        "Write sqlite:///FILE.",
    ),
    "store": Kind(
        503,
        "打不开或写不进数据",
        "The store can't be read or written",
        "看文件在不在、能不能写，再试一次。",
        "See that the file is there and may be written, then try again.",
    ),
    "failed": Kind(
        500,
        "出了意外，数据没有变",
        "Something went wrong; nothing was changed",
        "再试一次；还是这样，把服务的记录交给维护的人。",
        "Try again; if it happens again, hand the service's log to whoever looks after it.",
    ),
}
"""Every kind of refusal by its code; a problem's `type` is the code behind `urn:linli:problem:`."""

_CODES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (errors.NotFoundError, "not-found"),
    (errors.AmbiguousError, "ambiguous"),
    (errors.TransitionError, "transition"),
    (errors.CapacityError, "capacity"),
    (errors.ConflictError, "conflict"),
    (errors.BusyError, "busy"),
    (errors.StoreUrlError, "store-url"),
    (errors.StoreError, "store"),
    (errors.LinliError, "invalid"),
)


class DoorError(RefusedError):
    """A refusal of the door itself, of a stated kind.

    Parameters
    ----------
    code : str
        One of `KINDS`.
    message : str
        What was refused and why.
    remedy : str, optional
        What to do about it.
    message_zh, remedy_zh : str, optional
        Both in Chinese.
    extra : mapping, optional
        Further members of the problem document.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        remedy: str = "",
        message_zh: str = "",
        remedy_zh: str = "",
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy, message_zh=message_zh, remedy_zh=remedy_zh, **(extra or {}))
        self.code = code  # type: ignore[misc]


def code_of(error: BaseException) -> str:
    """The kind that an error is of; `failed` for what nobody foresaw."""
    if isinstance(error, RefusedError) and error.code in KINDS:
        return error.code
    return next((code for kind, code in _CODES if isinstance(error, kind)), "failed")


def status_of(error: BaseException) -> int:
    """The HTTP status of an error."""
    return KINDS[code_of(error)].status


def describe(
    error: BaseException, *, instance: str | None = None, language: Language = "zh"
) -> dict[str, Any]:
    """The problem document of an error.

    Parameters
    ----------
    error : BaseException
        What was raised. Of errors that linli didn't foresee nothing is told but that they happened.
    instance : str, optional
        Path of the request, without its query.
    language : {"zh", "en"}
        Language of the title, the detail and the remedy. Where nobody wrote the error's own words in
        that language, those of its kind stand there.

    Returns
    -------
    dict
        RFC 9457's members, `remedy` (never empty), and the detail in both languages as `detail_zh` and
        `detail_en`, so that what an error says of itself is there whichever was asked for.
    """
    code = code_of(error)
    kind = KINDS[code]
    message, message_zh, remedy = ("", "", "")
    if isinstance(error, errors.LinliError):
        message, message_zh = error.message, error.message_zh
        remedy = error.remedy_zh if language == "zh" else error.remedy
    in_zh, in_en = message_zh or kind.zh, message or kind.en
    document: dict[str, Any] = {
        "type": TYPE_PREFIX + code,
        "title": kind.zh if language == "zh" else kind.en,
        "status": kind.status,
        "detail": in_zh if language == "zh" else in_en,
        "detail_zh": in_zh,
        "detail_en": in_en,
        "remedy": remedy or (kind.remedy_zh if language == "zh" else kind.remedy_en),
    }
    if instance is not None:
        document["instance"] = instance
    if isinstance(error, RefusedError):
        document.update(error.details)
    return document


def record(error: BaseException) -> dict[str, Any]:
    """The problem document of an error for whoever reads it later, in whichever language; see `read`."""
    kept = describe(error)
    return {**kept, "remedy_zh": kept["remedy"], "remedy_en": describe(error, language="en")["remedy"]}


def read(kept: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """A problem document that was recorded, in a language.

    Parameters
    ----------
    kept : mapping
        As `record` gave it; or, from before there were both, a document in Chinese alone. What that has no
        words for is told by its kind.
    language : {"zh", "en"}
    """
    kind = KINDS.get(str(kept["type"]).removeprefix(TYPE_PREFIX), KINDS["failed"])
    title, of_kind = (kind.zh, kept["remedy"]) if language == "zh" else (kind.en, kind.remedy_en)
    document = {name: value for name, value in kept.items() if name not in ("remedy_zh", "remedy_en")}
    document["title"] = title
    document["detail"] = kept.get(f"detail_{language}", kept["detail"])
    document["remedy"] = kept.get(f"remedy_{language}", of_kind)
    return document


def read_language(accepted: str | None) -> Language:
    """The language that an Accept-Language header asks for first; Chinese unless it is English."""
    return "en" if (accepted or "").strip().lower().startswith("en") else "zh"
