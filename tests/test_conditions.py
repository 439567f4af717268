"""Conditions of plans in words: `and` before `or`, brackets before both, and what is wrong with a bracket."""

from __future__ import annotations

import itertools
import re

import pytest

from drillsim.errors import Wrong
from drillsim.model.conditions import Condition, apart, read_condition


def holds(claim: Condition, true: set[str]) -> bool:
    """The value of a condition of events, each of which is so when it is in the set."""
    match claim.kind:
        case "all":
            return all(holds(part, true) for part in claim.parts)
        case "any":
            return any(holds(part, true) for part in claim.parts)
        case "not":
            return not holds(claim.parts[0], true)
    assert claim.event is not None
    return claim.event.text() in true


@pytest.mark.parametrize(
    "text",
    [
        "a and b or c",
        "a or b and c",
        "a and (b or c)",
        "(a or b) and (c or d)",
        "not (a or b) and c",
        "not (a and b) or d",
        "((a or (b and c)) and d) or not a",
        "not a and not(b or c)",
        "(a) and ((b))",
        "a and (b and c) or (d or a)",
    ],
)
def test_brackets_bind_as_in_logic(text: str) -> None:
    """Python's own `and`, `or`, `not` and brackets judge every combination of truth."""
    claim = read_condition(text)
    again = read_condition(claim.text())
    for size in range(5):
        for chosen in itertools.combinations("abcd", size):
            expected = eval(text, {name: name in chosen for name in "abcd"})
            assert holds(claim, set(chosen)) == expected
            assert holds(again, set(chosen)) == expected
    assert again == claim


def test_brackets_that_change_nothing_are_not_kept() -> None:
    assert read_condition("(a or b) or (c)").text() == "a or b or c"
    assert read_condition("a and (b and c)").text() == "a and b and c"
    assert read_condition("(a and b) or c").text() == "a and b or c"
    assert read_condition("a and (b or c)").text() == "a and (b or c)"
    assert read_condition("not (a and b)").text() == "not (a and b)"


def test_claims_about_states_stand_in_brackets_too() -> None:
    text = "(his is up for 5 min or his is slow for 5 min) and (registration is on paper or emergency is on paper) and not grade <= 2"
    assert read_condition(text).text() == text


def test_alternatives_are_told_apart_outside_brackets_only() -> None:
    assert apart("a and (b or c) or d", "or") == ["a and (b or c)", "d"]
    assert apart("order_paper or orders", "or") == ["order_paper", "orders"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(a or b", "a bracket is missing: every '(' needs its ')' (in '(a or b')"),
        ("a or b)", "a bracket is missing: every '(' needs its ')' (in 'a or b)')"),
        (")a(", "a bracket is missing: every '(' needs its ')' (in ')a(')"),
        ("a and ()", "there is nothing between the brackets (in 'a and ()')"),
        ("(a) (b)", "'(a) (b)' is not understood; write for example "),
        ("a or", "'a or' is not understood; write for example "),
        ("a and (b or)", "'b or' is not understood; write for example "),
    ],
)
def test_a_bracket_that_is_wrong_is_told(text: str, said: str) -> None:
    with pytest.raises(Wrong, match=re.escape(said)):
        read_condition(text)
