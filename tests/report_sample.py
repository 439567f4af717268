"""A made-up summary of an outage in a middle-sized hospital, and a log of one run, to look at reports with and to test them."""

from __future__ import annotations

import math
import random
from typing import Any

from drillsim.log.rows import Event, Log
from drillsim.model.scenario import Scenario
from drillsim.score.summary import Summary
from drillsim.score.summary_parts import Estimate, Spread, Words
from tests.builder import a_scenario

RUNS = 200
FAULT = 130.0  # minute since StartEx (07:00): 09:10
HORIZON = 840.0


def both(en: str, zh: str) -> dict[str, str]:
    """A title in both languages."""
    return {"en": en, "zh": zh}


def estimate(values: list[float], n: int | None = None) -> dict[str, Any]:
    """Mean with a normal interval."""
    if not values:
        return {"value": None, "n": 0}
    mean = sum(values) / len(values)
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / max(len(values) - 1, 1))
    half = 1.96 * sd / math.sqrt(len(values))
    return {"value": mean, "low": mean - half, "high": mean + half, "n": n or len(values)}


def wilson(hits: int, n: int) -> dict[str, Any]:
    """A share with its Wilson interval."""
    if not n:
        return {"value": None, "n": 0}
    z, p = 1.959964, hits / n
    middle, half = (
        (p + z * z / (2 * n)) / (1 + z * z / n),
        z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)),
    )
    return {"value": p, "low": max(middle - half, 0.0), "high": min(middle + half, 1.0), "n": n}


def quantile(values: list[float], q: float) -> float:
    """The value at that share of the sorted list."""
    ordered = sorted(values)
    return ordered[min(int(q * len(ordered)), len(ordered) - 1)]


def spread(values: list[float], censored: int = 0) -> dict[str, Any]:
    """Mean, quantiles, least and most."""
    if not values:
        return {"mean": {"value": None, "n": 0}, "n": 0, "censored": censored}
    return {
        "mean": estimate(values),
        "p10": quantile(values, 0.1),
        "p50": quantile(values, 0.5),
        "p90": quantile(values, 0.9),
        "least": min(values),
        "most": max(values),
        "n": len(values),
        "censored": censored,
    }


ROLES = {
    "it_lead": ("Information director", "信息科主任"),
    "dba": ("Database administrator", "数据库管理员"),
    "network": ("Network engineer", "网络工程师"),
    "service_desk": ("Service desk", "信息科值班"),
    "duty_officer": ("Duty officer", "总值班"),
    "director": ("Director on duty", "分管院长"),
    "nursing": ("Nursing department", "护理部"),
    "pharmacy_lead": ("Head of pharmacy", "药剂科主任"),
    "vendor": ("Storage vendor", "存储厂商工程师"),
}

STEPS = [
    # id, en, zh, phase, owner, after, median, deadline minutes, deadline event, decision, chance of being reached
    (
        "take_call",
        "Take the call and note time and scope",
        "接听报障并记录时间与范围",
        "identify",
        "service_desk",
        None,
        3,
        5,
        "detected",
        False,
    ),
    (
        "first_look",
        "First look at the database",
        "初步查看数据库",
        "diagnose",
        "dba",
        "take_call",
        9,
        20,
        "detected",
        False,
    ),
    (
        "tell_lead",
        "Tell the information director",
        "报告信息科主任",
        "notify",
        "service_desk",
        "take_call",
        4,
        10,
        "detected",
        False,
    ),
    (
        "declare",
        "Declare the incident and its grade",
        "宣布启动应急预案并定级",
        "notify",
        "director",
        "tell_lead",
        12,
        30,
        "detected",
        True,
    ),
    (
        "order_paper",
        "Order paper working for outpatients",
        "下达门诊手工流程指令",
        "notify",
        "it_lead",
        "declare",
        9,
        30,
        "detected",
        True,
    ),
    ("tell_wards", "Tell the wards", "通知各病区", "notify", "nursing", "declare", 10, 45, "detected", False),
    (
        "isolate",
        "Cut off the failing storage path",
        "隔离故障存储链路",
        "isolate",
        "network",
        "first_look",
        8,
        40,
        "detected",
        False,
    ),
    (
        "fail_over",
        "Switch the database to its standby",
        "切换至备用数据库",
        "restore",
        "dba",
        "isolate",
        14,
        60,
        "detected",
        False,
    ),
    (
        "call_vendor",
        "Call in the storage vendor",
        "联系存储厂商到场",
        "repair",
        "it_lead",
        "first_look",
        6,
        30,
        "declared",
        False,
    ),
    (
        "repair",
        "Replace the storage controller",
        "更换存储控制器",
        "repair",
        "vendor",
        "call_vendor",
        95,
        180,
        "declared",
        False,
    ),
    (
        "restore_his",
        "Start HIS and its interfaces",
        "恢复 HIS 及接口",
        "restore",
        "dba",
        "fail_over",
        25,
        120,
        "failed",
        False,
    ),
    (
        "verify_pharmacy",
        "Verify the pharmacy",
        "验证药房业务",
        "verify",
        "pharmacy_lead",
        "restore_his",
        22,
        30,
        "restored",
        False,
    ),
    (
        "verify_wards",
        "Verify three wards",
        "验证三个病区业务",
        "verify",
        "nursing",
        "restore_his",
        18,
        30,
        "restored",
        False,
    ),
    (
        "report_health",
        "Report to the health commission",
        "向卫生健康委报告",
        "notify",
        "duty_officer",
        "declare",
        35,
        120,
        "declared",
        False,
    ),
    (
        "stand_down",
        "End the incident",
        "宣布应急响应终止",
        "evaluate",
        "director",
        "verify_wards",
        30,
        None,
        None,
        True,
    ),
    (
        "debrief",
        "After-action meeting within the week",
        "召开总结会",
        "learn",
        "it_lead",
        "stand_down",
        0,
        None,
        None,
        False,
    ),
]

SYSTEMS = [
    ("storage", "Storage array", "存储阵列", "storage", 1, 60, 0),
    ("his_db", "HIS database", "HIS 数据库", "database", 1, 60, 15),
    ("his", "HIS", "HIS 系统", "application", 1, 60, None),
    ("emr", "Electronic record", "电子病历", "application", 2, 120, None),
    ("lis", "Laboratory system", "LIS 检验系统", "application", 2, 120, None),
    ("pacs", "Imaging system", "PACS 影像系统", "application", 3, 240, None),
    ("interface_engine", "Interface engine", "集成平台", "application", 2, 120, None),
    ("insurance_gateway", "Insurance gateway", "医保前置机", "gateway", 2, 120, None),
    ("telephone", "Telephone exchange", "电话交换机", "channel", None, None, None),
]

DEPARTMENTS = [
    ("registration", "Registration", "挂号处", "outpatient", 30, 24, 40, 900),
    ("charging", "Charging and insurance", "收费处（医保）", "outpatient", 30, 30, 68, 1400),
    ("outpatient_pharmacy", "Outpatient pharmacy", "门诊药房", "outpatient", 30, 22, 55, 1100),
    ("laboratory", "Laboratory", "检验科", "technology", 60, 18, 30, 520),
    ("emergency", "Emergency", "急诊科", "emergency", 15, 12, 16, 160),
    ("wards", "Wards", "病区", "inpatient", 360, 0, 0, 700),
]


def scenario(title: dict[str, str] | None = None) -> Scenario:
    """The scenario behind the sample."""
    staff = {
        i: {"title": both(*names), "on_duty": {"mon-fri 08:00-17:30": 1}, "source": "assumption: one each"}
        for i, names in ROLES.items()
    }
    staff["dba"] = {"title": both(*ROLES["dba"]), "on_duty": {"mon-fri 08:00-17:30": 1}, "source": "FACTS R5: thirteen people in the information department",
                    "on_call": {"count": 1, "travel": "lognormal(median 35 min, p90 60 min)", "source": "assumption: half an hour away"}}  # fmt: skip
    staff["registrar"] = {
        "title": both("Registrars", "挂号收费员"),
        "on_duty": {"mon-fri 08:00-17:30": 12},
        "source": {"on_duty": "FACTS C7"},
    }
    steps = []
    for number, (i, en, zh, phase, owner, after, median, within, event, decision) in enumerate(STEPS):
        step: dict[str, Any] = {"id": i, "title": both(en, zh), "phase": phase, "owner": owner, "takes": f"lognormal(median {max(median, 1)} min, p90 {max(median, 1) * 2} min)", "decision": decision,
                                "source": {"document": "HIS emergency plan v3", "clause": f"4.{number + 1}"}}  # fmt: skip
        if after:
            step["after"] = after
        if within:
            step["within"] = f"{within} min of {event}"
        steps.append(step)
    steps[4]["does"] = {"order_paper": ["outpatient"]}
    steps[3]["does"] = "declare"
    steps[7]["does"] = {"fail_over": ["his_db"]}
    steps[9]["does"] = {"repair": ["cause"]}
    steps[10]["does"] = {"restore": ["all"]}
    steps[13]["report_to"] = both("Municipal health commission", "市卫生健康委")
    steps[5]["does"] = {"notify": ["wards"]}
    return a_scenario(
        title=title or both("HIS database down, Monday 09:10", "周一 09:10 HIS 数据库宕机"),
        story=both(
            "A storage controller behind the HIS database fails in the busiest hour of the week. The standby may not carry the load.",
            "一周中最繁忙的时段，HIS 数据库后端的存储控制器发生故障，备用库未必能承受高峰负载。",
        ),
        start="2026-03-09 07:00",
        horizon=HORIZON,
        warm_up=60.0,
        hospital={
            "title": both("Riverside tertiary hospital", "滨江医院"),
            "source": "assumption: drawn together from published figures",
        },
        plan={"title": both("HIS emergency plan", "HIS 应急预案"), "version": "3"},
        staff=staff,
        systems={
            i: {
                "title": both(en, zh),
                "kind": kind,
                "tier": tier,
                "rto": rto and float(rto),
                "rpo": None if rpo is None else float(rpo),
            }
            for i, en, zh, kind, tier, rto, rpo in SYSTEMS
        }
        | {
            "his": {
                "title": both("HIS", "HIS 系统"),
                "kind": "application",
                "needs": ["his_db"],
                "tier": 1,
                "rto": 60.0,
            }
        },
        departments={
            i: {
                "title": both(en, zh),
                "group": group,
                "mtd": float(mtd),
                "change_over": "lognormal(median 8 min, p90 15 min)",
                "back_entry": {"by": "registrar", "takes": "1.2 min", "source": "FACTS P5, a proxy"},
                "kit": {"forms": 400, "source": "assumption: one box a window"},
            }
            for i, en, zh, group, mtd, *_ in DEPARTMENTS
        },
        activities={
            "register": {
                "title": both("Registration", "挂号"),
                "department": "registration",
                "needs": ["registrar"],
                "takes": "exponential(72 s)",
                "uses": ["his"],
                "source": {"takes": "FACTS C7"},
            },
            "dispense": {
                "title": both("Dispensing", "取药"),
                "department": "outpatient_pharmacy",
                "needs": ["registrar"],
                "takes": "exponential(48 s)",
                "uses": ["his"],
                "source": {"takes": "FACTS C6"},
            },
        },
        pathways={
            "outpatient": {
                "title": both("Outpatients", "门诊患者"),
                "arrivals": {"per_day": 3000, "source": "FACTS C11"},
                "route": ["register", "dispense"],
            }
        },
        roles={i: {"title": both(*names), "holders": [i]} for i, names in ROLES.items()},
        channels={"phone": {"title": both("Telephone", "电话"), "needs": ["telephone"]}},
        call_tree=["phone"],
        thresholds={"outpatient": "15 min", "inpatient": "6 h"},
        grades=[{"id": 1, "title": both("Grade I", "Ⅰ级")}],
        steps=steps,
        faults=[
            {
                "id": "db_down",
                "title": both("HIS database down", "HIS 数据库宕机"),
                "target": "his_db",
                "at": "09:10",
                "cause": "storage",
                "found_by": {
                    "monitoring": {"after": "2 min", "chance": 0.7, "source": "assumption"},
                    "users": {"after": "exponential(6 min)"},
                },
            }
        ],
        injects=[
            {
                "id": "press",
                "at": "+40 min",
                "to": "director",
                "text": both("A newspaper asks whether data were stolen.", "记者来电询问是否发生数据泄露。"),
            }
        ],
        objectives=[
            {"id": "paper", "title": both("Paper working in time", "及时切换手工流程"), "steps": ["order_paper"]}
        ],
        variants={
            "second_dba": {
                "title": both("A second database administrator by day", "白天增配一名数据库管理员"),
                "cost": "300,000 CNY a year",
                "set": {"hospital.staff.dba.on_duty": 2},
            }
        },
    )


def _played(luck: random.Random) -> dict[str, tuple[float, float]]:
    """One run: step → (minute it became ready, minute it was done)."""
    detected = FAULT + luck.lognormvariate(math.log(4), 0.6)
    times = {"failed": (FAULT, FAULT), "detected": (detected, detected)}
    for i, _, _, _, _, after, median, *_ in STEPS:
        ready = times[after][1] if after else detected
        wait = (
            luck.expovariate(1 / 6) if i in ("declare", "order_paper", "fail_over", "repair") else luck.expovariate(1)
        )
        times[i] = (ready, ready + wait + luck.lognormvariate(math.log(max(median, 1)), 0.45))
        if i == "declare":
            times["declared"] = (times[i][1], times[i][1])
        if i == "restore_his":
            times["restored"] = (times[i][1], times[i][1])
    return times


def _step_part(row: tuple, played: list[dict[str, tuple[float, float]]]) -> dict[str, Any]:
    i, en, zh, phase, owner, _, _, within, event, decision = row
    if i == "debrief":
        played = []
    ended = [t[i][1] for t in played]
    taken = [max(t[i][1] - t[event][1], 1.0) if event else t[i][1] - t[i][0] for t in played]
    late = [t - within for t in taken if within and t > within]
    work = sum(taken) / len(taken) * 0.45 if taken else 0.0
    rest = sum(taken) / len(taken) - work if taken else 0.0
    parts = (
        {"after": rest * 0.3, "person": rest * 0.25, "on_the_way": rest * 0.2, "decision": rest * 0.25, "working": work}
        if taken
        else {}
    )
    share = wilson(len(taken) - len(late), len(taken)) if within else {"value": None, "n": 0}
    return {
        "id": i, "title": both(en, zh), "phase": phase, "owner": owner, "decision": decision,
        "deadline": f"{within} min of {event}" if within else None, "allowed": within, "required": 0.9,
        "outcomes": {"on_time": 1 - len(late) / RUNS, "late": len(late) / RUNS} if within and taken else {"done": 1.0} if taken else {"not_reached": 1.0},
        "on_time": share, "holds": share["value"] >= 0.9 if within and taken else None,
        "late_by": spread(late), "taken": spread(taken), "ended": spread(ended), "started": spread([e - 4 for e in ended]),
        "parts": parts, "parts_when_late": {k: v * 1.5 for k, v in parts.items()} if late else {},
        "mostly": ("decision" if decision else "person") if late else None, "mostly_cause": (owner if not decision else "director") if late else None,
        "attempts": estimate([1.0] * len(taken)), "report_to": both("Municipal health commission", "市卫生健康委") if i == "report_health" else None,
        "source": {"document": "HIS emergency plan v3", "clause": "4"},
        "dots": [quantile(taken, (k + 0.5) / 20) for k in range(20)] if taken else [],
        "late_runs": [17, 4, 93] if late else [],
    }  # fmt: skip


def _bump(minute: float, start: float, top: float, end: float, height: float) -> float:
    """A hill from `start` over `top` to `end`."""
    if minute <= start or minute >= end:
        return 0.0
    return height * ((minute - start) / (top - start) if minute < top else (end - minute) / (end - top))


def summary(of: Scenario | None = None) -> Summary:
    """The made-up summary of 200 runs."""
    of = of or scenario()
    luck = random.Random(1)
    played = [_played(luck) for _ in range(RUNS)]
    steps = [_step_part(row, played) for row in STEPS]
    all_on_time = sum(all(t[i][1] - t[e][1] <= w for i, *_, w, e, _ in STEPS if w) for t in played)
    grid = [float(m) for m in range(0, int(HORIZON) + 1, 5)]
    restored = [t["restored"][1] - FAULT for t in played]
    ordered = [t["order_paper"][1] - FAULT for t in played]
    detected = [t["detected"][1] - FAULT for t in played]
    series = []
    for i, en, zh, _, _, _, longest, items in DEPARTMENTS:
        base = [max(0.0, 14 * math.sin((m - 60) / 240)) if 60 < m < 800 else 0.0 for m in grid]
        for kind, height in (("queue", longest * 3), ("pile", items)):
            if kind == "queue" and not longest:
                continue
            start, top, end = (
                (FAULT, FAULT + 70, FAULT + 260) if kind == "queue" else (FAULT + 30, FAULT + 130, FAULT + 430)
            )
            p50 = [b * (kind == "queue") + _bump(m, start, top, end, height) for m, b in zip(grid, base, strict=True)]
            series.append({"id": i, "kind": kind, "title": both(en, zh), "p10": [v * 0.7 for v in p50], "p50": p50, "p90": [v * 1.35 for v in p50],
                           "base": base if kind == "queue" else None})  # fmt: skip

    def times(factor: float, values: list[float]) -> list[float]:
        return [v * factor for v in values]

    none = {"value": None, "n": 0}
    tree = {
        "scenario": {"name": "his-database-outage", "title": of.title.model_dump() if isinstance(of.title.model_dump(), dict) else both(of.title.en, of.title.zh), "story": both(of.story.en, of.story.zh), "hospital": both("Riverside tertiary hospital", "滨江医院"),
                     "plan": both("HIS emergency plan", "HIS 应急预案"), "plan_version": "3", "start": of.start, "horizon": HORIZON, "variant": None},
        "runs": {"asked": RUNS, "done": RUNS, "scored": RUNS - 2, "seed": 1, "confidence": 0.95, "interrupted": False,
                 "not_scored": [{"replication": 12, "claim": "registration.wait_p90 <= 20 min", "value": 23.4}, {"replication": 80, "claim": "registration.wait_p90 <= 20 min", "value": 21.0}]},
        "verdict": {"holds": False, "all_on_time": wilson(all_on_time, RUNS), "steps_with_deadline": 14, "steps_holding": sum(bool(s["holds"]) for s in steps)},
        "coverage": {"exercised": 15, "total": 16, "never": ["debrief"]},
        "milestones": [{"event": e, "reached": wilson(n, RUNS), "minute": spread(v)} for e, n, v in (
            ("failed", RUNS, [0.0] * RUNS), ("detected", RUNS, detected), ("declared", RUNS, [t["declared"][1] - FAULT for t in played]), ("ordered", RUNS, ordered),
            ("restored", RUNS, restored), ("returned", RUNS, [r + 12 for r in restored]), ("cleared", 184, times(3.4, restored)[:184]), ("stood_down", RUNS, [t["stand_down"][1] - FAULT for t in played]))],
        "grades": {"1": 1.0},
        "steps": steps,
        "completion": spread([t["stand_down"][1] for t in played]),
        "objectives": [{"id": "paper", "title": both("Paper working in time", "及时切换手工流程"), "met": steps[4]["on_time"], "target": 0.9, "reached": False, "rating": "M", "points": 46.0, "form_rating": "差",
                        "rule": "share of runs in which all its steps were on time, against the target: P at or above it, S at 75 %, M at 50 %, U below"}],
        "form_points": 71.0, "form_rating": "一般",
        "systems": [{"id": i, "title": both(en, zh), "kind": kind, "tier": tier, "affected": wilson(0 if i == "telephone" else RUNS, RUNS), "away": spread([] if i == "telephone" else restored), "slow": spread([12.0] * 40 if i == "his" else []),
                     "rto": rto, "rto_met": wilson(sum(r <= rto for r in restored), RUNS) if rto else none, "rpo": rpo, "rpo_met": wilson(170, RUNS) if rpo is not None else none,
                     "data_lost": spread([0.0] * 170 + [8.0] * 30 if i == "his_db" else []), "availability": estimate([1 - r / HORIZON for r in restored] if i != "telephone" else [1.0]), "failover": {"started": 0.97, "done": 0.81, "failed": 0.16} if i == "his_db" else {}}
                    for i, en, zh, kind, tier, rto, rpo in SYSTEMS],
        "departments": [{"id": i, "title": both(en, zh), "group": group, "minutes": {"normal": 420.0, "waiting": float(still), "changing": 9.0, "paper": 95.0, "back_entry": 180.0}, "affected": wilson(RUNS, RUNS),
                         "stood_still": spread([still * luck.uniform(0.6, 1.8) for _ in range(RUNS)]) if still else spread([]), "mtd": mtd, "mtd_met": wilson(150, RUNS), "on_paper_at": spread([o + 9 for o in ordered]),
                         "wait": spread([longest * luck.uniform(0.5, 1.5) for _ in range(RUNS)]) if longest else None, "wait_base": spread([6 * luck.uniform(0.8, 1.2) for _ in range(RUNS)]) if longest else None,
                         "queue_most": spread([longest * 3 * luck.uniform(0.7, 1.3) for _ in range(RUNS)]) if longest else None, "queue_most_base": spread([18.0] * RUNS) if longest else None,
                         "items": spread([items * luck.uniform(0.7, 1.3) for _ in range(RUNS)]), "entered": spread([items * 0.97] * RUNS), "pile_most": spread([items * luck.uniform(0.6, 1.1) for _ in range(RUNS)]),
                         "cleared_at": spread([r * 3.2 for r in restored[:190]], 10), "cleared": wilson(190, RUNS), "errors": spread([items * 0.02] * RUNS), "kit_empty": wilson(30 if i == "charging" else 0, RUNS)}
                        for i, en, zh, group, mtd, still, longest, items in DEPARTMENTS],
        "people": [{"id": i, "title": both(*ROLES[i]), "on_duty": spread([1.0] * RUNS), "busy": estimate([b * luck.uniform(0.8, 1.2) for _ in range(RUNS)]), "waited_busy": estimate([w * luck.uniform(0.5, 1.5) for _ in range(RUNS)]),
                    "waited_off_shift": none if i != "vendor" else estimate([6.0, 8.0, 5.0]), "waited_on_the_way": estimate([y * luck.uniform(0.5, 1.5) for _ in range(RUNS)]) if y else estimate([0.0, 0.0]), "called_in": estimate([1.0 if y else 0.0] * 20),
                    "utilisation": None, "utilisation_base": None}
                   for i, b, w, y in (("dba", 96, 31, 0), ("it_lead", 44, 22, 0), ("director", 42, 26, 9), ("vendor", 101, 0, 41), ("service_desk", 17, 3, 0), ("network", 11, 2, 0), ("pharmacy_lead", 23, 4, 0), ("nursing", 30, 5, 0), ("duty_officer", 38, 1, 0))],
        "resources": [{"id": "registrar", "title": both("Registrars", "挂号收费员"), "utilisation": estimate([0.78, 0.8, 0.82]), "utilisation_base": estimate([0.61, 0.62, 0.6]), "on_duty": estimate([12.0]), "busy": estimate([9.4])}],
        "activities": [{"id": i, "title": both(en, zh), "asked": estimate([2900.0, 2950.0]), "served": estimate([2600.0, 2650.0]), "wait": estimate([w, w * 1.1]), "wait_p90": estimate([w * 2.4, w * 2.5]), "waited": estimate([0.7, 0.72]), "queue": estimate([w * 2, w * 2.2]),
                        "queue_most": estimate([w * 6, w * 6.4]), "left": estimate([0.06, 0.07]), "turned_away": estimate([0.0, 0.0]), "wait_base": estimate([4.0, 4.2]), "difference": estimate([w - 4, w * 1.1 - 4.2])}
                       for i, en, zh, w in (("register", "Registration", "挂号", 21.0), ("dispense", "Dispensing", "取药", 28.0))],
        "pathways": [{"id": "outpatient", "title": both("Outpatients", "门诊患者"), "of": "patients", "arrived": estimate([2950.0, 2990.0]), "served": estimate([2560.0, 2590.0]), "left": estimate([372.0, 381.0]), "turned_away": estimate([0.0, 0.0]), "there": estimate([18.0, 22.0]),
                      "minutes": estimate([141.0, 150.0]), "in_system": estimate([410.0, 420.0]), "left_base": estimate([61.0, 66.0]), "left_difference": {"value": 312.0, "low": 288.0, "high": 337.0, "n": 198}, "minutes_base": estimate([96.0, 99.0]),
                      "minutes_difference": {"value": 48.2, "low": 43.0, "high": 53.4, "n": 198}, "median_difference": {"value": 46.6, "low": 41.5, "high": 52.0, "n": 198},
                      "classes": {"insured": {"wait": estimate([30.0, 33.0]), "minutes": estimate([150.0, 151.0]), "left": estimate([0.11, 0.12])}, "self_paid": {"wait": estimate([24.0, 25.0]), "minutes": estimate([120.0, 121.0]), "left": estimate([0.08, 0.09])}}}],
        "indicators": [{"id": "critical", "title": both("Critical laboratory results told later than 30 min", "危急值报告超过 30 分钟"), "kind": "safety", "limit": 30.0, "counted": estimate([34.0, 36.0]), "over": estimate([21.0, 23.0]), "over_base": estimate([1.0, 1.2]), "difference": {"value": 20.9, "low": 18.8, "high": 23.1, "n": 198}}],
        "data": {"items": spread([4780 * luck.uniform(0.8, 1.2) for _ in range(RUNS)]), "entered": spread([4700 * luck.uniform(0.8, 1.2) for _ in range(RUNS)]), "errors": spread([95 * luck.uniform(0.8, 1.2) for _ in range(RUNS)]), "left_at_end": spread([0.0] * 184 + [120.0] * 16),
                 "cleared": wilson(184, RUNS), "cleared_at": spread(times(3.4, restored)[:184], 16), "after_restore": spread(times(2.4, restored)[:184], 16), "lost_minutes": spread([0.0] * 170 + [8.0] * 30), "nothing_lost": wilson(170, RUNS)},
        "causes": [{"part": "decision", "cause": "director", "minutes": 26.4, "steps": ["order_paper", "tell_wards", "report_health"]}, {"part": "on_the_way", "cause": "vendor", "minutes": 19.2, "steps": ["repair"]},
                   {"part": "person", "cause": "dba:first_look", "minutes": 14.8, "steps": ["fail_over", "restore_his"]}, {"part": "after", "cause": "isolate", "minutes": 9.0, "steps": ["fail_over"]}, {"part": "off_shift", "cause": "vendor", "minutes": 6.3, "steps": ["repair"]}],
        "shown": {"first": 0, "median": 17, "worst": 93},
        "grid": grid,
        "series": series,
        "provenance": {"drillsim": "0.1.0", "python": "3.11.2", "packages": {"numpy": "2.4.0", "simpy": "4.1.1"}, "files": {"his-database-outage.yaml": "3f" * 32, "hospitals/tertiary-general.yaml": "a9" * 32}, "scenario_hash": "b7" * 32},
    }  # fmt: skip
    return Summary.model_validate(tree)


def log() -> Log:
    """One run's rows: the fault, its spread, the plan's steps, the departments."""
    rows: list[tuple[float, str, str, str, str, float]] = [
        (0.0, "run", "", "started", "", math.nan),
        (0.0, "reached", "start", "", "", math.nan),
        (FAULT, "fault", "db_down", "began", "his_db", 1.0),
        (FAULT, "reached", "failed", "", "db_down", math.nan),
        (FAULT, "own", "his_db", "down", "db_down", math.nan),
        (FAULT, "component", "his_db", "down", "own", math.nan),
    ]
    rows += [(FAULT, "component", i, "down", "his_db", math.nan) for i in ("his", "emr", "insurance_gateway")]
    rows += [(FAULT + 0.2, "department", i, "waiting", "his", math.nan) for i, *_ in DEPARTMENTS]
    rows += [
        (FAULT + 5, "noticed", "db_down", "users", "", math.nan),
        (FAULT + 5, "reached", "detected", "", "db_down", math.nan),
    ]
    luck = random.Random(17)
    times = _played(luck)
    shift = FAULT + 5 - times["detected"][0]
    for i, _, _, _, owner, *_ in STEPS[:-1]:
        ready, done = times[i][0] + shift, times[i][1] + shift
        rows += [
            (ready, "step", i, "person", f"{owner}:take_call", 1.0),
            (ready + (done - ready) * 0.3, "step", i, "working", "", 1.0),
            (done, "step", i, "done", "", 1.0),
        ]
    rows += [
        (times["declare"][1] + shift, "reached", "declared", "", "declare", math.nan),
        (times["declare"][1] + shift, "decided", "declare", "1", "", math.nan),
    ]
    ordered = times["order_paper"][1] + shift
    rows += [(ordered, "reached", "ordered", "", "order_paper", math.nan)]
    rows += [
        (ordered + 2 + k, "department", i, "changing", "order_paper", math.nan)
        for k, (i, *_) in enumerate(DEPARTMENTS[:5])
    ]
    rows += [
        (ordered + 11 + k, "department", i, "paper", "order_paper", math.nan)
        for k, (i, *_) in enumerate(DEPARTMENTS[:5])
    ]
    restored = times["restore_his"][1] + shift
    rows += [
        (restored - 20, "failover", "his_db", "started", "", math.nan),
        (restored - 18, "failover", "his_db", "failed", "", math.nan),
    ]
    rows += [(restored, "component", i, "up", "own", math.nan) for i in ("his_db", "his", "emr", "insurance_gateway")]
    rows += [(restored, "reached", "restored", "", "his_db", math.nan)]
    rows += [
        (restored + 12 + k, "department", i, "back_entry", "restore_his", math.nan)
        for k, (i, *_) in enumerate(DEPARTMENTS[:5])
    ]
    rows += [
        (restored + 130 + 20 * k, "department", i, "normal", "", math.nan) for k, (i, *_) in enumerate(DEPARTMENTS[:5])
    ]
    rows += [
        (restored + 1, "department", "wards", "normal", "", math.nan),
        (restored + 215, "reached", "cleared", "", "", math.nan),
        (HORIZON, "run", "", "ended", "", math.nan),
    ]
    rows.append((FAULT + 40, "inject", "press", "delivered", "phone", math.nan))
    rows.sort(key=lambda row: row[0])
    return Log(
        replication=17,
        began=-60.0,
        horizon=HORIZON,
        events=[Event(m, n, k, s, st, c, v) for n, (m, k, s, st, c, v) in enumerate(rows)],
    )


__all__ = ["Estimate", "Spread", "Words", "log", "scenario", "summary"]
