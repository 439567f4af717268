"""The table of cases: for each line of the emergency process, what a planner changes, where, and what it must do to which figure.

A figure is named as in ``result.figures`` (kind.id.figure). ``least`` is the least effect, with its sign: the whole 99.9 % interval of the paired
differences must lie beyond it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

SMALL = "small"

LINES: dict[str, tuple[str, str]] = {
    "P1": ("regular backups", "定期备份"),
    "P2": ("choice of backup technology", "备份技术的选择"),
    "P3": ("staff trained in backing up and restoring", "备份与恢复培训"),
    "P4": ("access control", "访问控制"),
    "P5": ("encryption", "数据加密"),
    "P6": ("firewall, monitoring, segmentation", "防火墙、监测与网络分区"),
    "P7": ("a plan fitted to the hospital", "切合实际的应急预案"),
    "P8": ("regular drills", "定期演练"),
    "P9": ("spare equipment, tools and people", "备用设备、工具与人员"),
    "R1": ("identify", "故障识别与记录"),
    "R2": ("notify", "通知有关部门"),
    "R3": ("initial diagnosis", "初步诊断"),
    "R4": ("isolate", "隔离"),
    "R5": ("detailed diagnosis", "详细诊断"),
    "R6": ("repair or replace", "修复或更换"),
    "R7": ("restore step by step", "逐步恢复服务"),
    "R8": ("verify in the key areas", "关键业务验证"),
    "R9": ("recover data", "数据恢复与补录"),
    "R10": ("evaluate the restored system", "恢复后评估"),
    "R11": ("learn", "总结经验"),
    "I1": ("feedback from staff and patients", "收集反馈"),
    "I2": ("review of the plan", "预案定期修订"),
    "I3": ("new technology, replacing what is old", "更新换代与冗余"),
    "I4": ("continuing training", "持续培训"),
    "I5": ("cooperation across departments", "跨部门协作"),
}
"""Line of the process → its name in English and Chinese."""


class Case(NamedTuple):
    """One change and what it must do. ``change`` is path → (value before, value after); None before: as in the file."""

    line: str
    name: str
    en: str
    zh: str
    change: dict[str, tuple[Any, Any]]
    figure: str
    least: float
    situation: tuple[str, ...] = ()
    scenario: str = SMALL
    runs: int = 40

    @property
    def was(self) -> dict[str, Any]:
        """The values before, where the case gives them."""
        return {path: was for path, (was, _) in self.change.items() if was is not None}

    @property
    def becomes(self) -> dict[str, Any]:
        """The values after."""
        return {path: after for path, (_, after) in self.change.items()}

    @property
    def id(self) -> str:
        """Its name in tests."""
        return f"{self.line}-{self.name}"

    @property
    def slow(self) -> bool:
        """Whether it needs more time than the default run of the tests has."""
        return self.scenario != SMALL


STAFF, SYSTEMS, STEPS = "hospital.staff", "hospital.systems", "plan.steps"
ON_CALL = f"{STAFF}.vendor.on_call"
COPIES = f"{SYSTEMS}.db.data.backups"
DAILY = {"kind": "full", "every": "24 h", "takes": "30 min", "medium": "disk"}
FOUR_HOURLY = {"kind": "incremental", "every": "4 h", "takes": "10 min", "medium": "disk"}
LOGS = {"kind": "log", "every": "15 min", "takes": "1 min", "medium": "disk"}
COUNTY, TERTIARY = "county-night-lab", "his-database-outage"
DIVERTS = {
    f"{STEPS}.order.does": ([{"order_paper": "outpatient"}], [{"order_paper": "outpatient"}, {"divert": "visits"}]),
    f"{STEPS}.return.does": ([{"return_to_system": "all"}], [{"return_to_system": "all"}, {"reopen": "visits"}]),
}
IN_THE_HOUSE = ("it_engineers", "it_database", "it_head", "duty_officer", "hospital_office", "lab_head", "night_matron")
"""Those of the shipped county hospital who have a part in its plan and do not do such work every week."""

CASES: tuple[Case, ...] = (
    # ---- prevention
    Case("P1", "more-often", "Copies every hour", "每小时备份", {f"{SYSTEMS}.db.data.backups.0.every": ("8 h", "1 h")}, "data.data_lost", -150, ("damaged",)),
    Case("P1", "incremental", "A full copy a day, and incremental ones every four hours", "每日全量备份，另每4小时增量备份", {COPIES: ([DAILY], [DAILY, FOUR_HOURLY])}, "data.data_lost", -400, ("damaged",)),
    Case("P1", "logs", "… and logs every quarter of an hour on top", "再加每15分钟日志备份", {COPIES: ([DAILY, FOUR_HOURLY], [DAILY, FOUR_HOURLY, LOGS])}, "data.data_lost", -150, ("damaged",)),
    Case("P1", "at-night", "Copied at night, when nobody waits", "改为夜间备份，不影响业务", {f"{SYSTEMS}.db.data.backups.0.at": ("09:30", "02:00")}, "component.his.minutes_slow", -30, ("copied_at_nine",), runs=100),
    Case("P1", "out-of-reach", "A copy out of an attacker's reach", "离线备份，攻击无法触及", {"hospital.media.disk.offline": (False, True)}, "data.data_lost", -20, ("attacked", "at_database"), runs=160),
    Case("P1", "tried-out", "A trial restore every month", "每月做恢复试验", {"hospital.media.disk.goes_bad": (0.1, 0.1), "hospital.media.disk.last_tested": ("730 d", "30 d")}, "component.db.minutes_down", -300, ("damaged",)),
    Case("P2", "throughput", "A medium four times as fast", "备份介质读取快三倍", {"hospital.media.disk.throughput": ("5 GB/min", "20 GB/min")}, "event.restored.minute", -60, ("damaged",)),
    Case("P2", "fetch", "Tapes in the house, not in a bank", "磁带存放院内，不在外地", {"hospital.media.disk.fetch": ("3 h", "10 min")}, "event.restored.minute", -120, ("tape",)),
    Case("P2", "works", "A medium that does not fail", "可靠的备份介质", {"hospital.media.disk.works": (0.5, 1.0)}, "event.restored.minute", -30, ("damaged",), runs=140),
    Case("P2", "own-medium", "Copies of two databases on a medium each", "两个数据库的备份分存两处介质", {f"{SYSTEMS}.lab.data.backups.0.medium": ("disk", "second_disk")}, "event.restored.minute", -60, ("both_damaged",)),
    Case("P3", "trained", "A database administrator who is fully trained", "数据库管理员培训到位", {f"{STAFF}.dba.trained": (0.3, 1.0)}, "event.restored.minute", -10, ("sure",)),
    Case("P3", "practised", "Bringing data back practised last month", "上月练习过数据恢复", {f"{STAFF}.dba.last_restore": ("730 d", "30 d")}, "event.restored.minute", -15, ("practised",)),
    Case("P4", "slower", "Access control that stops four attempts in five", "访问控制拦下八成越权尝试", {"hospital.protection.access_control": (0.0, 0.8)}, "data.exposed", -60, ("attacked", "intruder"), runs=80),
    Case("P4", "insider", "… and those of people from within", "同样约束内部人员", {"hospital.protection.access_control": (0.0, 0.9)}, "data.exposed", -60, ("attacked", "insider"), runs=80),
    Case("P4", "break-glass", "Sealed accounts for when nobody can log in", "应急账号（封存）", {f"{SYSTEMS}.his.without": ({}, {"identity": {"after": "15 min", "slows": 1.5}})}, "component.his.minutes_down", -60, ("identity",)),
    Case("P5", "encrypted", "Data that cannot be read by who takes them", "数据加密，窃走也无法读取", {"hospital.protection.encrypted": (False, True)}, "data.exposed", -100, ("attacked", "intruder"), runs=80),
    Case("P5", "in-transit", "What goes over the network is encrypted too", "传输过程也加密", {"hospital.protection.encrypted_in_transit": (False, True), "hospital.protection.encrypted": (True, True)}, "data.exposed", -100, ("listening",), runs=80),
    Case("P5", "keys", "The keys kept where they can fail too", "密钥另存于会中断的系统", {f"{SYSTEMS}.db.data.keys": (None, "vault")}, "event.restored.minute", +40, ("keys",), runs=120),
    Case("P6", "firewall", "A firewall that keeps out four attempts in five", "防火墙拦下八成入侵", {"hospital.protection.firewall": (0.0, 0.8)}, "data.infected", -3, ("attacked",)),
    Case("P6", "hardening", "Patches, malware protection", "打补丁、防恶意软件", {"hospital.protection.hardening": (0.0, 0.8)}, "data.infected", -1, ("attacked",), runs=80),
    Case("P6", "segments", "A network in segments", "网络分区", {"hospital.protection.segmentation": (0.0, 1.0)}, "data.infected", -1, ("attacked",)),
    Case("P6", "monitoring", "Monitoring that sees attacks", "能发现攻击的监测", {"hospital.protection.monitoring": (0.0, 0.9), "hospital.detection.monitoring.chance": (0.0, 0.0)}, "event.detected.minute", -5, ("attacked",)),
    Case("P7", "covers", "The plan has a step for damaged data", "预案写有数据损坏的处置步骤", {f"{STEPS}.recover.does": ([], [{"recover_data": "db"}])}, "component.db.minutes_down", -300, ("damaged",)),
    Case("P7", "diverts", "… and lets half of the patients come another day while the systems are away", "预案另写明系统中断期间分流一半患者", DIVERTS, "patients.left", -2, runs=260),
    Case("P7", "less-paper", "… which is less paper too", "分流后手工单据也少", DIVERTS, "data.items", -20),
    Case("P8", "recent", "A drill last month", "上月演练过", {f"{STAFF}.dba.last_drill": ("730 d", "30 d")}, "event.restored.minute", -8, ("drilled",), runs=120),
    Case("P8", "calendar", "One more drill in the calendar, last month", "演练计划增加一次，上月已演练", {"plan.drills": ([], [{"date": "2026-02-09", "who": "all"}])}, "event.restored.minute", -8, ("drilled",)),
    Case("P8", "county", "A drill of all last month, not two years ago", "上月全员演练过，而非两年前", {f"{STAFF}.{who}.last_drill": ("730 d", "30 d") for who in IN_THE_HOUSE}, "component.lis.minutes_down", -2, scenario=COUNTY, runs=400),
    Case("P9", "spare", "A spare at hand", "常备备件", {f"{SYSTEMS}.storage.spares": (0, 1)}, "event.restored.minute", -60, runs=80),
    Case("P9", "replenished", "The last spare used is replaced at once", "最后一个备件用掉即补货", {f"{SYSTEMS}.storage.reorder_at": (None, 0)}, "component.storage.minutes_down", -100, ("twice",), runs=100),
    Case("P9", "forms", "Forms enough for a day", "备足一天的手工单据", {"hospital.departments.registration.kit.forms": (10, 400)}, "patients.left", -10, ("few_forms",)),
    Case("P9", "restocked", "More forms brought when they run out", "单据用完有人补充", {"hospital.departments.registration.kit.restock": (0, 50), "hospital.departments.registration.kit.restock_takes": ("30 min", "30 min")}, "patients.left", -10, ("few_forms",)),
    Case("P9", "workstations", "Downtime workstations that show old records", "应急查询工作站", {"hospital.activities.register.on_paper.viewer": ([], ["viewer"])}, "department.registration.wait_after", -5, ("by_hand",)),
    Case("P9", "on-call", "A vendor who answers", "厂商随叫随应", {f"{ON_CALL}.answers": (0.3, 0.95)}, "event.restored.minute", -10, ("sure",), runs=280),
    # ---- response
    Case("R1", "monitoring", "Monitoring that sees every fault", "监控能发现每次故障", {"hospital.detection.monitoring.chance": (0.3, 1.0)}, "event.detected.minute", -10, runs=120),
    Case("R1", "doubted", "False alarms make true ones doubted", "误报多，真警也受怀疑", {"hospital.detection.monitoring.false_alarms": (None, "20 min")}, "event.detected.minute", +1, ("false_alarms",), runs=80),
    Case("R1", "checked", "False alarms take people's time", "误报占用人手", {"hospital.detection.monitoring.false_alarms": (None, "exponential(60 min)"), "hospital.detection.monitoring.check_takes": ("40 min", "40 min")}, "step.judge.taken", +5, ("false_alarms",), runs=80),
    Case("R1", "judged-right", "The first judgement is right", "首次研判正确", {f"{STEPS}.judge.chance_right": (0.2, 1.0)}, "event.restored.minute", -40, runs=80),
    Case("R2", "second-channel", "A second channel that needs no network", "不依赖网络的第二通知渠道", {"plan.call_tree": (["app"], ["app", "runner"])}, "department.registration.stood_still", -100, ("lan_away",)),
    Case("R2", "reach", "A channel that reaches people", "渠道触达率提高", {"plan.channels.app.reaches": (0.3, 1.0)}, "department.registration.on_paper_at", -4, runs=200),
    Case("R2", "night", "An app that is answered at night too", "夜间消息也有人应答", {"plan.channels.app.reaches": ({"07:00-19:00": 0.9, "19:00-07:00": 0.2}, {"07:00-19:00": 0.9, "19:00-07:00": 0.9})}, "department.registration.on_paper_at", -4, ("evening",), runs=80),
    Case("R2", "heard", "Messages that are read at once", "消息即时阅知", {"plan.channels.app.heard": ("20 min", "2 min")}, "department.registration.on_paper_at", -12),
    Case("R2", "clock", "A second person who may report to the authority", "可由第二人上报主管部门", {"plan.roles.lead.holders": (["lead"], ["lead", "porter"])}, "step.report.taken", -25, ("busy_lead",)),
    Case("R2", "escalation", "Paper is ordered after 10 min of outage, not after an hour", "中断 10 分钟即转手工，不等 1 小时", {f"{STEPS}.order.when": ("his is away for 60 min", "his is away for 10 min")}, "department.registration.on_paper_at", -20),
    Case("R2", "called-again", "Nobody answers: called again after 5 min, not after an hour", "无人应答时5分钟后再呼，而非1小时", {f"{ON_CALL}.again": ("60 min", "5 min"), f"{SYSTEMS}.storage.spares": (9, 9)}, "event.restored.minute", -10, runs=240),
    Case("R3", "mistaken", "Signs written down that rule out one of two false causes", "写明可排除其中一种误判的要点", {"faults.0.mistaken_for": (["software", "network"], ["software"]), f"{STEPS}.judge.chance_right": (0.2, 0.2)}, "step.mend.attempts", -0.2, runs=80),
    Case("R3", "quicker", "A checklist: judged in five minutes, not in a quarter of an hour", "按检查单研判，5分钟而非一刻钟", {f"{STEPS}.judge.takes": ("15 min", "5 min")}, "event.restored.minute", -7, ("sure",)),
    Case("R3", "wrong-turns", "Signs written down that tell causes apart", "写明区分原因的要点", {f"{STEPS}.judge.chance_right": (0.2, 1.0)}, "step.mend.attempts", -0.3, runs=80),
    Case("R4", "takes-away", "Cutting the network takes services away", "断网也会中断服务", {f"{STEPS}.order.does": ([{"order_paper": "outpatient"}], [{"order_paper": "outpatient"}, {"isolate": "lan"}]), f"{SYSTEMS}.his.needs": (["db", "lan"], ["db", "lan"])}, "component.his.minutes_down", +100),
    Case("R4", "stops", "The network is cut at once", "立即断网隔离", {f"{STEPS}.order.takes": ("400 min", "5 min")}, "data.infected", -1, ("attacked", "cut_off")),
    Case("R5", "from-afar", "A vendor who works from afar", "厂商远程处理", {f"{ON_CALL}.remote": (0.0, 1.0), f"{SYSTEMS}.storage.spares": (9, 9)}, "event.restored.minute", -20, runs=80),
    Case("R5", "way-in", "A way in that does not fail with the rest", "远程通道不受影响", {f"{ON_CALL}.remote_needs": (["vpn"], [])}, "event.restored.minute", -20, ("way_in_closed",), runs=80),
    Case("R5", "tools", "A diagnosis that needs a tool which is down", "诊断依赖已中断的工具", {f"{STEPS}.judge.uses": ([], ["lan"]), f"{STEPS}.judge.within": ("30 min of detected", "30 min of detected")}, "step.judge.taken", +100, ("lan_away",)),
    Case("R5", "analyser", "A log analyser that does not lean on what fails", "日志分析工具不依赖故障系统", {f"{SYSTEMS}.analyser.needs": (["storage"], [])}, "component.his.minutes_down", -15, ("analysed",), runs=80),
    Case("R5", "by-hand", "Logs sorted so that they can be read by hand", "日志平时归类，人工也能看", {f"{STEPS}.judge.helped_by.analyser.slows": (3, 1.5), f"{STEPS}.judge.within": ("30 min of detected", "30 min of detected")}, "step.judge.taken", -10, ("analysed",)),
    Case("R6", "supplier", "A supplier who is quicker", "供应商供货更快", {f"{SYSTEMS}.storage.spare_arrives": ("uniform(100 min, 200 min)", "uniform(20 min, 40 min)")}, "event.restored.minute", -40, runs=80),
    Case("R6", "hands", "Nine people rebuild machines, not one", "九人同时重装，而非一人", {f"{STAFF}.technician.on_duty": (9, 9), f"{STEPS}.mend.with": ({}, {"technician": 8})}, "component.pc.minutes_slow", -300, ("attacked", "updated")),
    Case("R6", "patched", "Servers are patched before they are rebuilt", "服务器先打补丁再重装", {f"{STEPS}.mend.does": ([{"reimage": ["db", "his"]}], [{"patch": ["db", "his"]}, {"reimage": ["db", "his"]}])}, "component.his.minutes_down", -100, ("rebuilt_amid",), runs=80),
    Case("R6", "patched-root", "What collapses is patched after the restart", "重启后打补丁，不再反复", {f"{STEPS}.mend.does": ([{"repair": "lan"}], [{"repair": "lan"}, {"patch": "lan"}])}, "component.his.minutes_down", -10, ("looping",), runs=80),
    Case("R7", "order", "The HIS before the laboratory", "先恢复 HIS，后恢复检验", {"plan.restore_order": ([["db"], ["lab"], ["his"]], [["db"], ["his"], ["lab"]])}, "component.his.minutes_down", -20),
    Case("R7", "carries", "A standby that carries the peak", "备库能承受高峰", {f"{SYSTEMS}.db_service.runs_on.standby_capacity": (0.5, 1.0)}, "component.his.minutes_slow", -200, ("two_members",)),
    Case("R7", "stages", "Pharmacy returns later, and spares the standby", "药房推迟恢复，减轻备库负荷", {f"{SYSTEMS}.db_service.runs_on.load_follows": ("hours", "departments")}, "component.his.minutes_slow", -5, ("spared",), runs=120),
    Case("R7", "settles", "Systems that are slow after a start", "启动后一段时间运行缓慢", {f"{SYSTEMS}.his.settles": ("0 min", "60 min"), f"{SYSTEMS}.his.settles_slow": (2, 2)}, "component.his.minutes_slow", +40),
    Case("R7", "relapse", "The cause is mended, not what shows", "根治原因，不只处理表象", {f"{STEPS}.mend.does": ([{"repair": "lan"}], [{"repair": "cause"}])}, "component.his.minutes_down", -10, ("looping",), runs=80),
    Case("R8", "catches", "Registration tries its systems before it returns", "恢复使用前由挂号处试用验证", {f"{STEPS}.verify.does": ([], [{"verify": "outpatient"}])}, "department.registration.stood_still", -30, ("badly_mended",), runs=80),
    Case("R8", "finds", "Verifying finds something in half of the tries", "验证有一半会发现问题", {f"{STEPS}.verify.chance": (1.0, 0.5)}, "step.restore.attempts", +0.4, runs=160),
    Case("R9", "typists", "Three people type in", "三人补录", {f"{STAFF}.typist.on_duty": (1, 3)}, "data.cleared_at", -30),
    Case("R9", "errors", "Paper forms with fewer errors to put right", "手工单据差错减少", {"hospital.activities.register.on_paper.error": (0.5, 0.05), "hospital.departments.registration.back_entry.fix": ("5 min", "5 min")}, "data.cleared_at", -30),
    Case("R9", "reconcile", "What was lost is compared by a list of the bank, not by hand", "与银行清单自动比对，不再逐笔人工核对", {f"{STEPS}.reconcile.for_each.takes": ("2 min", "15 s")}, "step.reconcile.taken", -60, ("damaged", "reconciled")),
    Case("R9", "less-lost", "Copies every hour: fewer records to reconcile", "每小时备份，需核对的记录更少", {f"{SYSTEMS}.db.data.backups.0.every": ("8 h", "1 h")}, "step.reconcile.taken", -40, ("damaged", "reconciled")),
    Case("R10", "clerks", "A third clerk", "窗口增加一人", {f"{STAFF}.clerk.on_duty": (2, 3)}, "recovery.registration.wait_added", -1, ("sure", "late_order"), runs=80),
    Case("R10", "before-the-end", "Their work is compared with normal before the incident is ended", "评估恢复正常后才结束应急", {f"{STEPS}.close.after": (["return"], ["compare"])}, "data.cleared_at", -30, ("called_typist",), runs=80),
    Case("R11", "corrective-action", "The corrective action of the list is carried out: a spare", "落实整改措施：常备备件", {f"{SYSTEMS}.storage.spares": (0, 9), f"{STEPS}.mend.within": ("200 min of detected", "200 min of detected")}, "plan.improvements", -0.3, ("sure",), runs=80),
    Case("R11", "lesson", "The lesson that one person was busy is acted on: somebody else reports", "吸取一人兼多事的教训：改由他人上报", {f"{STEPS}.report.owner": ("lead", "porter")}, "plan.improvements", -0.5, ("busy_lead",)),
    # ---- improvement
    Case("I1", "users", "Users who report", "用户及时报障", {"hospital.detection.users": (None, {"after": "exponential(6 min)"})}, "event.detected.minute", -5, runs=80),
    Case("I1", "patients", "Patients who have a place to say that nothing works", "患者有渠道反映系统故障", {"hospital.detection.patients.after": ("uniform(60 min, 90 min)", "uniform(10 min, 20 min)")}, "event.detected.minute", -15),
    Case("I2", "reviewed", "A plan reviewed this month, not five years ago", "预案本月修订，而非五年前", {"plan.reviewed": ("2021-03-09", "2026-03-01")}, "event.restored.minute", -4, ("old_plan",), runs=80),
    Case("I2", "county", "A plan reviewed this month, not five years ago", "预案本月修订，而非五年前", {"plan.reviewed": ("2021-03-20", "2026-03-01")}, "component.lis.minutes_down", -5, scenario=COUNTY, runs=80),
    Case("I3", "worn", "A network that wears with age", "网络老化更易故障", {f"{SYSTEMS}.lan.fails.ageing": (0.0, 0.3)}, "component.lan.minutes_down", +60, ("wearing",), runs=240),
    Case("I3", "second-feed", "A second power feed", "第二路市电", {f"{SYSTEMS}.storage.needs": (["feed"], [{"any": ["feed", "second_feed"]}])}, "component.his.minutes_down", -100, ("power_cut",)),
    Case("I3", "standby", "A standby that takes over", "备库自动接管", {f"{SYSTEMS}.his.needs": (["db"], ["db_service"])}, "component.his.minutes_down", -100, ("two_members",)),
    Case("I3", "standby-age", "A new standby, not one of ten years", "备库更新，而非用了十年", {f"{SYSTEMS}.db_standby.age": ("3653 d", "0 d"), "stands_for": (8, 8)}, "component.his.minutes_down", -10, scenario=TERTIARY, runs=200),
    Case("I4", "lead", "A lead who is trained", "主任受过培训", {f"{STAFF}.lead.trained": (0.0, 1.0), f"{STEPS}.order.takes": ("15 min", "15 min")}, "department.registration.on_paper_at", -10, runs=120),
    Case("I5", "handover", "A handover that takes half an hour", "交接班需半小时", {f"{STAFF}.dba.handover": ("0 min", "30 min")}, "event.restored.minute", +15, ("two_shifts",), runs=200),
    Case("I5", "together", "A step that needs somebody of another department", "步骤需其他部门配合", {f"{STEPS}.return.with": ({}, {"porter": 1}), f"{STAFF}.porter.on_duty": ({"20:00-08:00": 1}, {"20:00-08:00": 1})}, "event.returned.minute", +60, runs=120),
    Case("I5", "tired", "People who tire", "人员疲劳", {"plan.readiness.tired_takes": (1.0, 1.2)}, "event.restored.minute", +60, ("night",)),
    Case("I5", "relieved", "People who are relieved", "轮换休息", {f"{STAFF}.dba.on_call.stays": (None, "8 h"), f"{STAFF}.dba.at_shift_end": ("stop", "stop")}, "event.restored.minute", -20, ("night",)),
)  # fmt: skip
