"""Every refusal has its words in Chinese and English, in one place, with all that goes into them."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from graph.errors import LinliError
from graph.wording import read_texts, word

ROOT = Path(__file__).parent.parent
PACKAGES = ("graph", "matcher", "loaders", "api", "linli")
HAN = re.compile("[一-鿿]")

SPEAKING = {"GraphError", "InfeasibleError", "QuotaError"}
"""Errors that find their words by themselves, from what they are told of."""

PARTS = {"and_more", "and_others", "bad_field", "changed_record", "list_name"} | {
    code for code in read_texts() if code.startswith("expects_")
}
"""Words that stand within those of others, without a remedy of their own."""

PASSED_ON = {"bad_cell", "bad_fields", "none_read"}
"""Refusals that hand on what somebody else said in the language asked for."""


Node = ast.Call | ast.ClassDef | ast.ImportFrom | ast.Constant


@cache
def nodes() -> list[tuple[Path, Node]]:
    """Calls, classes and imports of every file that has to do with errors."""
    found: list[tuple[Path, Node]] = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "Error" in text:
                where = path.relative_to(ROOT)
                found += [(where, node) for node in ast.walk(ast.parse(text)) if isinstance(node, Node)]
    return found


def refusals() -> set[str]:
    """Names of all errors that doors turn into words."""
    bases: dict[str, set[str]] = {}
    for _, node in nodes():
        if isinstance(node, ast.ClassDef):
            bases[node.name] = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
    found = {LinliError.__name__}
    while fresh := {name for name, above in bases.items() if above & found} - found:
        found |= fresh
    return found


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    """Every call with the last part of its name."""
    for path, node in nodes():
        if isinstance(node, ast.Call):
            yield path, node, getattr(node.func, "id", getattr(node.func, "attr", ""))


def words_of_refusals() -> Iterator[tuple[Path, ast.Call]]:
    """Every call that words a refusal; other modules may have a `word` of another kind."""
    importing = {
        path for path, node in nodes() if isinstance(node, ast.ImportFrom) and node.module == word.__module__
    }
    for path, call, name in calls():
        if call.args and (name == "InfeasibleError" or (name == "word" and path in importing)):
            yield path, call


def places(text: str) -> set[str]:
    """What goes into a text, within the description of a place too."""
    found = set[str]()
    for _, name, spec, _ in string.Formatter().parse(text):
        if name is not None:
            found |= {name} | places(spec or "")
    return found


def codes_of(argument: ast.expr) -> list[str]:
    """The codes that an argument may be."""
    if isinstance(argument, ast.IfExp):
        return [*codes_of(argument.body), *codes_of(argument.orelse)]
    return [argument.value] if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else []


def test_no_refusal_is_raised_with_words_of_its_own() -> None:
    kinds = refusals()
    assert {"NotFoundError", "MatrixError", "DoorError", "CellsError"} <= kinds
    own = []
    for path, call, name in calls():
        if name in kinds - SPEAKING:
            # A door's refusal is of a stated kind, which has words in both languages.
            written = call.args[name == "DoorError" :]
            named = {keyword.arg for keyword in call.keywords}
            if written or named & {"message", "remedy", "message_zh", "remedy_zh"}:
                own.append(f"{path}:{call.lineno}")
    assert own == []


def test_each_text_gets_what_goes_into_it_and_none_is_left_over() -> None:
    texts, wrong = read_texts(), []
    for path, call in words_of_refusals():
        given = {keyword.arg or "**" for keyword in call.keywords}
        if getattr(call.func, "id", "") == "InfeasibleError":
            given.add("demand")
        codes = codes_of(call.args[0])
        wanted = [set[str]().union(*map(places, texts[code].values())) for code in codes]
        is_whole = not wanted or (all(one <= given for one in wanted) and set[str]().union(*wanted) == given)
        if not is_whole and "**" not in given:
            wrong.append((f"{path}:{call.lineno}", codes))
    assert wrong == []
    # Some codes are chosen before the words are asked for.
    assert set(texts) <= {node.value for _, node in nodes() if isinstance(node, ast.Constant)}


def test_each_text_is_in_both_languages() -> None:
    wrong = []
    for code, text in read_texts().items():
        has_remedies = code in PARTS or (text["remedy_zh"] and text["remedy_en"])
        is_chinese = code in PARTS | PASSED_ON or (
            HAN.search(text["zh"]) and re.search("[一-鿿].*[。？]$", text["remedy_zh"])
        )
        # Of lists' own words some are Chinese, such as times; they may stand in English.
        is_english = not HAN.search(text["en"]) and (
            code == "times_none" or not HAN.search(text["remedy_en"])
        )
        if not (has_remedies and is_chinese and is_english):
            wrong.append(code)
    assert wrong == []


def test_values_are_said_as_each_language_says_them() -> None:
    told = word("no_field", table="needs", name="colour", fields=["id", "title"])
    assert told["message"] == "needs have no field “colour”"
    assert told["message_zh"] == "需求清单没有“colour”这一项"
    assert told["remedy"] == "Fields are: id, title."
    assert told["remedy_zh"] == "有这些项：id、title。"


def test_states_have_names_and_unknown_ones_stay_as_they_are() -> None:
    told = word("no_step_left", kind="claim", state="done", to="eaten", section="claim_status")
    assert told["message"] == "a claim that is done can't become eaten"
    assert told["message_zh"] == "认领已完成，不能变成eaten"


def test_words_within_words_follow_the_language() -> None:
    changed = [word("changed_record", table="needs", id="N1", revision=3), word("and_others")]
    told = word("conflict_later", revision=2, records=9, changed=changed)
    assert told["message"].endswith("changed later: needs N1 (revision 3), …")
    assert told["message_zh"].endswith("后来又改了：需求清单“N1”（第3版）、…")


def test_a_text_needs_all_that_goes_into_it() -> None:
    with pytest.raises(KeyError):
        word("no_claim")
    with pytest.raises(KeyError):
        word("no such code")
