"""The public timelines that shipped scenarios are held against: what was reported, and the figure of the score that answers it.

A simulated median within half an order of magnitude (a factor of √10) of what was reported passes. What a scenario was set from is no check of it and
stands apart; what no scenario can answer says why.
"""

from __future__ import annotations

from typing import NamedTuple

HOUR, DAY = 60.0, 1440.0
FACTOR = 10**0.5
RUNS = 10


class Anchor(NamedTuple):
    """One reported value: minutes (or a factor, a count) from ``low`` to ``high`` (None: at least ``low``, the report ends before); ``figure`` of
    ``scenario`` answers it.

    ``set_by`` names the key that was set from it, or so that the scenario lasts as long: then it is no check. ``why`` says why nothing answers it, in English and Chinese.
    """

    incident: str
    name: str
    en: str
    zh: str
    low: float
    high: float | None
    scenario: str = ""
    figure: str = ""
    set_by: str = ""
    why: tuple[str, str] = ("", "")
    unit: str = "min"

    @property
    def id(self) -> str:
        """Its name in tests and in what is kept."""
        return f"{self.incident}-{self.name}"


ONE_HOSPITAL = ("a figure of many hospitals; a scenario plays one", "为多家医院的统计，情景只推演一家")

ANCHORS: tuple[Anchor, ...] = (
    Anchor("I1", "stable", "Boston 2002: a looping network is stable after 3.5 to 4 days", "波士顿2002：网络环路3.5~4天后稳定", 84 * HOUR, 96 * HOUR, "core-switch-loop", set_by="plan.steps: find_loop.takes, rebuild_core.takes"),
    Anchor("I1", "results", "Boston 2002: laboratory results take up to 5 h instead of 45 min", "波士顿2002：检验结果由45分钟延长至最多5小时", 5 * HOUR, 5 * HOUR, "core-switch-loop", "pathway.ward_laboratory.minutes_p90"),
    Anchor("I1", "vendor", "Boston 2002: equipment arrives after 12 to 14 h", "波士顿2002：设备12~14小时后到达", 12 * HOUR, 14 * HOUR, why=("a vendor's travel is a parameter of the hospital, not a result", "厂商到场时间是医院参数，不是结果")),
    Anchor("I2", "still-away", "London 2022: systems are still away after two days", "伦敦2022：两天后系统仍未恢复", 2 * DAY, 10 * DAY, "two-rooms-overheat", "component.his.minutes_to_restore"),
    Anchor("I2", "all-restored", "London 2022: all systems after six weeks", "伦敦2022：六周后全部恢复", 42 * DAY, 42 * DAY, why=("371 legacy systems; the scenario has forty and ends after five days", "涉及371个旧系统；情景只有四十个，且五天即结束")),
    Anchor("I2", "estimate", "London 2022: the first estimate is wrong by more than ten times", "伦敦2022：首次预估相差十倍以上", 10, None, why=("the first estimate (two hours) is the scenario's own; how long it lasts is checked above", "首次预估（2小时）由情景设定；实际时长已在上表核对"), unit="times"),
    Anchor("I4", "record", "Vermont 2020: the record is back after 24 to 25 days", "佛蒙特2020：电子病历24~25天后恢复", 24 * DAY, 25 * DAY, "ransomware-community", set_by="plan.steps: forensics.takes … open_read_write.takes"),
    Anchor("I5", "read-write", "San Diego 2021: written in again after 26 days", "圣迭戈2021：26天后恢复读写", 26 * DAY, 26 * DAY, "ransomware-community", set_by="plan.steps: forensics.takes … open_read_write.takes"),
    Anchor("I5", "read-only", "San Diego 2021: read-only after 70 % of that time", "圣迭戈2021：只读在其70%时点恢复", 0.7, 0.7, "ransomware-community", set_by="faults (read_only)", unit="share"),
    Anchor("I6", "throughput", "Düsseldorf 2020: 55 % of outpatients a week on", "杜塞尔多夫2020：一周后门诊量仅55%", 0.55, 0.55, "ransomware-at-night", set_by="hospital.pathways.outpatient.diverted.share", unit="share"),
    Anchor("I6", "operations", "Düsseldorf 2020: 29 % of operations a week on", "杜塞尔多夫2020：一周后手术量仅29%", 0.29, 0.29, "ransomware-community", set_by="hospital.pathways.operations.diverted.share", unit="share"),
    Anchor("I7", "affected", "England 2017: 34 % of trusts affected", "英格兰2017：34%的医疗机构受影响", 0.34, 0.34, why=ONE_HOSPITAL, unit="share"),
    Anchor("I7", "cut-off", "England 2017: about as many trusts cut themselves off as were infected", "英格兰2017：主动断网的机构与受感染的大致相当", 1, 1, why=ONE_HOSPITAL, unit="times"),
    Anchor("I9", "cio", "Boston 2024: the CIO is phoned after 45 min", "波士顿2024：45分钟后电话通知CIO", 45, 45, "faulty-update", "event.declared.minute"),
    Anchor("I9", "command", "Boston 2024: command centre after 90 min", "波士顿2024：90分钟后开设指挥中心", 90, 90, "faulty-update", "step.activate_command.ended"),
    Anchor("I9", "service", "United States 2024: a service is away for five hours in the median", "美国2024：各项服务中断中位数约5小时", 300, 300, "faulty-update", set_by="faults.ehr_hosting.lasts"),
    Anchor("I9", "most", "Boston 2024: most systems are back after two days (here: the machines of the units)", "波士顿2024：两天后多数系统恢复（此处取病区终端）", 2 * DAY, 2 * DAY, "faulty-update", "step.fix_units.ended"),
    Anchor("I9", "hands", "Providence 2024: 5 to 20 min of a person for each machine", "Providence 2024：每台终端人工修复5~20分钟", 5, 20, "faulty-update", set_by="hospital.systems: pcs_….rebuild_takes"),
    Anchor("I10", "everywhere", "Ascension 2024: the record is back after 30 to 37 days", "Ascension 2024：电子病历30~37天后恢复", 30 * DAY, 37 * DAY, "ransomware-community", set_by="plan.steps: forensics.takes … open_read_write.takes"),
    Anchor("I11", "servers", "Handa 2021: servers after 59 days", "半田医院2021：59天后服务器恢复", 59 * DAY, 59 * DAY, "ransomware-at-night", set_by="plan.steps: rebuild_servers.takes"),
    Anchor("I11", "seen", "Handa 2021: printers seen by a nurse the same night", "半田医院2021：当夜护士发现打印机异常", 5, 60, "ransomware-at-night", set_by="faults.found_by.users"),
    Anchor("I11", "police", "Handa 2021: the police are told at dawn", "半田医院2021：天亮时报警", 5 * HOUR, 6 * HOUR, "ransomware-at-night", "step.police.ended"),
    Anchor("I12", "core", "Osaka 2022: core record in clinics after 42 days", "大阪2022：42天后门诊核心病历恢复", 42 * DAY, 42 * DAY, "ransomware-at-night", set_by="plan.steps: rebuild_servers.takes"),
    Anchor("I12", "terminals", "Osaka 2022: 2,200 terminals at 200 a day take 11 days", "大阪2022：2200台终端、每日200台，共11天", 11 * DAY, 11 * DAY, why=("the small hospital has a few hundred terminals; the queue of labour is checked by a hand trace", "情景医院只有数百台终端；重装排队由手工算例检验")),
    Anchor("I15", "backlog", "Beijing 2006: queues outlast the outage by an hour or more", "北京2006：恢复后排队仍持续一小时以上", HOUR, None, "his-database-outage", "recovery.charging.caught_up"),
    Anchor("S1", "not-back", "Foshan 2024: not back after four hours", "佛山2024：四小时后仍未恢复", 4 * HOUR, None, "database-damaged-data-lost", "component.his.minutes_to_restore"),
    Anchor("S2", "virus", "Guangzhou 2010: a virus stops all for about two hours", "广州2010：病毒使全院停摆约两小时", 130, 130, why=("a virus that is cleaned away; the scenarios' malware encrypts", "可清除的病毒；情景中的恶意软件会加密数据")),
    Anchor("S3", "clinics", "Hunan 2018: clinics go on after 2.5 h", "湖南2018：2.5小时后门诊恢复", 150, 300, "his-database-outage", "event.restored.minute"),
    Anchor("S4", "restored", "Fujian 2011: restored after 2 to 2.5 h", "福建2011：2~2.5小时后恢复", 120, 150, "his-database-outage", "event.restored.minute"),
    Anchor("S4", "queue", "Fujian 2011: about an hour in the queue for one drug", "福建2011：取一种药排队约一小时", 60, 60, "everything-slow", "activity.collect_drugs.wait_p90"),
    Anchor("S5", "fibre", "Wuhan 2021: the fibre is mended after about five hours", "武汉2021：光缆约五小时后修复", 300, 300, "carrier-line-cut", set_by="faults.lasts"),
    Anchor("S6", "no-fallback", "Shanghai: no fallback, patients leave", "上海：无手工预案，患者流失", 120, 120, why=("no count of patients was reported", "未报道人数")),
    Anchor("S7", "power", "Changsha 2017: three hours without power", "长沙2017：停电三小时", 180, 180, "server-room-power-loss", set_by="faults.lasts"),
    Anchor("S8", "windows", "Nanjing 2018: charging and registration are back after 87 min", "南京2018：87分钟后收费挂号恢复", 87, 87, why=("the power of one building; the scenario loses the server room", "为单栋楼停电；情景为机房断电")),
    Anchor("S9", "by-hand", "Taoyuan 2024: all machines by hand after 3.5 h", "桃园2024：3.5小时后逐台恢复完毕", 210, 210, why=("a dip of ten seconds; in the scenario power is away for hours first", "仅为10秒电压骤降；情景先停电数小时")),
    Anchor("S10", "upgrade", "Nanjing: settlement is back about ten hours after an overnight upgrade began", "南京：夜间升级约十小时后恢复结算", 10 * HOUR, 10 * HOUR, "upgrade-overruns", "component.his.minutes_to_restore"),
    Anchor("S10", "platform", "Nanjing: the insurance platform is away for two hours and more", "南京：医保平台中断两小时以上", 120, 180, "insurance-gateway-down", set_by="faults.lasts"),
    Anchor("S11", "notice", "Shanghai 2025: first official notice after 145 min", "上海2025：145分钟后首次官方通知", 145, 145, "insurance-gateway-down", "step.tell_insured.ended"),
    Anchor("S11", "platform", "Shanghai 2025: nine tenths back after 520 min", "上海2025：520分钟后九成恢复", 520, 520, "insurance-gateway-down", set_by="faults.lasts"),
    Anchor("S12", "platform", "Shanghai: twenty minutes of overload", "上海：过载二十余分钟", 20, 20, "insurance-gateway-down", set_by="faults.lasts"),
    Anchor("S14", "limited", "Lebanon: a limited laboratory system on day 3", "黎巴嫩：第3天恢复有限的检验系统", 2 * DAY, 3 * DAY, "laboratory-supplier-lost", set_by="plan.steps: limited_lis.takes"),
    Anchor("S14", "most", "Lebanon: most services on day 10", "黎巴嫩：第10天大部分恢复", 10 * DAY, 10 * DAY, why=("the run ends after four days", "推演四天即结束")),
    Anchor("S15", "care", "Taipei 2025: protected machines survived", "台北2025：有防护的终端未受影响", 0, 0, why=("no number was reported", "未报道数字")),
    Anchor("drill", "order", "Puyang drill: manual working ordered 16 min after a core switch fails", "濮阳演练：核心交换机故障16分钟后下令转手工", 16, 16, "core-switch-loop", "event.ordered.minute"),
    Anchor("drill", "telephones", "A drill with dead telephones: the duty officer has three reports after two minutes", "“院内电话中断”演练：2分钟后总值班收到三处报告", 2, 2, why=("written by mobile telephone in a script; in the scenario work messages are silent too, and people walk", "脚本中用手机上报；情景中企业微信也中断，只能步行通知")),
)  # fmt: skip
"""The anchors that INCIDENTS names. CAUTION: those with a figure are checks and must not be tuned to pass."""
