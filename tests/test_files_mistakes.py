"""Every mistake in a file is told at once: its line, its path, the value, the nearest good word."""

from __future__ import annotations

import random
import time

import pytest

from drillsim import files
from drillsim.errors import Problem, ScenarioError
from drillsim.files.load import scenario_tree
from drillsim.files.parts import Reader
from drillsim.files.tree import Map, Mark, Seq, as_tree, copied
from drillsim.files.validate import checked
from tests.files_sample import GOOD, Said, line_of, told, with_change

VALUES = [
    # old, new, path, sentence
    ("horizon: 10 h", "horizont: 10 h", "horizont", "unknown key 'horizont'. Did you mean 'horizon'?"),
    ("horizon: 10 h", "horizon: 10", "horizon", "expected a duration such as '90 min' or '1 h 30 min', got '10'"),
    ("horizon: 10 h", "horizon: 10 hours", "horizon", "expected a duration such as '90 min' or '1 h 30 min', got '10 hours'"),
    ("horizon: 10 h", "horizon: 0 min", "horizon", "the horizon must be longer than zero"),
    ("horizon: 10 h", "horizon:", "horizon", "the value is missing"),
    ("horizon: 10 h", "horizon: 3000000 d", "horizon", "the horizon can be 36,525 d at most, got 3,000,000 d"),
    ("horizon: 10 h", "horizon: 10 h\nwarm_up: 36526 d", "warm_up", "the warm-up can last 36,525 d at most, got 36,526 d"),
    ("start: 2026-03-09 07:00", "start: 9999-12-30 07:00", "start", "expected a year from 1900 to 2999, got '9999-12-30 07:00'"),
    ("horizon: 10 h", "horizon: 10 h\nwarm_up: forever", "warm_up", "the warm-up must end"),
    ("horizon: 10 h", "horizon: 10 h\nrun: {confidence: 1.5}", "run.confidence", "expected a number below 1, got '1.5'"),
    ("horizon: 10 h", "horizon: 10 h\nrun: {replications: 0}", "run.replications", "expected a number of at least 1, got '0'"),
    ("start: 2026-03-09 07:00", "start: 9 March", "start", "expected a date and time such as '2026-03-09 07:00', got '9 March'"),
    ("bed: {title: Bed, on_duty: 4}", "bed: {title: Bed, on_duty: many}", "hospital.equipment.bed.on_duty", "expected a whole number, got 'many'"),
    ("bed: {title: Bed, on_duty: 4}", "Bed: {title: Bed, on_duty: 4}", "hospital.equipment.Bed", "'Bed' cannot be a name: use a-z, 0-9, '_' and '-', beginning with a letter"),
    ("bed: {title: Bed, on_duty: 4}", "bed: {on_duty: 4}", "hospital.equipment.bed.title", "the key 'title' is missing"),
    ("bed: {title: Bed, on_duty: 4}", "bed: {title: Bed, large, on_duty: 4}", "hospital.equipment.bed.large", "unknown key 'large'; inside { } a text with a comma needs quotes"),
    ("bed: {title: Bed, on_duty: 4}", "bed: {title: {}, on_duty: 4}", "hospital.equipment.bed.title", "expected words, such as {en: Registration, zh: 挂号}"),
    ("bed: {title: Bed, on_duty: 4}", "bed: {title: Bed, pre_emptive: perhaps}", "hospital.equipment.bed.pre_emptive", "expected true or false, got 'perhaps'"),
    ("bed: {title: Bed, on_duty: 4}", "bed: {title: Bed, interrupted: resumes}", "hospital.equipment.bed.interrupted", "'resumes' is not known here. Did you mean 'resume'?"),
    ("bed: {title: Bed, on_duty: 4}", "bed: {title: Bed, interrupted: never}", "hospital.equipment.bed.interrupted", "'never' is not known here; known are resume, restart, resample"),
    ("bed: {title: Bed, on_duty: 4}", "bed: Bed", "hospital.equipment.bed", "expected keys with values ('key: value'), got 'Bed'"),
    ("class_factor: {urgent: 0.5}", "class_factor: {urgent: inf}", "hospital.activities.register.class_factor.urgent", "expected a number, got 'inf'"),
    ("takes: exponential(3 min)", "takes: exponental(3 min)", "hospital.activities.register.takes", "unknown distribution 'exponental'. Did you mean 'exponential'?"),
    ("takes: exponential(3 min)", "takes: -3 min", "hospital.activities.register.takes", "a duration cannot be negative, got '-3 min'"),
    ("takes: exponential(3 min)", "takes: {kind: constant}", "hospital.activities.register.takes", "expected words such as '12 min' or 'lognormal(median 12 min, p90 30 min)', got '{kind}'"),
    ("takes: exponential(3 min)", "takes: \"gamma(mean 3 min, sd 0 min)\"", "hospital.activities.register.takes", "sd must be above 0 in 'gamma(mean 3 min, sd 0 min)'"),
    ("arrivals: {per_day: 100", "arrivals: {rate: 3 per h, per_day: 100", "hospital.pathways.visits.arrivals", "give exactly one of per_day, rate, every, at; got per_day, rate"),
    ("arrivals: {per_day: 100, hours: {\"08:00-12:00\": 2, \"14:00-17:00\": 1}}", "arrivals: {every: 0 min}", "hospital.pathways.visits.arrivals", "'every' must be longer than zero"),
    ("\"14:00-17:00\": 1", "\"11:00-17:00\": 1", "hospital.pathways.visits.arrivals", "these hours overlap"),
    ("title: Visits", "title: Visits\n      diverted: {share: 0.3, after: forever}", "hospital.pathways.visits.diverted.after", "'after' must end, or nobody is ever kept away"),
    ("share: 9", "share: nine", "hospital.pathways.visits.classes.other.share", "expected a number, got 'nine'"),
    ("{urgent: 0.9, other: 0.4}", "{urgent: 1.4, other: 0.4}", "hospital.pathways.visits.route[1].then[0].chance.urgent", "a probability lies between 0 and 1, got 1.4"),
    ("{do: stay, then", "{then", "hospital.pathways.visits.route[1]", "a stop of a route needs either 'do' (an activity) or 'fork' (lines side by side)"),
    ("size: 1 TB", "size: 1 T", "hospital.systems.db.data.size", "expected a size such as '4 TB' or '600 GB', got '1 T'"),
    ("throughput: 100 MB/s", "throughput: 100", "hospital.media.disk.throughput", "expected a throughput such as '360 MB/s' or '2 TB/h', got '100'"),
    ("{any: [power]}", "{anny: [power]}", "hospital.systems.his.needs[1].anny", "unknown key 'anny'. Did you mean 'any'?"),
    ("{any: [power]}", "{at_least: 2, of: [power]}", "hospital.systems.his.needs[1]", "'at_least' must lie between 1 and 1"),
    ("within: 10 min of detected", "within: 10 min", "plan.steps[0].within", "'10 min' needs an event to count from, such as '10 min of detected'"),
    ("with: help,", "with_roles: help,", "plan.steps[2].with_roles", "unknown key 'with_roles'. Did you mean 'with'?"),
    ("does: [declare]}", "does: {declare: all}}", "plan.steps[1].does", "'declare' takes nothing after it"),
    ("does: [declare]}", "does: declair}", "plan.steps[1].does", "unknown effect 'declair'. Did you mean 'declare'?"),
    ("does: [declare]}", "does: {declare: , notify: all}}", "plan.steps[1].does", "one effect at a time; write a list for several: [declare, {notify: all}]"),
    ("only_if: desk is on paper", "only_if: (desk is on paper or his is away", "plan.steps[4].only_if", "a bracket is missing: every '(' needs its ')' (in '(desk is on paper or his is away')"),
    ("only_if: desk is on paper", "only_if: desk opens", "plan.steps[4].only_if", "'desk opens' is not understood; write for example 'his is away for 10 min', '30 min after detected' or 'grade <= 2'"),
    ("does: [declare]}", "does: [declare], during: mon-fri 08:00-25:00}", "plan.steps[1].during", "expected a time of day such as '09:10', got '25:00'"),
    ("only_if: desk is on paper", "only_if: desk on paper yesterday", "plan.steps[4].only_if", "'desk on paper yesterday' is not understood; write for example 'his is away for 10 min', '30 min after detected' or 'grade <= 2'"),
    ("kind: slow,", "kind: sloow,", "faults[1].kind", "unknown kind of fault 'sloow'. Did you mean 'slow'?"),
    ("severity: 2", "severity: 2, chance: 1.4", "faults[1].chance", "a probability lies between 0 and 1, got 1.4"),
    ("severity: 2", "severity: 2, lasts: -10 min", "faults[1].lasts", "a duration cannot be negative, got '-10 min'"),
    ("at: 09:10", "at: 9.10", "faults[0].at", "expected a moment such as '09:10', 'day 2 03:00', '+40 min' or '20 min after declared', got '9.10'"),
    ("at: +40 min, to", "to", "injects[0]", "give either 'at' (a moment) or 'when' (a condition)"),
    ("measure: patients.left <= 5", "measure: patients.left <= 5 min", "objectives[1].measure", "'left' is a number: expected one without a unit, got '5 min'"),
    ("measure: patients.left <= 5", "measure: patients.lefd <= 5", "objectives[1].measure", "'lefd' is not a measure. Did you mean 'left'?"),
    ("steps: [look, paper]}", "steps: []}", "objectives[0]", "an objective names either 'steps' or a 'measure'"),
]  # fmt: skip

REFERENCES = [
    ("department: desk}", "department: dask}", "hospital.staff.clerk.department", "'dask' is not a department of the hospital. Did you mean 'desk'?"),
    ("does: [declare]}", "does: [declare], during: office}", "plan.steps[1].during", "'office' is neither a roster of the hospital nor hours such as 'mon-fri 08:00-17:30'; known are day"),
    ("only_if: desk is on paper", "only_if: desc is closed", "plan.steps[4].only_if", "'desc' is not a department of the hospital. Did you mean 'desk'?"),
    ("hours: always", "hours: nights", "hospital.staff.engineer.on_call.hours", "'nights' is neither a roster of the hospital nor hours such as 'mon-fri 08:00-17:30'; known are day"),
    ("on_duty: {day: 1}", "on_duty: {days: 1}", "hospital.staff.engineer.on_duty.days", "'days' is neither a roster of the hospital nor hours such as 'mon-fri 08:00-17:30'. Did you mean 'day'?"),
    ("by: clerk", "by: clark", "hospital.departments.desk.back_entry.by", "'clark' is not in the hospital's staff. Did you mean 'clerk'?"),
    ("needs: [clerk]", "needs: [clark]", "hospital.activities.register.needs[0]", "'clark' is neither staff nor equipment of the hospital. Did you mean 'clerk'?"),
    ("uses: his, class", "uses: hiss, class", "hospital.activities.register.uses", "'hiss' is not one of the hospital's systems. Did you mean 'his'?"),
    ("uses: his, class", "uses: desk, class", "hospital.activities.register.uses", "'desk' is not one of the hospital's systems; it is a department"),
    ("class_factor: {urgent: 0.5}", "class_factor: {urgend: 0.5}", "hospital.activities.register.class_factor.urgend", "'urgend' is not a class of patients here. Did you mean 'urgent'?"),
    ("{urgent: 0.9, other: 0.4}", "{urgent: 0.9, others: 0.4}", "hospital.pathways.visits.route[1].then[0].chance.others", "'others' is not a class of patients here. Did you mean 'other'?"),
    ("if_full: leave", "if_full: leaf", "hospital.activities.stay.if_full", "'leaf' is not a stop of the pathway 'visits', which does this activity. Did you mean 'leave'?"),
    ("route: [register,", "route: [regista,", "hospital.pathways.visits.route[0]", "'regista' is not an activity of the hospital. Did you mean 'register'?"),
    ("{to: go,", "{to: goo,", "hospital.pathways.visits.route[1].then[0].to", "'goo' is not a stop of this route. Did you mean 'go'?"),
    ("pathways: visits", "pathways: visit", "hospital.indicators.long_stay.pathways", "'visit' is not a pathway of the hospital. Did you mean 'visits'?"),
    ("until: stay", "until: sty", "hospital.indicators.long_stay.until", "'sty' is not a stop of the pathway 'visits'. Did you mean 'stay'?"),
    ("medium: disk", "medium: tape", "hospital.systems.db.data.backups[0].medium", "'tape' is not one of the hospital's media; known are disk"),
    ("members: [db, spare_db]", "members: [db, spare_bd]", "hospital.systems.db_service.runs_on.members[1]", "'spare_bd' is not one of the hospital's systems. Did you mean 'spare_db'?"),
    ("{any: [power]}", "{any: [powder]}", "hospital.systems.his.needs[1].any[0]", "'powder' is not one of the hospital's systems. Did you mean 'power'?"),
    ("after: 5 min, needs: phone", "after: 5 min, needs: fone", "hospital.detection.users.needs", "'fone' is neither one of the hospital's systems nor a channel of the plan. Did you mean 'phone'?"),
    ("holders: [engineer]", "holders: [enginer]", "plan.roles.lead.holders[0]", "'enginer' is not in the hospital's staff. Did you mean 'engineer'?"),
    ("activates: lead", "activates: leed", "plan.grades[0].activates", "'leed' is not a role of this plan. Did you mean 'lead'?"),
    ("when: his is away for 1 h", "when: hiss is away for 1 h", "plan.grades[0].when", "'hiss' is not one of the hospital's systems. Did you mean 'his'?"),
    ("call_tree: [call, runner]", "call_tree: [call, runer]", "plan.call_tree[1]", "'runer' is not a channel of this plan. Did you mean 'runner'?"),
    ("restore_order: [[db], [his]]", "restore_order: [[db], hiss]", "plan.restore_order[1]", "'hiss' is not one of the hospital's systems. Did you mean 'his'?"),
    ("owner: lead, on: detected", "owner: leader, on: detected", "plan.steps[0].owner", "'leader' is not a role of this plan. Did you mean 'lead'?"),
    ("owner: lead, on: detected", "owner: lead, on: detectd", "plan.steps[0].on", "'detectd' is not an event. Did you mean 'detected'?"),
    ("owner: lead, on: detected", "owner: lead, on: db", "plan.steps[0].on", "'db' is one of the systems; write 'db down' or 'db up'"),
    ("owner: lead, on: detected", "owner: lead, on: paperr failed", "plan.steps[0].on", "'paperr' is not a step of this plan. Did you mean 'paper'?"),
    ("owner: lead, on: detected", "owner: lead, on: dask on paper", "plan.steps[0].on", "'dask' is not a department of the hospital. Did you mean 'desk'?"),
    ("within: 10 min of detected", "within: 10 min of declair", "plan.steps[0].within", "'declair' is not an event. Did you mean 'declare'?"),
    ("with: help", "with: {helper: 2}", "plan.steps[2].with.helper", "'helper' is not a role of this plan. Did you mean 'help'?"),
    ("for threshold outpatient", "for threshold outpatients", "plan.steps[2].when", "'outpatients' is not a threshold of this plan. Did you mean 'outpatient'?"),
    ("when: his is away for threshold", "when: desk is away for threshold", "plan.steps[2].when", "'desk' is not one of the hospital's systems; it is a department"),
    ("order_paper: [outpatient]", "order_paper: [outpatients]", "plan.steps[2].does.order_paper[0]", "'outpatients' is neither a department nor a group of departments. Did you mean 'outpatient'?"),
    ("after: [declare]", "after: [decalre]", "plan.steps[3].after[0]", "'decalre' is not a step of this plan. Did you mean 'declare'?"),
    ("back_to: look", "back_to: lok", "plan.steps[3].if_it_fails.back_to", "'lok' is not a step of this plan. Did you mean 'look'?"),
    ("{repair: cause}", "{repair: case}", "plan.steps[3].does[0].repair", "'case' is not one of the hospital's systems. Did you mean 'cause'?"),
    ("[his, tier 1]", "[his, tier 3]", "plan.steps[3].does[1].restore[1]", "no system has tier 3. Did you mean 'tier 2'?"),
    ("only_if: desk is on paper", "only_if: judged disc_full and db_service on standby", "plan.steps[4].only_if", "'disc_full' is not one of the plan's causes. Did you mean 'disk_full'?"),
    ("only_if: desk is on paper", "only_if: his on standby", "plan.steps[4].only_if", "'his' has no 'runs_on', so it is never on standby"),
    ("{repair: cause}", "{repair: disk_full}", "plan.steps[3].does[0].repair", "'disk_full' is not one of the hospital's systems; it is a cause"),
    ("[his, tier 1]", "[his, 'kind: database']", "plan.steps[3].does[1].restore[1]", "'kind: database' is not one of the hospital's systems; known are power, db, spare_db, db_service, his, phone, all"),
    ("{verify: desk}", "{verify: help}", "plan.steps[4].does[0].verify", "'help' is neither a department nor a group of departments; it is a role of the plan"),
    ("target: db,", "target: engineer,", "faults[0].target", "'engineer' is not one of the hospital's systems; it is a role of the staff"),
    ("cause: disk_full", "cause: disc_full", "faults[0].cause", "'disc_full' is not one of the plan's causes. Did you mean 'disk_full'?"),
    ("cause: disk_full", "cause: disk_full, mistaken_for: [disk_full]", "faults[0].mistaken_for", "the cause of the fault is 'disk_full' itself: name what it is mistaken for, or leave 'mistaken_for' out"),
    ("kind: slow, severity: 2", "kind: slow", "faults[1].kind", "a fault of the kind 'slow' needs a 'severity': how many times as long work takes, such as 3"),
    ("kind: slow, severity: 2", "kind: overload", "faults[1].kind", "a fault of the kind 'overload' needs a 'severity': how many times as long work takes, such as 3"),
    ('"kind: application"', '"kind: aplication"', "faults[1].target", "no system has the kind 'aplication'. Did you mean 'application'?"),
    ('"kind: application"', '"sort: application"', "faults[1].target", "'sort: application' selects nothing; write 'kind: …', 'place: …' or 'tag: …'"),
    ("30 min after look", "30 min after lok", "faults[1].at", "'lok' is not an event. Did you mean 'look'?"),
    ("to: help, channel", "to: helper, channel", "injects[0].to", "'helper' is not a role of this plan. Did you mean 'help'?"),
    ("channel: call", "channel: cal", "injects[0].channel", "'cal' is not a channel of this plan. Did you mean 'call'?"),
    ("expects: {step: back", "expects: {step: bak", "injects[0].expects.step", "'bak' is not a step of this plan. Did you mean 'back'?"),
    ("channel: call, text: The", "channel: call, about: [mend, bak], text: The", "injects[0].about[1]", "'bak' is not a step of this plan. Did you mean 'back'?"),
    ("steps: [look, paper]}", "steps: [look, papers]}", "objectives[0].steps[1]", "'papers' is not a step of this plan. Did you mean 'paper'?"),
    ("measure: patients.left <= 5", "measure: his.left <= 5", "objectives[1].measure", "'his' has no 'left'; known are minutes_down, minutes_slow, minutes_to_restore, availability, data_lost, exposed, people_exposed, infected"),
    ("desk.queue_mean < 30", "desc.queue_mean < 30", "steady_state[1]", "nothing that can be measured is called 'desc'. Did you mean 'desk'?"),
    ("hospital.staff.engineer.on_duty.day: 2", "hospital.staff.engneer.on_duty.day: 2", "variants.two.set.hospital.staff.engneer.on_duty.day", "there is no 'hospital.staff.engneer.on_duty.day'. Did you mean 'hospital.staff.engineer.on_duty.day'?"),
]  # fmt: skip

STRUCTURE = [
    ("- {id: back,", "- {id: look,", "plan.steps[4].id", "the id 'look' is here twice, first in line {line of look}"),
    ("- {id: back,", "- {id: restored,", "plan.steps[4].id", "'restored' is a word for an event; give this another id"),
    ("{id: press,", "{id: paper,", "injects[0].id", "'paper' is also the id of a step (line {line of paper})"),
    ("{id: slow,", "{id: broken,", "faults[1].id", "the id 'broken' is here twice, first in line {line of broken}"),
    ("{id: few_leave,", "{id: in_time,", "objectives[1].id", "the id 'in_time' is here twice, first in line {line of in_time}"),
    ("power: {title: Power, kind: power}", "power: {title: Power, kind: power, needs: his}", "hospital.systems.power", "these systems need each other in a circle: power → his → db_service → db → power"),
    ("- {id: look, title: Look, owner: lead, on: detected", "- {id: look, title: Look, owner: lead, after: declare", "plan.steps[0].after", "step 'look' waits for 'declare', which waits for 'look'"),
    ("owner: lead, on: detected", "owner: lead, on: mend", "plan.steps[0].on", "these steps wait for each other: look → mend → declare → look"),
    ("- {id: look, title: Look, owner: lead, on: detected", "- {id: look, title: Look, owner: lead, after: mend", "plan.steps[0].after", "these steps wait for each other: look → mend → declare → look"),
    ("- {id: look, title: Look, owner: lead, on: detected", "- {id: look, title: Look, owner: lead, after: look", "plan.steps[0].after", "step 'look' waits for itself"),
    ("owner: lead, on: detected", "owner: lead, on: declare", "plan.steps[0].on", "step 'look' waits for 'declare', which waits for 'look'"),
    ("owner: lead, on: detected", "owner: lead, on: [declare, declare failed]", "plan.steps[0].on", "step 'look' waits for 'declare', which waits for 'look'"),
    ("owner: lead, on: detected", "owner: lead, on: declared", "plan.steps[0].on", "step 'look' waits for 'declare', which waits for 'look'"),
    ("owner: lead, on: detected", "owner: lead, when: declare and his is away", "plan.steps[0].when", "step 'look' waits for 'declare', which waits for 'look'"),
    ("owner: lead, on: detected", "owner: lead, when: 5 min after declared", "plan.steps[0].when", "step 'look' waits for 'declare', which waits for 'look'"),
    ("owner: lead, on: detected", "owner: lead, at: 5 min after declare", "plan.steps[0].at", "step 'look' waits for 'declare', which waits for 'look'"),
    ("needs: {bed: 1}", "needs: {bed: 5}", "hospital.activities.stay.needs.bed", "needs 5 of 'bed', of which there are never more than 4"),
    ("clerk: {title: Clerk, ", "clerk: {title: Clerk, stays_on: 2 h, ", "hospital.staff.clerk.stays_on", "'clerk' serve patients and go by their shifts: 'stays_on' is for people who serve none"),
    ("keeps: bed", "keeps: clerk", "hospital.activities.stay.keeps", "'clerk' cannot be kept, as it is not among the 'needs' of this activity"),
    ("share: 1}, other: {title: Other, share: 9}", "share: 0}, other: {title: Other, share: 0}", "hospital.pathways.visits.classes", "the shares of the classes add up to nothing"),
    ("{to: leave}]}", "{to: leave, chance: 0.3}]}", "hospital.pathways.visits.route[1].then", "the chances of these branches add up to 1.2 for the class 'urgent', above 1"),
    ("{to: leave}]}", "{to: leave}, {to: register}]}", "hospital.pathways.visits.route[1].then[2]", "two branches are without a chance; only one can take the rest"),
    ("[{to: go, chance: {urgent: 0.9, other: 0.4}}, {to: leave}]", "leave", "hospital.pathways.visits.route[2]", "nothing leads to the stop 'go'"),
    ("[{to: go, chance: {urgent: 0.9, other: 0.4}}, {to: leave}]}, go]", "register}]", "hospital.pathways.visits.route[0]", "whoever comes to the stop 'register' never gets out of this route"),
    ("if_full: leave", "if_full: stay", "hospital.activities.stay.if_full", "these stops send whom they have no room for in a circle: stay → stay"),
    ("desk.queue_mean < 30", "desk.cleared_at < 30", "steady_state[1]", "'cleared_at' is not known before the first fault; known are wait_mean, wait_p90, waited, queue_mean, queue_most, arrived, served, left, …"),
]  # fmt: skip


def test_the_sample_itself_is_without_mistakes(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert told(path) == []


@pytest.mark.parametrize(("old", "new", "path", "sentence"), [*VALUES, *REFERENCES, *STRUCTURE])
def test_a_mistake_is_told_with_its_line_path_and_words(old, new, path, sentence, tmp_path):
    for name in ("look", "paper", "broken", "in_time"):
        sentence = sentence.replace(f"{{line of {name}}}", str(line_of(f"{{id: {name},")))
    mistakes = [one for one in told(with_change(tmp_path, old, new)) if one.severity == "mistake"]
    assert Said(line_of(old) + new.count("\n"), path, sentence, "mistake") in mistakes
    assert len(mistakes) == 1 + FOLLOWED_BY.get(new, 0)


FOLLOWED_BY = {
    # changes that leave names dangling elsewhere too: how many
    "Bed: {title: Bed, on_duty: 4}": 3,
    "{then": 1,
    "on_duty: {days: 1}": 1,
    "route: [regista,": 1,
    "{to: goo,": 1,
    "- {id: look,": 1,
    "- {id: restored,": 1,
}


def test_a_file_with_many_mistakes_tells_all_of_them_at_once(tmp_path):
    text = GOOD
    for old, new in (
        ("horizon: 10 h", "horizont: 10 h"),
        ("on_duty: 4", "on_duty: four"),
        ("takes: exponential(3 min)", "takes: 3"),
        ("uses: his, class", "uses: hsi, class"),
        ("owner: lead, after: look", "owner: leed, after: look"),
        ("within: 10 min of detected", "within: 10 min"),
        ("back_to: look", "back_to: lock"),
        ("cause: disk_full", "cause: disk_ful, chance: 1.4"),
        ("{id: few_leave", "{id: in_time"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    lines = files.describe(files.check(path))
    assert [line.replace(str(path), "ours.yaml") for line in lines] == [
        "ours.yaml has 10 problems",
        "  line 4    horizont                             unknown key 'horizont'. Did you mean 'horizon'?",
        "  line 13   hospital.equipment.bed.on_duty       expected a whole number, got 'four'",
        "  line 18   hospital.activities.register.takes   expected a duration such as '90 min' or '1 h 30 min', got '3'",
        "  line 18   hospital.activities.register.uses    'hsi' is not one of the hospital's systems. Did you mean 'his'?",
        "  line 50   plan.steps[0].within                 '10 min' needs an event to count from, such as '10 min of detected'",
        "  line 51   plan.steps[1].owner                  'leed' is not a role of this plan. Did you mean 'lead'?",
        "  line 53   plan.steps[3].if_it_fails.back_to    'lock' is not a step of this plan. Did you mean 'look'?",
        "  line 56   faults[0].chance                     a probability lies between 0 and 1, got 1.4",
        "  line 56   faults[0].cause                      'disk_ful' is not one of the plan's causes. Did you mean 'disk_full'?",
        "  line 62   objectives[1].id                     the id 'in_time' is here twice, first in line 61",
    ]


def test_loading_refuses_with_the_same_problems_and_says_them_in_the_language(tmp_path):
    path = with_change(tmp_path, "owner: lead, after: look", "owner: leed, after: look")
    with pytest.raises(ScenarioError) as raised:
        files.load(path, language="zh")
    assert raised.value.problems == files.check(path)
    assert str(raised.value).splitlines()[1].split() == [
        "第",
        "51",
        "行",
        "plan.steps[1].owner",
        "“leed”不是本预案的角色。是不是“lead”？",
    ]


def test_references_are_checked_even_where_other_parts_are_broken(tmp_path):
    path = with_change(tmp_path, "  departments:\n", "  departments: 3\n  departmints:\n")
    sentences = [one.sentence for one in told(path)]
    assert "expected keys with values ('key: value'), got '3'" in sentences
    assert any("unknown key 'departmints'" in sentence for sentence in sentences)
    assert any("'desk' is not a department" in sentence for sentence in sentences)


WARNINGS = [
    ("does: judge, within", "within", "plan.steps[3].does", "no step judges the cause (does: judge), so there is nothing that 'repair: cause' could mend"),
    ("does: [{repair: cause}, {restore: [his, tier 1]}]", "does: {repair: cause}, within: 10 min of detected", "plan.steps[3].within", "the step takes at least 20 min, longer than its deadline of 10 min after detection"),
    ("help: {title: Help, holders: clerk}", "help: {title: Help, holders: clerk}\n    idle: {title: Idle}", "plan.roles.idle", "no step uses the role “Idle” (idle)"),
    ("kind: database, needs: [power]}", "kind: database, needs: [power], comes_back: by_hand}", "hospital.systems.spare_db.comes_back", "“Standby” (spare_db) comes back by hand only, and no step of the plan restores it"),
    ("keeps: bed, ", "", "hospital.activities.go.frees", "no activity keeps “Bed” (bed), so there is nothing to free"),
    ("at: 09:10", "at: 18:00", "faults[0].at", "this is 11 h after the start, past the end of the run (10 h)"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "sentence"), WARNINGS)
def test_what_is_legal_but_surely_wrong_is_a_finding_and_does_not_stop_a_run(old, new, path, sentence, tmp_path):
    file = with_change(tmp_path, old, new)
    assert [(one.path, one.sentence) for one in told(file)] == [(path, sentence)]
    assert told(file)[0].severity != "mistake"
    assert [files.sentence(one) for one in files.load(file).warnings] == [sentence]


def test_an_rto_longer_than_a_department_without_paper_can_bear_is_a_warning(tmp_path):
    path = with_change(tmp_path, "{any: [power]}], tier: 2}", "{any: [power]}], tier: 2, rto: 3 h}")
    assert told(path) == []  # the desk may go to paper
    text = path.read_text(encoding="utf-8").replace("order_paper: [outpatient]", "order_paper: [inpatient]")
    path.write_text(text, encoding="utf-8")
    assert [one.sentence for one in told(path) if "RTO" in one.sentence] == [
        "an RTO of 3 h is longer than the department “Desk” (desk), which uses it, can bear (2 h)"
    ]


ODD = [
    None, "", "x", "-1", "nan", "inf", "1e999", [], {}, ["a"], [[]], {"a": None}, [None], "9:99", "30 min", "a b", "{x}", "%",
    "1.4", "kind:", "tier 9", "中", "a.b", {"id": "x"}, [{"id": "declare"}], "9" * 30, "lognormal(1 min, 0 min)", "exponential()",
    "mixture(0:1 min)", "not not x", "x is away for ", "day 99999999999999999999 09:00", "2026-99-99 99:99", {"all": [{"any": []}]},
    {"preset": "x"}, {"to": "x", "chance": {"q": "2"}}, "uniform(1e308 min, 1e309 min)", "2026-02-30 10:00", "weibull(0.001, 5 min)",
]  # fmt: skip


LONG = [
    ("only_if: desk is on paper", "only_if: " + "not " * 1200 + "declared"),
    ("takes: exponential(3 min)", "takes: '" + "mixture(1: " * 400 + "3 min" + ")" * 400 + "'"),
    ("within: 10 min of detected", "within: 'a" + " " * 4900 + "b'"),
    ("on: detected", "on: '" + "a " * 2400 + "'"),
    ("takes: exponential(3 min)", "takes: '" + "9" * 4900 + "'"),
    ("restore: [his, tier 1]", "restore: [his, tier " + "9" * 4900 + "]"),
    ("when: his is away for 1 h", "when: '" + "his is away and " * 300 + "his is away or'"),
    ("on_duty: 4", "on_duty: " + "9" * 4900),
    ("severity: 2", "severity: " + "9" * 4900),
]


@pytest.mark.parametrize(("old", "new"), LONG)
def test_a_text_made_to_exhaust_the_machine_is_answered_quickly(old, new, tmp_path):
    began = time.process_time()
    assert told(with_change(tmp_path, old, new))
    assert time.process_time() - began < 1


TOKENS = [
    "include: ours.yaml\n", *"{}[]:#\n\t\"'%|>?-", "&a ", "*a", "!x ", "- ", "null", "- id: x\n", "：", "---\n", "drillsim: plan/1\n",
    "preset: x", "hospital: county-general\n", "plan: ours.yaml\n", "\ufeff", "\x07", "<<: ",
]  # fmt: skip


def test_slips_of_the_pen_anywhere_are_answered_and_never_with_a_crash(tmp_path):
    luck = random.Random(5)
    path = tmp_path / "ours.yaml"
    for _ in range(150):
        text = GOOD
        for _ in range(luck.choice([1, 1, 3])):
            place = luck.randrange(len(text))
            text = text[:place] + luck.choice(TOKENS) + text[place + luck.choice([0, 0, 1, 9]) :]
        path.write_text(text, encoding="utf-8")
        files.describe(files.check(path), "zh")


def spots(tree, path=()):
    """Every path of a tree."""
    for key, value in tree.items() if isinstance(tree, Map) else enumerate(tree) if isinstance(tree, Seq) else ():
        yield (*path, key)
        yield from spots(value, (*path, key))


def test_whatever_stands_anywhere_is_answered_with_problems_and_never_with_a_crash(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(GOOD, encoding="utf-8")
    tree = scenario_tree(Reader(tmp_path), file)
    assert tree is not None
    everywhere = list(spots(tree))
    luck = random.Random(2)
    for _ in range(600):
        broken = copied(tree)
        for path in luck.sample(everywhere, luck.choice([1, 1, 3])):
            put(broken, path, luck.choice(ODD), luck.random() < 0.15)
        scenario, problems = checked(broken)
        assert scenario is not None or problems
        assert all(isinstance(one, Problem) and one.line for one in problems)
        files.describe(problems, "zh")


def put(tree, path, value, under_another_key):
    """Set a value in a tree, in place, when its place is still there."""
    mark = Mark("ours.yaml", 1, path)
    try:
        holder = tree
        for key in path[:-1]:
            holder = holder[key]
        if isinstance(holder, Map) and path not in (("hospital",), ("plan",)):
            holder.put(f"{path[-1]}{'x' if under_another_key else ''}", as_tree(value, mark), mark)
        elif isinstance(holder, Seq):
            holder[path[-1]] = as_tree(value, mark)
    except (KeyError, IndexError, TypeError):
        return  # an earlier change took the place away


@pytest.mark.parametrize(
    "trigger",
    [
        "on: [declared, detected]",
        "on: [declare, db down]",
        "when: declared or his is away",
        "when: not declare",
        "on: press",
        "after: [], on: broken",
        "at: 5 min after broken",
    ],
)
def test_steps_that_can_also_begin_from_elsewhere_wait_in_no_circle(trigger, tmp_path):
    found = told(with_change(tmp_path, "owner: lead, on: detected", f"owner: lead, {trigger}"))
    assert not [said for said in found if "wait" in said.sentence]


def test_a_huge_horizon_is_told_in_a_few_digits():
    from drillsim.model.scenario import LONGEST, _years

    assert _years(LONGEST) == "36,525 d"
    assert _years(1e300) == "6.94e+296 d"
