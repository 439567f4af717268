"""Each rule of the plan check has a small scenario that triggers it, and a near miss that does not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import drillsim
from drillsim import files
from drillsim.errors import Wrong
from drillsim.files.describe import told
from drillsim.lint import RULES, SEVERITIES, Finding, lint
from drillsim.lint import told as in_words
from drillsim.lint.graph import circles
from drillsim.lint.outages import away
from drillsim.lint.peaks import arriving, most_within, services
from drillsim.lint.week import Week, hours
from drillsim.model.conditions import Deadline, EventName
from drillsim.model.scenario import Fault, Scenario
from tests.builder import a_scenario

Change = Callable[[dict[str, Any]], object]


def base() -> dict[str, Any]:
    """A hospital and a plan in which nothing is found."""
    return {
        "rosters": {"day": "mon-fri 08:00-17:30"},
        "staff": {"engineers": {"on_duty": 3}, "offices": {"on_duty": 3}, "clerks": {"on_duty": {"day": 4}}},
        "departments": {"desk": {"group": "outpatient", "kit": {"forms": 100}, "back_entry": {"by": "clerks", "takes": 1}}},
        "activities": {"register": {"department": "desk", "needs": "clerks", "takes": 3, "uses": "his"}},
        "pathways": {"visits": {"arrivals": {"rate": "60 per h"}, "route": ["register"]}},
        "systems": {
            "power": {"tier": 1},
            "db": {"needs": "power", "tier": 1},
            "his": {"needs": "db", "tier": 2, "rto": 120},
            "phone": {},
        },
        "roles": {"lead": {"holders": ["engineers"]}, "office": {"holders": ["offices"]}},
        "thresholds": {"outpatient": 30},
        "channels": {"runner": {}},
        "grades": [{"id": 1, "title": "high", "when": "his is away"}, {"id": 2, "title": "low"}],
        "restore_order": [["power"], ["db"], ["his"]],
        "steps": [
            {"id": "look", "owner": "lead", "on": "detected", "takes": 5, "does": "judge", "within": "10 min of detected"},
            {"id": "declare", "owner": "lead", "after": "look", "takes": 2, "does": "declare", "within": "20 min of detected"},
            {"id": "paper", "owner": "office", "when": "his is away for threshold outpatient", "does": {"order_paper": ["outpatient"]}},
            {"id": "mend", "owner": "lead", "after": "declare", "takes": 20, "does": [{"repair": ["cause"]}, {"restore": ["all"]}]},
            {"id": "test", "owner": "office", "after": "mend", "takes": 5, "does": {"verify": ["desk"]}},
            {"id": "back", "owner": "office", "after": "test", "does": {"return_to_system": ["all"]}},
            {"id": "report", "owner": "office", "after": "declare", "takes": 10, "report_to": "authority", "within": "2 h of declared"},
        ],
        "faults": [{"target": "db"}],
    }  # fmt: skip


def found(change: Change = lambda parts: None, **more: Any) -> list[Finding]:
    parts = copy.deepcopy(base())
    change(parts)
    return lint(a_scenario(**parts), **more).findings


def rules(change: Change = lambda parts: None, **more: Any) -> list[str]:
    return [finding.rule for finding in found(change, **more)]


def step(parts: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in parts["steps"] if one["id"] == name)


def put(*path: str, **values: Any) -> Change:
    """A change that sets values of the entry at a path; a step is named by its id."""

    def change(parts: dict[str, Any]) -> None:
        here: Any = parts
        for key in path:
            here = step(parts, key) if here is parts.get("steps") else here[key]
        here.update(values)

    return change


def add(*steps: dict[str, Any]) -> Change:
    return lambda parts: parts["steps"].extend(steps)


def both(*changes: Change) -> Change:
    def change(parts: dict[str, Any]) -> None:
        for one in changes:
            one(parts)

    return change


def inject(**parts: Any) -> Change:
    return lambda p: p.update(injects=[{"id": "call", "text": "?", **parts}])


NIGHT = {"on_duty": {"mon-fri 08:00-17:30": 2}}
DECAY: Change = lambda parts: parts.update(plan={"readiness": {"decay": True}})  # noqa: E731
ALONE = {"solo": {"on_duty": 1}}
LATER = {"id": "later", "owner": "lead", "takes": 5}
PAIR = [
    {"id": "one", "owner": "lead", "after": "look", "takes": 8, "within": "10 min of look"},
    {"id": "two", "owner": "office", "after": "look", "takes": 8, "within": "10 min of look"},
]


def one_pair_of_hands(parts: dict[str, Any]) -> None:
    parts["staff"]["solo"] = {"on_duty": 1}
    parts["roles"].update(left={"holders": ["solo"]}, right={"holders": ["solo"]})
    parts["plan"] = {"silence": {"no-deputy": "not what this is about"}}


WEARS = {"every": "exponential(900 d)", "repair": "2 h"}


def _in_the_cellar(parts: dict[str, Any]) -> None:
    for system in parts["systems"].values():
        system["place"] = "cellar"


def _standby(ageing: float) -> Change:
    """A service with a standby of some years, whose switches fail so much more often with each of them."""
    service = {"runs_on": {"members": ["db", "db_two"], "ageing": ageing}}
    return lambda parts: parts["systems"].update(db_two={"age": "1000 d"}, db_service=service)


CASES: list[tuple[str, Change, Change]] = [
    # rule, what triggers it, a near miss
    ("unreachable-step", add({**LATER, "on": "look failed"}), add({**LATER, "on": "mend failed"})),
    ("unreachable-step", add({**LATER, "when": "his is up and his is away"}), add({**LATER, "when": "his is up and db is away"})),
    ("unreachable-step", add({**LATER, "on": "stood_down"}), add({**LATER, "on": "ordered"})),
    ("unreachable-step", both(add({**LATER, "when": "pile of desk > 3"}), lambda p: p["departments"]["desk"].pop("back_entry")), add({**LATER, "when": "pile of desk > 3"})),
    ("unreachable-step", add({**LATER, "on": "desk ordered"}), add({**LATER, "on": "outpatient ordered"})),
    ("unreachable-step", add({**LATER, "after": "declare", "only_if": "grade >= 3"}), add({**LATER, "after": "declare", "only_if": "grade >= 2"})),
    ("unreachable-inject", inject(at="5 min after stood_down"), inject(at="5 min after ordered")),
    ("unreachable-inject", inject(when="grade >= 3"), inject(when="grade >= 2")),
    ("unreachable-inject", inject(at="+5 min", only_if="his is up and his is away"), inject(at="+5 min", only_if="his is up and db is away")),
    ("after-the-end", inject(at="day 9 10:00"), inject(at="day 1 10:00")),
    ("circular-trigger", add({**LATER, "on": "then"}, {"id": "then", "owner": "lead", "after": "later"}), add({**LATER, "on": ["then", "detected"]}, {"id": "then", "owner": "lead", "after": "later"})),
    ("circular-trigger", put("steps", "declare", only_if="grade <= 2"), put("steps", "mend", only_if="grade <= 2")),
    ("clock-never-starts", put("steps", "mend", within="5 h of stood_down"), put("steps", "mend", within="5 h of declared")),
    ("impossible-deadline", put("steps", "mend", within="15 min of detected"), put("steps", "mend", within="27 min of detected")),
    ("impossible-deadline", put("steps", "paper", within="29 min of failed"), put("steps", "paper", within="30 min of failed")),
    ("impossible-deadline", put("steps", "declare", takes=25), put("steps", "declare", takes=15)),
    ("impossible-deadline", put("steps", "mend", within="19 min of declared"), put("steps", "mend", within="20 min of declared")),
    ("tight-deadline", put("steps", "declare", takes="lognormal(median 16 min, p90 30 min)"), put("steps", "declare", takes="lognormal(median 14 min, p90 30 min)")),
    ("idle-role", lambda p: p["roles"].update(idle={}), lambda p: (p["roles"].update(idle={}), p.update(injects=[{"id": "call", "at": "+5 min", "to": "idle", "text": "?"}]))),
    ("never-judged", lambda p: step(p, "look").pop("does"), put("steps", "look", takes=4)),
    ("no-holder", put("staff", engineers={"on_duty": {"mon-sat 00:00-24:00": 3}}), put("staff", engineers={"on_duty": {"mon-sat 00:00-24:00": 3}, "on_call": {"count": 2, "hours": "sun 00:00-24:00"}})),
    ("no-holder", put("staff", offices={"on_duty": 0}), put("staff", offices={"on_duty": 0, "on_call": {"count": 2}})),
    ("no-deputy", put("staff", engineers={"on_duty": 1}), both(put("staff", engineers={"on_duty": 1}), put("roles", "lead", holders=["engineers", "offices"]))),
    ("no-deputy", put("staff", engineers={"on_duty": 1, "on_call": {"count": 1}}), put("staff", engineers={"on_duty": 1, "on_call": {"count": 2}})),
    ("one-person-two-roles", both(one_pair_of_hands, add({**LATER, "owner": "left", "with": ["right"], "after": "look"})), both(one_pair_of_hands, put("staff", solo={"on_duty": 2}), add({**LATER, "owner": "left", "with": ["right"], "after": "look"}))),
    ("one-person-two-roles", add({**LATER, "after": "look", "with": {"lead": 3}}), add({**LATER, "after": "look", "with": {"lead": 2}})),
    ("roles-in-parallel", both(one_pair_of_hands, add({**PAIR[0], "owner": "left"}, {**PAIR[1], "owner": "right"})), both(one_pair_of_hands, add({**PAIR[0], "owner": "left", "within": "16 min of look"}, {**PAIR[1], "owner": "right"}))),
    ("clock-without-owner", put("staff", offices=dict(NIGHT)), put("staff", offices={**NIGHT, "on_call": {"count": 2}})),
    ("report-without-clock", lambda p: step(p, "report").pop("within"), put("steps", "report", within="24 h of declared")),
    ("notice-on-failed-system", lambda p: (p["systems"].update(app={"needs": "his"}), p["channels"].update(app={"needs": "app"})), lambda p: p["channels"].update(call={"needs": "phone"})),
    ("no-channel-left", put("channels", "runner", needs="his"), both(put("channels", "runner", needs="his"), lambda p: p["channels"].update(call={"needs": "phone"}))),
    ("tool-on-failed-system", put("steps", "mend", uses="his"), put("steps", "mend", uses="phone")),
    ("tool-on-failed-system", add({**LATER, "after": "look", "uses": "his"}), add({**LATER, "after": "mend", "uses": "his"})),
    ("tool-on-failed-system", add({**LATER, "when": "his is away", "uses": "his"}), add({**LATER, "when": "phone is away", "uses": "his"})),
    ("help-on-failed-system", put("steps", "mend", helped_by={"his": {"slows": 2}}), put("steps", "mend", helped_by={"phone": {"slows": 2}})),
    ("help-on-failed-system", put("steps", "look", helped_by={"his": {"chance_right": 0.5}}), put("steps", "look", helped_by={"phone": {"chance_right": 0.5}})),
    ("copies-on-failed-system", lambda p: _copies(p, "store"), lambda p: _copies(p, "vault")),
    ("fault-without-step", put("steps", "mend", does=[{"restore": ["all"]}]), put("steps", "mend", does=[{"repair": ["db"]}, {"restore": ["all"]}])),
    ("fault-without-step", lambda p: p.update(faults=[{"kind": "corrupt", "target": "db"}]), lambda p: (p.update(faults=[{"kind": "corrupt", "target": "db"}]), step(p, "mend").update(does=[{"repair": ["cause"]}, {"recover_data": ["db"]}, {"restore": ["all"]}]))),
    ("fault-without-step", lambda p: p.update(faults=[{"kind": "update", "target": "phone"}]), lambda p: (p.update(faults=[{"kind": "update", "target": "phone"}]), step(p, "mend").update(does=[{"reimage": ["phone"]}]))),
    ("fault-without-step", lambda p: p.update(faults=[{"kind": "spread", "target": "phone"}]), lambda p: p.update(faults=[{"kind": "partition", "target": "phone"}])),
    ("no-channel-left", both(put("channels", "runner", needs="his"), lambda p: p.update(faults=[{"kind": "power", "target": "power"}])), both(put("channels", "runner", needs="his"), lambda p: p.update(faults=[{"kind": "slow", "target": "power"}]))),
    ("never-restored", both(put("steps", "mend", does=[{"repair": ["cause"]}, {"restore": ["tier 2"]}]), put("systems", "db", comes_back="by_hand")), both(put("steps", "mend", does=[{"repair": ["cause"]}, {"restore": ["tier 1"]}]), put("systems", "db", comes_back="by_hand"))),
    ("restore-order", lambda p: p.update(restore_order=[["his"], ["db"]]), lambda p: p.update(restore_order=[["db", "his"]])),
    ("restore-order", lambda p: p.update(restore_order=[["his"], ["power"]]), lambda p: (p.update(restore_order=[["his"], ["power"]]), p["systems"].update(db={"needs": {"any": ["power", "phone"]}}))),
    ("restore-order", both(put("systems", "his", tier=1), put("systems", "db", tier=2), lambda p: p.pop("restore_order")), both(put("systems", "his", tier=2), put("systems", "db", tier=2), lambda p: p.pop("restore_order"))),
    ("rto-longer-than-mtd", both(put("departments", "desk", mtd=60), put("activities", "register", on_paper={"works": False})), both(put("departments", "desk", mtd=120), put("activities", "register", on_paper={"works": False}))),
    ("spare-never-comes", both(put("steps", "mend", spare="db"), put("systems", "db", spares=0)), both(put("steps", "mend", spare="db"), put("systems", "db", spares=0, spare_arrives=60))),
    ("too-few-spares", both(put("steps", "mend", spare="db"), put("steps", "test", spare="db"), put("systems", "db", spares=1)), both(put("steps", "mend", spare="db"), put("systems", "db", spares=1))),
    ("unused-spares", put("systems", "db", spares=1), both(put("systems", "db", spares=1), put("steps", "mend", spare="db"))),
    ("unused-spares", put("systems", "db", spare_arrives=60), put("systems", "db", spares=0)),
    ("age-without-ageing", put("systems", "db", age="1000 d"), put("systems", "db", age="1000 d", fails={**WEARS, "ageing": 0.1})),
    ("age-without-ageing", put("systems", "db", fails={**WEARS, "ageing": 0.1}), put("systems", "db", fails=WEARS)),
    ("age-without-ageing", _standby(0.0), _standby(0.1)),
    ("segmentation-without-places", both(put("systems", "db", place="cellar", protection={"segmentation": 0.5}), _in_the_cellar), put("systems", "db", place="cellar", protection={"segmentation": 0.5})),
    ("patch-without-step", put("systems", "db", protection={"patched": 0.5}), both(put("systems", "db", protection={"patched": 0.5}), put("steps", "mend", does=[{"patch": ["db"]}]))),
    ("patch-without-step", lambda p: p.update(protection={"patched": 0.5}), both(lambda p: p.update(protection={"patched": 0.5}), put("steps", "mend", does=[{"patch": ["db"]}]))),
    ("segmentation-without-places", lambda p: p.update(protection={"segmentation": 0.5}), lambda p: p.update(protection={"firewall": 0.5})),
    ("no-full-copy", lambda p: _kept(p, "incremental", "log"), lambda p: _kept(p, "log", "full")),
    ("nobody-orders-paper", put("steps", "paper", does={"notify": ["desk"]}), put("steps", "paper", does={"order_paper": ["desk"]})),
    ("nobody-orders-paper", put("steps", "paper", when="phone is away for 30 min"), put("steps", "paper", when="db is away for 30 min")),
    ("nobody-orders-paper", put("steps", "paper", does="stand_down"), both(put("steps", "paper", does="stand_down"), put("departments", "desk", self_switch={"after": 20}))),
    ("nobody-orders-paper", put("steps", "paper", does="stand_down"), both(put("steps", "paper", does="stand_down"), put("activities", "register", while_waiting="goes_on"))),
    ("nobody-orders-paper", put("steps", "paper", does="stand_down"), both(put("steps", "paper", does="stand_down"), put("activities", "register", on_paper={"works": False}))),
    ("nobody-orders-paper", put("steps", "paper", does="stand_down"), both(put("steps", "paper", does="stand_down"), lambda p: p.update(faults=[{"target": "phone"}]))),
    ("nobody-orders-paper", both(put("steps", "paper", does="stand_down"), put("activities", "register", patience=20)), both(put("steps", "paper", does="stand_down"), put("activities", "register", patience=20, if_impatient="ask"))),
    ("paper-without-verify", lambda p: step(p, "test").pop("does"), put("steps", "test", does={"verify": ["outpatient"]})),
    ("paper-without-return", lambda p: step(p, "back").pop("does"), put("steps", "back", does={"return_to_system": ["desk"]})),
    ("paper-without-return", lambda p: _second_desk(p, "desk"), lambda p: _second_desk(p, "outpatient")),
    ("paper-without-back-entry", lambda p: p["departments"]["desk"].pop("back_entry"), lambda p: (p["departments"]["desk"].pop("back_entry"), p["activities"]["register"].update(on_paper={"items": 0}))),
    ("kit-too-small", put("departments", "desk", kit={"forms": 39}), put("departments", "desk", kit={"forms": 40})),  # one a minute for 30 + 10 min
    ("threshold-without-departments", lambda p: p["thresholds"].update(wards=60), lambda p: p["thresholds"].update(desk=60)),
    ("threshold-without-departments", both(lambda p: p["thresholds"].update(report=60, outpatiant=90), put("steps", "report", within="threshold report of declared")), both(lambda p: p["thresholds"].update(report=60, grave=90), put("steps", "report", within="threshold report of declared"))),
    ("threshold-without-departments", lambda p: p["thresholds"].update(report=60, grave=90), both(lambda p: p["thresholds"].update(report=60, grave=90), put("steps", "report", within="threshold report of declared"))),
    ("impossible-deadline", both(lambda p: p["thresholds"].update(report=9), put("steps", "report", within="threshold report of declared")), both(lambda p: p["thresholds"].update(report=10), put("steps", "report", within="threshold report of declared"))),
    ("unused-threshold", lambda p: (p["thresholds"].update(desk=60), step(p, "paper").update(does={"order_paper": ["desk"]})), lambda p: p["thresholds"].update(desk=60)),
    ("short-name", put("systems", "his", title="Hospital system", short="phone"), put("systems", "his", title="Hospital system", short="HIS")),
    ("short-name", put("departments", "desk", title="Desk", short="The desk"), put("departments", "desk", title="The desk", short="Desk")),
    ("grade-never", lambda p: p["grades"].reverse(), lambda p: p["grades"].insert(0, {"id": 3, "title": "db", "when": "db is away"})),
    ("grade-never", lambda p: p["grades"].insert(1, {"id": 3, "title": "same", "when": "his is away"}), lambda p: p["grades"].insert(1, {"id": 3, "title": "near", "when": "his is slow"})),
    ("grade-never", lambda p: p["grades"].insert(0, {"id": 3, "title": "no", "when": "his is away and his is up"}), lambda p: p["grades"].insert(0, {"id": 3, "title": "yes", "when": "his is away and db is up"})),
    ("old-plan", lambda p: p.update(plan={"reviewed": "2025-03-01"}), lambda p: p.update(plan={"reviewed": "2025-04-01"})),
    ("drill-without-decay", put("staff", "clerks", last_drill="400 d"), both(put("staff", "clerks", last_drill="400 d"), lambda p: p.update(plan={"readiness": {"decay": True}}))),
    ("drill-without-decay", put("staff", "clerks", last_restore="400 d"), put("staff", "clerks", trained=0.4)),
    ("never-drilled", both(DECAY, put("staff", "engineers", last_drill="9 d")), both(DECAY, put("staff", "engineers", last_drill="9 d"), put("staff", "offices", last_drill="0 d"))),
    ("never-drilled", DECAY, both(DECAY, put("staff", "engineers", trained=0), put("staff", "offices", trained=0))),
    ("never-freed", put("activities", "register", frees="clerks"), put("activities", "register", keeps="clerks", frees="clerks")),
    ("after-the-end", lambda p: p["faults"][0].update(at="17:00"), lambda p: p["faults"][0].update(at="16:00")),  # EndEx at minute 1000
    ("after-the-end", add({**LATER, "at": "17:00"}), add({**LATER, "at": "16:00"})),
    ("cost-in-words", lambda p: p.update(variants={"v": {"title": "V", "cost": "lots 5 CNX each moon"}}), lambda p: p.update(variants={"v": {"title": "V", "cost": "5 CNY a year, one more each moon, 3 at most"}})),
    ("cost-in-words", lambda p: p.update(variants={"v": {"title": "V", "cost": {"note": "about 4 nights"}}}), lambda p: p.update(variants={"v": {"title": "V", "cost": "four nights a year"}})),
    ("diverted-without-reopen", add({**LATER, "on": "detected", "does": {"divert": ["visits"]}}), add({**LATER, "on": "detected", "does": [{"divert": ["visits"]}, {"reopen": ["visits"]}]})),
    ("reopened-without-divert", add({**LATER, "on": "detected", "does": {"reopen": ["visits"]}}), add({**LATER, "on": "detected", "does": [{"divert": ["visits"]}, {"reopen": ["visits"]}]})),
    ("silence", lambda p: p.update(plan={"silence": {"no-deputee": "because"}}), lambda p: (p.update(plan={"silence": {"no-deputy": "because"}}), p["staff"].update(engineers={"on_duty": 1}))),
    ("silence", lambda p: p.update(plan={"silence": {"no-deputy": "because"}}), lambda p: (p.update(plan={"silence": {"no-deputy lead": "because"}}), p["staff"].update(engineers={"on_duty": 1}))),
]  # fmt: skip


def _copies(parts: dict[str, Any], needs: str) -> None:
    parts["systems"].update(store={"needs": "db"}, vault={})
    parts["media"] = {"disk": {"throughput": "100 MB/s", "needs": needs}}
    parts["systems"]["db"]["data"] = {"size": "1 TB", "backups": [{"kind": "full", "every": 1440, "medium": "disk"}]}
    parts["faults"] = [{"kind": "corrupt", "target": "db"}]
    step(parts, "mend")["does"] = [{"repair": ["cause"]}, {"recover_data": ["db"]}, {"restore": ["all"]}]


def _kept(parts: dict[str, Any], *kinds: str) -> None:
    parts["media"] = {"disk": {"throughput": "100 MB/s"}}
    copies = [{"kind": kind, "every": 1440, "medium": "disk"} for kind in kinds]
    parts["systems"]["db"]["data"] = {"size": "1 TB", "backups": copies}


def _second_desk(parts: dict[str, Any], returned: str) -> None:
    parts["departments"]["till"] = {"group": "outpatient", "back_entry": {"by": "clerks", "takes": 1}}
    parts["activities"]["pay"] = {"department": "till", "needs": "clerks", "takes": 3, "uses": "his"}
    step(parts, "back")["does"] = {"return_to_system": [returned]}


def test_nothing_is_found_in_a_sound_plan():
    assert found() == []


@pytest.mark.parametrize(("rule", "wrong", "right"), CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)])
def test_a_rule_finds_what_it_is_for_and_nothing_in_a_near_miss(rule, wrong, right):
    assert rule in rules(wrong)
    assert rule not in rules(right)


def test_every_rule_has_its_case():
    assert set(RULES) == {rule for rule, _, _ in CASES}


def test_each_rule_says_why_and_what_to_do_in_both_languages():
    for name, rule in RULES.items():
        assert rule.severity in SEVERITIES
        assert rule.why.endswith(".")
        assert rule.todo.endswith("."), name


def said() -> set[str]:
    """Every sentence of the rules and of hours, as found when each case is played."""
    texts = {text for rule in RULES.values() for text in (rule.why, rule.todo)}
    waiting = [finding.what for _, wrong, _ in CASES for finding in found(wrong, library=LIBRARY)]
    while waiting:
        one = waiting.pop()
        texts.add(one.template)
        waiting += [value for value in one.values.values() if isinstance(value, Wrong)]
    return texts


LIBRARY = {"night": (Fault(target="power"),), "other": (Fault(target="phone"),), "elsewhere": (Fault(target="mars"),)}


def chinese() -> dict[str, str]:
    folder = Path(drillsim.__file__).parent / "texts" / "zh"
    return {k: v for path in folder.glob("*.json") for k, v in json.loads(path.read_text(encoding="utf-8")).items()}


@pytest.mark.parametrize("text", sorted(said()))
def test_what_is_found_has_its_chinese_with_the_same_values(text):
    def fields(template: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(template) if name}

    assert fields(chinese()[text]) == fields(text)


# ---- hours of the week


def hours_of(roster: dict[str, int], **staff: Any) -> str:
    """When nobody of a role is there."""
    parts = {**base(), "hospital": staff.pop("hospital", {})}
    parts["staff"]["engineers"] = {"on_duty": roster, **staff}
    parts["rosters"]["night"] = "all 17:30-08:00"
    week = Week(a_scenario(**parts))
    numbers = week.holding("lead")
    none = week.where(lambda n: numbers[n] == 0)
    return str(hours(none)) if none else ""


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        ({"mon-fri 08:00-17:30": 1, "mon-fri 17:30-08:00": 1, "sun 08:00-08:00": 1}, "Saturday 08:00 to Sunday 08:00"),
        ({"mon-fri 00:00-24:00": 1, "sat 00:00-17:30": 1, "sun 08:00-24:00": 1}, "Saturday 17:30 to Sunday 08:00"),
        ({"day": 1, "night": 1}, "Saturday and Sunday 08:00 to 17:30"),
        ({"all 08:00-20:00": 1}, "every day 20:00 to 08:00"),
        ({"day": 1}, "Monday to Thursday 17:30 to 08:00; Friday 17:30 to Monday 08:00"),
        ({"mon 00:00-24:00": 0}, "every hour of the week"),
        ({"always": 1}, ""),
    ],
)
def test_hours_without_anybody_are_told_as_people_say_them(roster, said):
    assert hours_of(roster) == said


def test_on_call_fills_the_hours_it_covers():
    assert hours_of({"day": 1}, on_call={"hours": "night"}) == "Saturday and Sunday 08:00 to 17:30"


def test_holidays_count_when_the_calendar_has_some():
    hospital = {"hospital": {"calendar": {"holidays": ["2026-10-01"]}}}
    assert hours_of({"mon-sun 00:00-24:00": 1}, **copy.deepcopy(hospital)) == "all day on holidays"
    assert hours_of({"mon-sun 00:00-24:00": 1, "holidays 08:00-24:00": 1}, **hospital) == "holidays 00:00 to 08:00"


def test_a_night_that_runs_into_monday_counts_for_monday():
    assert hours_of({"mon-sat 00:00-24:00": 1, "sun 00:00-20:00": 1, "sun 20:00-02:00": 1}) == ""


# ---- what goes down, where, and how often


def test_what_fails_takes_away_all_that_leans_on_it():
    systems = a_scenario(
        systems={
            "a": {}, "b": {}, "both": {"needs": ["a", "b"]}, "either": {"needs": {"any": ["a", "b"]}}, "two": {"needs": {"at_least": 2, "of": ["a", "b", "c"]}}, "c": {},
            "sure": {"runs_on": {"members": ["a", "b"]}}, "unsure": {"runs_on": {"members": ["a", "b"], "chance": 0.9}}, "by_hand": {"runs_on": {"members": ["a", "b"], "automatic": False}}, "second": {"runs_on": {"members": ["b", "a"]}},
        }
    ).hospital.systems  # fmt: skip
    assert away(systems, {"a"}) == {"a", "both", "unsure", "by_hand"}
    assert away(systems, {"a", "b"}) == set(systems) - {"c"}
    assert away(systems, set()) == set()


def test_the_library_is_counted_where_its_faults_can_happen_here():
    finding = next(
        f
        for f in found(put("channels", "runner", needs="phone"), library=LIBRARY)
        if f.rule == "notice-on-failed-system"
    )
    assert "down in 1 of 2 library scenarios (other)" in str(finding.what)


def test_a_fault_that_only_the_library_has_is_a_warning():
    change = put("steps", "mend", does=[{"repair": ["db"]}, {"restore": ["all"]}])
    finding = next(f for f in found(change, library=LIBRARY) if f.subject == "power")
    assert (finding.rule, finding.grave) == ("fault-without-step", "warning")


# ---- arithmetic


def test_services_at_the_peak_follow_arrivals_chances_and_loops():
    parts = base()
    parts["pathways"]["visits"] = {
        "arrivals": {"per_day": 240, "hours": {"08:00-10:00": 3, "10:00-11:00": 1}, "weekdays": {"mon": 2}},
        "route": [{"id": "first", "do": "register", "then": [{"to": "first", "chance": 0.5}, {"to": "leave"}]}],
    }
    hospital = a_scenario(**parts).hospital
    assert sum(arriving(hospital.pathways["visits"].arrivals)) * 15 == pytest.approx(480)
    day = services(hospital)["desk"]  # everybody comes twice on average
    assert max(day) == pytest.approx(2 * 480 * 0.75 / 120)
    assert most_within(day, 120) == pytest.approx(2 * 480 * 0.75)
    assert most_within(day, 180) == pytest.approx(2 * 480)


def test_circles_are_found_once():
    assert circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"], "e": ["e"]}) == [["a", "b", "c"], ["e"]]


# ---- silences, and where findings stand


def silenced(**parts: Any) -> Scenario:
    held = copy.deepcopy(base())
    put("staff", engineers={"on_duty": 1})(held)
    held["plan"] = parts
    return a_scenario(**held)


def test_a_silence_takes_a_finding_out_and_keeps_its_reason():
    scenario = silenced(silence={"no-deputy lead": "one engineer is all there is"})
    linted = lint(scenario)
    assert linted.findings == []
    assert [(f.rule, f.subject, reason.en) for f, reason in linted.silenced] == [
        ("no-deputy", "lead", "one engineer is all there is")
    ]


def test_a_step_silences_its_own_findings_only():
    parts = copy.deepcopy(base())
    parts["steps"] += [
        {**LATER, "on": "stood_down", "silence": {"unreachable-step": "not yet"}},
        {**LATER, "id": "too", "on": "stood_down"},
    ]
    assert [f.subject for f in lint(a_scenario(**parts)).findings] == ["too"]


def test_a_plan_on_its_own_is_checked_as_far_as_that_goes():
    parts = copy.deepcopy(base())
    parts["steps"] += [{**LATER, "on": "stood_down"}]
    plan = a_scenario(**parts).plan
    alone = Scenario(title="alone", hospital=a_scenario().hospital, plan=plan)
    assert [f.rule for f in lint(alone, whole=False).findings] == ["unreachable-step"]


FILE = """\
drillsim: scenario/1
title: Outage
hospital: {title: H, staff: {solo: {title: Solo, on_duty: {"sat,sun 00:00-24:00": 2}}}}
plan:
  title: P
  roles:
    lead: {title: Lead, holders: solo}
  steps:
    - {id: look, title: Look, owner: lead, on: detected, takes: 1 min, within: 5 min of stood_down}
"""


def test_findings_have_their_file_and_line_and_are_told_by_severity_with_advice(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(FILE, encoding="utf-8")
    problems = files.check(path)
    assert [(p.line, p.path, p.severity, p.rule) for p in problems] == [
        (7, "plan.roles.lead", "serious", "no-holder"),
        (9, "plan.steps[0].within", "warning", "clock-never-starts"),
    ]
    lines = files.describe(problems)
    assert lines[0].endswith("ours.yaml has 1 serious finding")
    assert (
        lines[1]
        == "  line 7   plan.roles.lead   nobody holds the role “Lead” (lead): Monday 00:00 to Friday 24:00 [no-holder]"
    )
    assert lines[2].strip() == f"→ {RULES['no-holder'].why} {RULES['no-holder'].todo}"
    assert lines[3] == "and 1 warning"
    assert files.load(path).linted
    assert [w.rule for w in files.load(path).warnings] == ["no-holder", "clock-never-starts"]


def test_a_silence_without_a_reason_is_a_mistake(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(FILE.replace("  title: P\n", "  title: P\n  silence: {no-holder: }\n"), encoding="utf-8")
    assert [(p.path, p.severity) for p in files.check(path)] == [("plan.silence.no-holder", "mistake")]


def test_a_variant_tells_only_what_it_brings(tmp_path):
    path = tmp_path / "ours.yaml"
    more = (
        "variants:\n  v: {title: V, set: {plan.steps.look.takes: 9 min, plan.steps.look.within: 5 min of detected}}\n"
    )
    path.write_text(FILE + more, encoding="utf-8")
    assert [(p.line, p.rule) for p in files.check(path)] == [
        (7, "no-holder"),
        (9, "clock-never-starts"),
        (11, "impossible-deadline"),
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "“Tell all” (tell) takes “Lead of IT” (it) × 2, “clerk” together, and there are never so many people"),
        ("zh", "“通知”（tell）需要“信息科负责人”（it）2人、“clerk”同时到场，而任何时段都没有这么多人"),
    ],
)
def test_findings_name_things_by_their_titles_with_their_ids_in_brackets(language: str, said: str) -> None:
    scenario = a_scenario(
        staff={"one": {"on_duty": {"always": 1}}}, systems={"db": {"title": {"en": "Database", "zh": "数据库"}}},
        roles={"it": {"title": {"en": "Lead of IT", "zh": "信息科负责人"}, "holders": "one"}, "clerk": {"holders": "one"}},
        steps=[{"id": "tell", "title": {"en": "Tell all", "zh": "通知"}, "owner": "it", "with": {"it": 1, "clerk": 1}, "on": "detected"}],
    )  # fmt: skip
    found = next(f for f in lint(scenario).findings if f.rule == "one-person-two-roles")
    assert told(found.what.template, found.what.values, language) == said


def test_findings_speak_of_lengths_deadlines_and_groups_in_words_in_both_languages() -> None:
    found = in_words.deadline(a_scenario(), Deadline(event=EventName(subject="detected"), minutes=1322.0))
    assert (str(found), told(found.template, found.values, "zh")) == (
        "22 h 2 min after detection",
        "发现故障后 22 小时 2 分钟",
    )
    assert [str(in_words.length(n)) for n in (12.5, 60.0, 7200.0, 1441.0)] == ["12.5 min", "1 h", "5 d", "1 d 1 min"]
    assert (str(in_words.group("pharmacy")), in_words.group("ours")) == ("pharmacies", "ours")
