"""What is told of a need that is left out: with whom it is short, and what would do."""

from __future__ import annotations

import json

from graph.model import Claim, Need, Offer
from matcher.explain import explain
from matcher.gaps import find_gaps
from tests.matcher.small_town import HERE, offer, town


def test_one_need_is_not_told_what_a_whole_gap_is_short_by():
    """Of ten needs over one offer each lacks one place, and that is enough for the most urgent left out."""
    needs = [Need(id=f"n{k}", category="repair", priority=1 + k // 5, **HERE) for k in range(10)]
    made = town(*needs, offer("o", "u1", title="水电", capacity=2))
    served = {n.id for n in needs if explain(made, n.id).served}
    next_one = next(n.id for n in needs if n.priority == 1 and n.id not in served)
    told = [explain(made, n.id).unserved for n in needs if n.id not in served]
    for unserved in told:
        assert len(unserved["certificate"]["needs"]) == 3
        assert unserved["certificate"]["short_by"] == 1
    rows = [unserved["would_do"][0] for unserved in told]
    proved = [row for row in rows if "unit" in row]
    assert [(row["offer"], row["places"], row["of_total"]) for row in proved] == [("o", 1, False)]
    assert explain(made, next_one).unserved["would_do"][0] in rows
    others = [row for row in rows if "unit" not in row]
    assert {row["sentence_zh"] for row in others} == {
        "这3项合起来还差1个名额（能服务它们的是一中）；多出来的名额也可能先给其中别的一项。"
    }
    assert "at least" not in "".join(row["sentence_en"] for row in rows)


def test_a_certificate_for_one_need_is_small_in_a_wide_gap():
    """A hundred offers in a row, each need between two of them, and one more: all hang together."""
    needs = [
        Need(id=f"n{k:03}", category="repair", lon=121.47 + k * 0.001, lat=31.2, quantity=2)
        for k in range(100)
    ]
    offers = [
        Offer(id=f"o{k:03}", unit="u1", category="repair", lon=121.47 + k * 0.001, lat=31.2, capacity=1,
              mode="site", reach_m=120.0)
        for k in range(100)
    ]  # fmt: skip
    made = town(*needs, *offers)
    (gap,) = find_gaps(made).needs.gaps
    assert len(gap.certificate["needs"]) == 100
    for name in ("n000", "n050", "n099"):
        told = explain(made, name)
        if told.unserved:
            assert len(told.unserved["certificate"]["needs"]) <= 4


def test_what_would_do_for_each_reason():
    def would_do(*records, need=None):
        need = need or Need(id="x", title="修水管", category="repair", **HERE)
        (row,) = explain(town(need, *records), "x").unserved["would_do"]
        json.dumps(row)
        return row

    assert would_do()["change"] == "new_offer"
    assert would_do(offer("o", "u1", measure="yuan"))["change"] == "measure"
    tagged = Need(id="x", category="repair", tags=("夜间", "手语"), **HERE)
    row = would_do(offer("o", "u1", tags=("夜间",)), need=tagged)
    assert (row["change"], row["offer"], row["tags"]) == ("tags", "o", ["手语"])
    assert row["sentence_zh"] == "一中再满足“手语”就行。"
    row = would_do(offer("o", "u1", max_people=20), need=Need(id="x", category="repair", people=30, **HERE))
    assert (row["change"], row["people"]) == ("people", 30)
    row = would_do(offer("o", "u1", reach_m=50.0), Need(id="y", category="repair", **HERE))
    assert (row["change"], row["reach_m"], row["gain_places"], row["exact"]) == ("reach", 96, 2, True)
    assert row["sentence_en"] == "一中 would reach it with 96 m. It would serve 2 more in all."
    evening = Need(id="x", category="repair", times="Sa", **HERE)
    assert would_do(offer("o", "u1", times="Mo-Fr"), need=evening)["need_times"] == "Sa"
    no = Claim(id="c", target="x", target_table="needs", by="u1", offer="o", status="declined")
    assert would_do(offer("o", "u1"), no)["units"] == ["u1"]
    assert would_do(offer("o", "elsewhere"))["of"] == "offer"
    row = would_do(offer("o", "u1", capacity=0))
    assert (row["change"], row["places"]) == ("more_places", 1)
    assert row["sentence_en"] == "With 1 more place of Repair, 一中, all of it would be matched."
    whole = Need(id="x", category="repair", quantity=4, whole=True, **HERE)
    told = explain(town(whole, offer("o", "u1", capacity=3)), "x")
    assert [row["change"] for row in told.unserved["would_do"]] == ["more_places", "split"]
