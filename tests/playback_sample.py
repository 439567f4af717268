"""A middle-sized outage made by hand, with queues, paper and injects, to play back and to look at."""

from __future__ import annotations

import numpy as np

from drillsim.log.rows import Event, Log
from drillsim.model.scenario import Scenario
from tests import report_sample
from tests.report_sample import DEPARTMENTS, FAULT, HORIZON, both

INJECTS = [
    {"id": "saving", "at": "+3 min", "to": "service_desk", "channel": "phone",
     "title": both("Registration calls", "挂号处来电"),
     "text": both("Registration reports “saving…” for five minutes.", "挂号处反映系统一直显示“正在保存”，已有五分钟。"),
     "question": both("Who calls whom, and what do you ask first?", "谁给谁打电话？先问什么？"),
     "expects": {"step": "tell_lead", "within": "15 min"}},
    {"id": "press", "at": "+40 min", "to": "director",
     "text": both("A newspaper asks whether data were stolen.", "记者来电询问是否发生数据泄露。"),
     "question": both("Who answers, and what is said?", "由谁答复？怎么说？"),
     "answer": both("Only the spokesperson answers: the cause is being looked into, care goes on.", "只由新闻发言人统一答复：原因正在排查，诊疗照常进行。")},
    {"id": "rain", "at": "+70 min", "text": both("It begins to rain; patients crowd into the hall.", "外面下雨，患者涌入大厅。")},
]  # fmt: skip


def scenario(title: dict[str, str] | None = None) -> Scenario:
    """The scenario of the report's sample, with questions."""
    plain = report_sample.scenario(title)
    raw = plain.model_dump(mode="json", by_alias=True)
    raw["injects"] = INJECTS
    raw["hospital"]["activities"] = {
        i: {"title": both(en, zh), "department": i, "needs": {"registrar": 1}, "takes": "2 min", "uses": ["his"]} for i, en, zh, *_ in DEPARTMENTS
    }  # fmt: skip
    raw["hospital"]["pathways"]["outpatient"]["route"] = ["registration", "charging", "outpatient_pharmacy"]
    return Scenario.model_validate(raw)


def queue(seed: int, fault: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(asked, started, ended) at one department: one queue, people who work through it, slower from the fault on until minute 280."""
    luck = np.random.Generator(np.random.PCG64(seed))
    asked = np.sort(luck.uniform(-60, HORIZON, 900))
    free, rows = [-60.0] * 3, []
    for minute in asked:
        n = free.index(min(free))
        begin = max(free[n], minute)
        if fault and FAULT <= begin < FAULT + 30:
            begin = FAULT + 30 + luck.uniform(0, 3)
        free[n] = begin + luck.exponential(2.4 if fault and FAULT <= begin < 280 else 1.9)
        rows.append((begin, free[n]))
    started, ended = np.array(rows).T
    return asked, np.where(started > HORIZON, np.nan, started), np.where(ended > HORIZON, np.nan, ended)


def log(fault: bool = True) -> Log:
    """One run with visits and paper, or the same day without the fault."""
    told = report_sample.log()
    events = list(told.events)
    columns: dict[str, list[np.ndarray]] = {
        n: []
        for n in ("patient", "pathway", "node", "activity", "asked", "started", "ended", "paused", "mode", "outcome")
    }
    for number in range(len(DEPARTMENTS)):
        asked, started, ended = queue(number + 1, fault)
        n = len(asked)
        outcome = np.where(np.isnan(started), 3, np.where(np.isnan(ended), 4, 0))
        for column, values in zip(
            columns,
            (
                np.arange(n),
                np.zeros(n, int),
                np.full(n, number),
                np.full(n, number),
                asked,
                started,
                ended,
                np.zeros(n),
                np.zeros(n, int),
                outcome,
            ),
            strict=True,
        ):
            columns[column].append(values)
    visits = {name: np.concatenate(parts) for name, parts in columns.items()}
    arrived = columns["asked"][0]
    gone = columns["ended"][2]
    left = np.arange(len(arrived)) % (9 if fault else 40) == 0
    patients = {
        "patient": np.arange(len(arrived)),
        "pathway": np.zeros(len(arrived), int),
        "class": np.zeros(len(arrived), int),
        "arrived": arrived,
        "ended": np.where(np.isnan(gone), np.nan, np.maximum(gone, arrived)),
        "outcome": np.where(np.isnan(gone), 3, np.where(left, 1, 0)),
    }
    names = {
        "pathway": ("outpatient",),
        "node": tuple(d[0] for d in DEPARTMENTS),
        "activity": tuple(d[0] for d in DEPARTMENTS),
        "class": ("",),
        "department": tuple(d[0] for d in DEPARTMENTS),
    }
    if not fault:
        events = [Event(0.0, 0, "run", "", "started"), Event(HORIZON, 1, "run", "", "ended")]
        return Log(told.replication, told.began, HORIZON, events, visits, patients, {}, names)
    written, department = [], []
    for number, (_, _, _, group, _, _, _, items) in enumerate(DEPARTMENTS):
        if group != "inpatient":
            moments = np.linspace(FAULT + 70, 330, items // 4)
            written.append(moments)
            department.append(np.full(len(moments), number))
    minutes = np.concatenate(written)
    typed = 330 + (minutes - minutes.min()) * 1.4
    entries = {
        "department": np.concatenate(department),
        "written": minutes,
        "items": np.ones(len(minutes)),
        "started": typed - 1,
        "ended": np.where(typed > HORIZON, np.nan, typed),
        "error": np.zeros(len(minutes)),
    }
    events += _people()
    events.append(Event(FAULT + 3, 0, "inject", "saving", "delivered", "phone"))
    events.append(Event(FAULT + 70, 0, "inject", "rain", "delivered", ""))
    events.sort(key=lambda e: e.minute)
    events = [e._replace(sequence=n) for n, e in enumerate(events)]
    return Log(told.replication, told.began, HORIZON, events, visits, patients, entries, names)


def _people() -> list[Event]:
    found = [
        Event(-60.0, 0, "on_duty", "registrar", "roster", "", 8.0),
        Event(60.0, 0, "on_duty", "registrar", "roster", "", 12.0),
        Event(630.0, 0, "on_duty", "registrar", "roster", "", 4.0),
    ]
    for role, _ in report_sample.ROLES.items():
        found.append(Event(-60.0, 0, "on_duty", role, "roster", "", 0.0 if role == "vendor" else 1.0))
    steps = {row[0]: row[4] for row in report_sample.STEPS}
    begun = {}
    for e in report_sample.log().events:
        if e.kind == "step" and e.state == "working":
            begun[e.subject] = e.minute
            found.append(Event(e.minute, 0, "person", steps[e.subject], "seized", e.subject, 1.0))
        if e.kind == "step" and e.state == "done":
            found.append(Event(e.minute, 0, "person", steps[e.subject], "released", e.subject, 1.0))
    called = FAULT + 20
    for state, minute in (
        ("called", called),
        ("missed", called + 2),
        ("called", called + 12),
        ("answered", called + 14),
        ("arrived", called + 50),
    ):
        found.append(Event(minute, 0, "person", "vendor", state, "repair", 1.0))
    found.append(Event(called + 50, 0, "on_duty", "vendor", "on_call", "", 1.0))
    return found


__all__ = ["HORIZON", "INJECTS", "log", "scenario"]
