/* The response: the plan as a timeline with deadlines, the people, and the story. */
const STEP = {
  dormant: { words: "to come", icon: "none", rank: 3 },
  after: { words: "waits for an earlier step", icon: "clock", rank: 3 },
  hours: { words: "waits for its hours", icon: "moon", rank: 3 },
  person: { words: "waits for someone who is busy", icon: "clock", rank: 0, wait: true },
  off_shift: { words: "nobody on duty", icon: "clock", rank: 0, wait: true },
  on_the_way: { words: "someone is on the way", icon: "walk", rank: 0, wait: true },
  thing: { words: "waits for a spare", icon: "box", rank: 0, wait: true },
  system: { words: "waits for a system or channel", icon: "clock", rank: 0, wait: true },
  working: { words: "at work", icon: "work", rank: 0 },
  pause: { words: "before another try", icon: "again", rank: 0, wait: true },
  redo: { words: "sent back", icon: "again", rank: 0, wait: true },
  done: { words: "done", icon: "done", rank: 2 },
  failed: { words: "failed", icon: "cross", rank: 1 },
  not_applicable: { words: "not needed", icon: "none", rank: 4 },
};
const JUST_DONE = 12; // minutes for which a finished step stays in front
const SPANS = [60, 90, 120, 180, 240, 360, 480, 720, 1080, 1440, 2880, 4320, 10080, 20160, 43200];
const TICKS = [5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880, 10080];

const RECENT = 150; // minutes of the timeline on the board once the event is older than that

/** The window of the timeline at a minute. It moves in large jumps: on the board with the day, on its own panel it grows and keeps everything. */
function windowAt(minute, whole) {
  const begin = Math.max(Math.min(film.failed === null ? 0 : Math.floor(film.failed) - 5, Math.floor(minute)), 0);
  if (!whole && minute - begin > RECENT - 30) return { begin: Math.floor((minute - RECENT + 60) / 30) * 30, span: RECENT };
  return { begin, span: SPANS.find((s) => s >= minute - begin + 20) || film.horizon - begin };
}

function makePlan(root) {
  const summary = make("p.aside");
  const chart = surface("chart");
  const rows = make("ol.steps");
  const legend = make("p.signs", [["due", "deadline"], ["at", "at work"], ["waits", "waits"]].map(([sign, what]) => make("span", [make(`i.${sign}`), make("span", say(what))])));
  const body = make("div.gantt", [rows, chart.canvas]);
  root.replaceChildren(heading("Plan", summary, legend), body);
  putHidden(root, !film.steps.length);
  const all = film.steps.map((step) => {
    const sign = icon("none");
    const verdict = make("span.verdict");
    const row = make("li.step", [sign, make("p.name", [make("b", words(step.title)), make("span.owner", words(step.owner))]), make("span.room"), verdict]);
    row.dataset.id = step.id;
    row.title = [words(step.title), step.due ? words(step.due.words) : ""].filter(Boolean).join("\n");
    if (step.decision) row.classList.add("decision");
    rows.append(row);
    return { step, row, sign, verdict, now: null };
  });
  let high = 30;
  let room = { left: 0, width: 0, whole: false };
  let visible = [];
  return {
    size() {
      const whole = document.body.dataset.view === "plan";
      const unit = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const space = body.clientHeight - unit * 1.5;
      this.room = whole ? all.length : Math.max(Math.floor(space / (unit * 2.15)), 1);
      high = Math.max(Math.min(space / this.room, unit * 2.6), unit * 1.65);
      body.style.setProperty("--row", `${high.toFixed(1)}px`);
      body.style.setProperty("--whole", whole ? `${Math.ceil(high * all.length + unit * 1.6)}px` : "100%");
      for (const part of all) putHidden(part.row, false);
      const gap = all.length ? all[0].row.querySelector(".room") : rows;
      const [a, b] = [body.getBoundingClientRect(), gap.getBoundingClientRect()];
      room = { left: b.left - a.left, width: b.width, whole };
      chart.size();
    },
    update(minute) {
      const count = { done: 0, late: 0, overdue: 0, open: 0 };
      for (const part of all) {
        part.now = stepAt(part.step, minute);
        showStep(part, minute, count);
      }
      visible = chosen(all, minute, this.room);
      const shown = new Set(visible);
      for (const part of all) putHidden(part.row, !shown.has(part));
      put(summary, [
        say("{n} of {all} done", { n: count.done, all: all.length }),
        count.late ? say("{n} late", { n: count.late }) : "",
        count.overdue ? say("{n} overdue", { n: count.overdue }) : "",
      ].filter(Boolean).join(" · "));
      putData(root, "tone", count.overdue ? "bad" : "");
    },
    trace(minute) { drawPlan(chart, visible, minute, room, high); },
    shown() { return Object.fromEntries(all.map(({ step, row }) => [step.id, [row.dataset.state, row.dataset.verdict]])); },
  };
}

function showStep({ row, sign, verdict, now }, minute, count) {
  const kind = STEP[now.state];
  putData(row, "state", now.state);
  putData(row, "verdict", now.verdict);
  putData(row, "active", kind.rank === 0 ? "yes" : "");
  putIcon(sign, now.verdict === "late" || now.verdict === "overdue" ? "warn" : kind.icon);
  if (now.state === "done") count.done += 1;
  if (now.verdict === "late" || now.verdict === "overdue") count[now.verdict] += 1;
  put(verdict, verdictWords(now, minute));
}

function verdictWords(now, minute) {
  if (now.verdict === "late") return say("{length} late", { length: brief(Math.max(now.late, 1)) });
  if (now.verdict === "overdue") return say("{length} over", { length: brief(now.late) });
  if (now.verdict === "on_time") return say("in time");
  if (now.state === "done") return say("done");
  if (now.state === "failed") return say("failed");
  if (now.state === "not_applicable") return say("not needed");
  if (now.running) return say("{length} left", { length: brief(passed(minute, now.due)) });
  return now.state === "working" ? brief(passed(now.since, minute)) : "";
}

/** The rows that matter now, in the order of the plan: what goes on, what is overdue, what was just done, what comes next. */
function chosen(all, minute, room) {
  const rank = (part) => {
    const { state, verdict, since } = part.now;
    if (STEP[state].rank === 0 || verdict === "overdue") return 0;
    if ((state === "done" || state === "failed") && minute - since <= JUST_DONE) return 1;
    return STEP[state].rank;
  };
  const recent = (part) => (part.now.state === "done" ? -part.now.since : 0);
  const order = all.map((part, place) => ({ part, place, rank: rank(part), recent: recent(part) }));
  order.sort((a, b) => a.rank - b.rank || a.recent - b.recent || a.place - b.place);
  return order.slice(0, room).sort((a, b) => a.place - b.place).map((o) => o.part);
}

/** The bars of the rows that are shown: beside their names where the plan stands alone, under them on the board. */
function drawPlan(chart, visible, minute, room, high) {
  const { pen } = chart;
  chart.clear();
  if (!room.width) return;
  const { begin, span } = windowAt(minute, room.whole);
  const x = (m) => room.left + Math.min(Math.max((m - begin) / span, 0), 1) * room.width;
  const foot = visible.length * high;
  const half = high * (room.whole ? 0.34 : 0.16);
  const middle = (n) => n * high + high * (room.whole ? 0.5 : 0.76);
  const upright = (at, width) => {
    if (room.whole) pen.fillRect(at, 0, width, foot);
    else visible.forEach((_, n) => pen.fillRect(at, middle(n) - half * 1.4, width, half * 2.8));
  };
  drawTimes(pen, { begin, end: begin + span, x, room, foot, high, upright });
  visible.forEach((part, n) => drawStep(pen, part, minute, begin, begin + span, x, middle(n), half));
  pen.fillStyle = colour.ink;
  upright(x(minute) - 1, 2);
}

/** The lines of the hours, with their times at the foot and, in a long plan, now and then between. */
function drawTimes(pen, { begin, end, x, room, foot, high, upright }) {
  const letter = Math.max(high * 0.36, 10);
  const tick = TICKS.find((t) => (end - begin) / t <= Math.max(room.width / (letter * 4.2), 1)) || 10080;
  pen.font = `${letter}px ${fontOf}`;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const startClock = Math.round(START / 60000) % 1440;
  for (let m = Math.ceil((begin + startClock) / tick) * tick - startClock; m <= end; m += tick) {
    pen.fillStyle = colour.rule;
    upright(Math.round(x(m)), 1);
    pen.fillStyle = colour.muted;
    if (x(m) - room.left < letter * 1.2 || room.left + room.width - x(m) < letter * 1.2) continue; // no room for its time
    for (let y = foot + 3; y > 0; y -= high * 12) pen.fillText(clock(m), x(m), y);
  }
}

function drawStep(pen, { step, now }, minute, begin, end, x, y, half) {
  const turns = step.turns;
  if (now.running && now.state !== "not_applicable") drawAllowance(pen, step, now, minute, begin, end, x, y, half);
  for (let n = 0; n < turns.length && turns[n][0] <= minute; n += 1) {
    const until = n + 1 < turns.length ? Math.min(turns[n + 1][0], minute) : minute;
    if (turns[n][0] < begin && (until < begin || CLOSED.has(turns[n][1]))) continue; // it lies before the window
    const [a, b] = [x(turns[n][0]), x(until)];
    const kind = STEP[turns[n][1]];
    if (turns[n][1] === "working") {
      pen.fillStyle = colour.work;
      pen.fillRect(a, y - half, Math.max(b - a, 2), half * 2);
    } else if (kind && kind.wait) {
      hatch(pen, a, y - half, b - a, half * 2, colour.turn);
    } else if (turns[n][1] === "done") {
      drawEnd(pen, a, y, half, turns[n][3] > 0 ? colour.late : colour.ok, turns[n][3] > 0);
    } else if (turns[n][1] === "failed") {
      drawEnd(pen, a, y, half, colour.stop, true);
    }
  }
}

/** From the event that started the clock to the deadline: a thin line, and a wedge where it is due. */
function drawAllowance(pen, step, now, minute, begin, end, x, y, half) {
  const passed = now.verdict === "late" || now.verdict === "overdue";
  pen.fillStyle = passed ? colour.late : colour.faint;
  pen.fillRect(x(now.clock), y + half + 1, Math.max(x(now.due) - x(now.clock), 0), 1.5);
  if (now.verdict === "overdue") hatch(pen, x(now.due), y - half, x(minute) - x(now.due), half * 2, colour.late, true);
  if (now.due < begin || now.due > end) return; // not in the hours that are shown
  const at = x(now.due);
  pen.fillStyle = passed ? colour.late : colour.ink;
  pen.beginPath();
  pen.moveTo(at, y + half + 2);
  pen.lineTo(at - half * 0.75, y - half - 1);
  pen.lineTo(at + half * 0.75, y - half - 1);
  pen.fill();
}

function drawEnd(pen, at, y, half, tone, late) {
  pen.fillStyle = tone;
  pen.beginPath();
  if (late) pen.rect(at - half, y - half, half * 2, half * 2);
  else pen.arc(at, y, half, 0, Math.PI * 2);
  pen.fill();
  pen.strokeStyle = colour.panel;
  pen.lineWidth = 1.6;
  pen.beginPath();
  if (late) { pen.moveTo(at, y - half * 0.6); pen.lineTo(at, y + half * 0.15); pen.moveTo(at, y + half * 0.5); pen.lineTo(at, y + half * 0.62); }
  else { pen.moveTo(at - half * 0.5, y); pen.lineTo(at - half * 0.1, y + half * 0.4); pen.lineTo(at + half * 0.5, y - half * 0.4); }
  pen.stroke();
}

function hatch(pen, left, top, width, height, tone, bare) {
  if (width < 0.5) return;
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  if (!bare) { pen.globalAlpha = 0.18; pen.fillStyle = tone; pen.fillRect(left, top, width, height); pen.globalAlpha = 1; }
  pen.strokeStyle = tone;
  pen.lineWidth = 1.3;
  pen.beginPath();
  for (let x = left - height - (left % 6); x < left + width; x += 6) { pen.moveTo(x, top + height); pen.lineTo(x + height, top); }
  pen.stroke();
  pen.restore();
}

/* People. */
const PERSON = {
  working: { words: "at work", icon: "work" },
  way: { words: "on the way", icon: "walk" },
  called: { words: "being called", icon: "phone" },
  missed: { words: "did not answer", icon: "phone" },
  free: { words: "free", icon: "person" },
  off: { words: "off duty", icon: "moon" },
};

function makeTeam(root) {
  const summary = make("p.aside");
  const active = make("ul.active");
  const waits = make("ul.waits");
  const free = idleLine();
  const off = idleLine();
  const idle = make("div.idle", [free.line, off.line]);
  const more = make("p.more");
  const crew = make("div.crew", [active, waits, more, idle]);
  root.replaceChildren(heading("Response team", summary), crew);
  putHidden(root, !film.people.length);
  const titles = Object.fromEntries(film.steps.map((step) => [step.id, step.title]));
  const all = film.people.map((person) => {
    const sign = icon("person");
    const doing = make("span.doing");
    const since = make("span.since");
    const row = make("li", [sign, make("b", words(person.title)), doing, since]);
    row.dataset.id = person.id;
    active.append(row);
    return { person, row, sign, doing, since };
  });
  const waiting = film.steps.map((step) => {
    const sign = icon("clock");
    const why = make("span.doing");
    const since = make("span.since");
    const row = make("li", [sign, make("b", words(step.title)), why, since]);
    waits.append(row);
    return { step, row, sign, why, since };
  });
  return {
    size() {
      const unit = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const large = parseFloat(getComputedStyle(root).getPropertyValue("--z")) || 1;
      const rows = (foot, high) => Math.floor((crew.clientHeight / large - unit * foot) / (unit * high));
      this.room = rows(3.2, 2.95); // rows of two lines that fit, with who is free below them
      this.tight = rows(0, 2.25); // smaller ones, without that line
      const wide = crew.clientWidth / large > unit * 38;
      this.most = { form: wide ? "yes" : "tight", rows: Math.max(wide ? rows(1.8, 1.65) : rows(1.6, 2.25), 1) }; // what is seen of more than that
    },
    update(minute) {
      const names = { free: [], off: [] };
      let busy = 0;
      const [people, steps] = [[], []];
      for (const { person, row, sign, doing, since } of all) {
        const [from, state, held] = turnAt(person.turns, minute);
        putData(row, "state", state);
        const calm = state === "free" || state === "off";
        putHidden(row, calm);
        if (calm) { names[state].push(words(person.title)); continue; }
        people.push(row);
        if (state === "working") busy += 1;
        putIcon(sign, PERSON[state].icon);
        put(doing, state === "working" ? held.map(([step]) => words(titles[step]) || step).join(" · ") : say(PERSON[state].words));
        put(since, brief(passed(from, minute)));
        putTitle(row, `${words(person.title)}\n${doing.shown}`);
      }
      for (const { step, row, sign, why, since } of waiting) {
        const now = stepAt(step, minute);
        const kind = STEP[now.state];
        const shows = Boolean(kind.wait) && now.state !== "pause" && now.state !== "redo";
        putHidden(row, !shows);
        if (!shows) continue;
        steps.push(row);
        putIcon(sign, kind.icon);
        put(why, say("waits: {cause}", { cause: words(now.cause) || say(kind.words) }));
        put(since, brief(passed(now.since, minute)));
        putTitle(row, `${words(step.title)}\n${why.shown}`);
      }
      const rows = people.length + steps.length;
      putData(crew, "many", rows > this.tight ? this.most.form : rows > this.room ? "tight" : "");
      cutCrew(people, steps, rows > this.tight ? this.most.rows : rows, more);
      const comma = language === "zh" ? "、" : ", ";
      const list = (key) => names[key].join(comma);
      showIdle(free, say("Free ({n})", { n: names.free.length }), list("free"));
      showIdle(off, say("Off duty ({n})", { n: names.off.length }), list("off"));
      const free_ = crew.dataset.many ? say("{n} free", { n: names.free.length }) : ""; // there is no line for it below
      put(summary, [say("{n} at work", { n: busy }), free_].filter(Boolean).join(" · "));
    },
    shown() { return Object.fromEntries(all.map(({ person, row }) => [person.id, row.dataset.state])); },
  };
}

/** Of more people and waiting steps than fit, whole rows of both are seen, and below them how many more there are. */
function cutCrew(people, steps, room, more) {
  const waits = Math.min(steps.length, Math.max(Math.floor(room / 2), room - people.length));
  const active = Math.min(people.length, room - waits);
  people.slice(active).forEach((row) => putHidden(row, true));
  steps.slice(waits).forEach((row) => putHidden(row, true));
  const [who, what] = [people.length - active, steps.length - waits];
  put(more, [who ? say("and {n} more busy", { n: who }) : "", what ? say("steps that wait: {n} more", { n: what }) : ""].filter(Boolean).join(" · "));
  putHidden(more, !who && !what);
}

/** Who is free or off duty: how many always, their names where there is room. */
function idleLine() {
  const [count, names] = [make("b"), make("span.names")];
  return { line: make("p", [count, names]), count, names };
}

function showIdle({ line, count, names }, many, who) {
  putHidden(line, !who);
  put(count, many);
  put(names, `${language === "zh" ? "：" : ": "}${who}`);
  putTitle(line, `${many}${names.shown}`);
}

/* The story. */
const SIGN = {
  start: "flag", end: "flag", fault: "bolt", noticed: "bell", milestone: "flag", system_down: "cross", system_up: "ok", system: "slow", switch: "turn", data: "data",
  waiting: "stop", changing: "turn", paper: "pen", back_entry: "keys", normal: "ok", told: "phone", notice: "horn", kit: "box", box: "box", work: "work", done: "done", late: "warn",
  failed: "cross", redo: "again", wait: "clock", none: "none", decision: "scales", call: "phone", missed: "phone", way: "walk", arrived: "person", person: "person", inject: "letter",
};
const KEPT = 90; // lines of the story kept on the page

function makeStory(root, jump) {
  const list = make("ol.lines");
  const pane = make("div.pane", [list]); // stands on its head, so that it stays at its end by itself
  root.replaceChildren(heading("What happened", make("p.aside")), pane);
  let [from, until] = [0, 0];
  const line = (entry, n) => {
    const item = make("li", [make("time", [make("span", clock(entry.minute)), otherDay(entry.minute) && make("small", otherDay(entry.minute))]), icon(SIGN[entry.kind] || "none"), make("p", [make("span", words(entry.text)), entry.detail && make("small", words(entry.detail))])]);
    item.dataset.kind = entry.kind;
    item.dataset.level = entry.level;
    item.dataset.n = n;
    return item;
  };
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) jump(film.entries[Number(item.dataset.n)].minute);
  });
  const fade = () => putData(pane, "over", list.scrollHeight > pane.clientHeight + 2 ? "yes" : ""); // what is half seen at the top goes out softly
  return {
    size() { pane.scrollTop = 0; fade(); },
    update(minute) {
      const told = countUntil(film.entries, minute, (entry) => entry.minute);
      if (told === until) return;
      if (told < until || told - until > KEPT) { pane.scrollTop = 0; list.replaceChildren(); from = until = Math.max(told - KEPT, 0); }
      for (; until < told; until += 1) list.append(line(film.entries[until], until));
      for (; until - from > KEPT; from += 1) list.firstChild.remove();
      fade();
    },
    shown() { return list.lastChild ? Number(list.lastChild.dataset.n) + 1 : 0; },
  };
}
