/* The player: the clock, the transport, the inject's card, the keys, and the small door for tests. */
const SPEEDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600];
const VIEWS = ["", "places", "systems", "plan", "team", "story"];
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const narrow = window.matchMedia("(max-width: 1180px)"); // as in the style sheet
const now = { minute: film.opens_at, playing: false, speed: Number(document.documentElement.dataset.speed) || 60, stopAtInject: false, card: null, revealed: false, last: 0, handle: 0, put: -1 };
const frameTimes = [];
let panels = [];
let parts = {};
let seen = -1;

/* Showing a minute. */
function show(minute, force) {
  now.minute = Math.min(Math.max(minute, 0), film.horizon);
  const mark = Math.floor(now.minute + EPS) * 1e6 + change(now.minute);
  if (force || mark !== seen) {
    seen = mark;
    for (const panel of panels) panel.update(now.minute);
    showHead();
  }
  if (force || !still.matches || mark !== now.traced) {
    now.traced = mark;
    for (const panel of panels) if (panel.trace) panel.trace(now.minute);
  }
  showTransport();
}

function showHead() {
  const [, key, sentence] = turnAt(film.situation, now.minute);
  const box = byId("now");
  if (box.dataset.key !== key) announce(words(sentence));
  putData(box, "key", key);
  putIcon(box.querySelector("svg"), { calm: "ok", failed: "bolt", planned: "clock", detected: "bell", declared: "flag", working: "flag", again: "cross", slow: "slow", ordered: "pen", restored: "ok", on_paper: "pen", typing: "keys", cleared: "ok", ended: "flag", ended_typing: "keys" }[key]);
  put(byId("situation"), words(sentence));
  putData(byId("situation"), "long", words(sentence).length > 40 ? "yes" : "");
  put(byId("since"), key === "calm" ? "" : say("for {length}", { length: lasting(passed(situationSince(now.minute), now.minute)) }));
  putData(box, "silent", film.failed === null && film.situation.length === 1 ? "yes" : ""); // nothing ever happens that it could tell
  put(byId("clock"), clock(now.minute));
  put(byId("date"), `${weekday(now.minute)} ${moment(now.minute).toISOString().slice(0, 10)}`);
  const failed = film.failed;
  const [before, since] = film.planned ? ["before the planned stop", "{length} since the planned stop"] : ["before the failure", "{length} since the failure"];
  const after = failed === null || now.minute < failed ? say(before) : say(since, { length: lasting(passed(failed, now.minute)) });
  put(byId("after"), failed === null ? "" : after);
}

function announce(text) { byId("live").textContent = `${clock(now.minute)} ${text}`; }

/* Moving. */
function seek(minute) {
  closeCard();
  now.put = -1;
  show(minute);
}

/** To a minute that is an event: like seek, but an inject that is delivered there is put up. */
function step(minute, play) {
  if (!play) pause();
  seek(minute);
  const entry = film.entries[countUntil(film.entries, now.minute, (e) => e.minute) - 1];
  if (entry) announce(words(entry.text));
  const inject = film.injects.findIndex((i) => Math.abs(i.minute - now.minute) < 1e-6);
  if (inject >= 0) openCard(inject);
}

const nextEvent = () => { const e = film.entries.find((x) => x.level < 3 && x.minute > now.minute + 1e-6); return e ? e.minute : film.horizon; };
const before = (rows) => rows.filter((x) => x.minute < now.minute - 1e-6).pop();
const previousEvent = () => { const e = before(film.entries.filter((x) => x.level < 3)); return e ? e.minute : 0; };
/** The inject that follows the one put up at the same minute, if there is one: no question is passed over. */
const besides = (by) => { const beside = now.card === null ? null : film.injects[now.card + by]; return beside && beside.minute === film.injects[now.card].minute ? now.card + by : null; };
const nextInject = () => film.injects.find((x) => x.minute > now.minute + 1e-6);
const previousInject = () => before(film.injects);

function play() {
  closeCard();
  if (now.minute >= film.horizon) return;
  now.playing = true;
  now.last = performance.now();
  showTransport();
  cancelAnimationFrame(now.handle); // one that was asked for before a pause, and has not come yet
  now.handle = requestAnimationFrame(frame);
}

function pause() {
  now.playing = false;
  cancelAnimationFrame(now.handle);
  showTransport();
}

function frame(time) {
  if (!now.playing) return;
  const begun = performance.now();
  const passed = Math.min(Math.max(time - now.last, 0), 250);
  now.last = time;
  advance((passed / 60000) * now.speed);
  frameTimes.push(performance.now() - begun);
  if (frameTimes.length > 3600) frameTimes.shift();
  if (now.playing) now.handle = requestAnimationFrame(frame);
}

/** So many minutes on, but not past an inject that stops the clock, nor past the end; one at this very minute counts while it has not been put up. */
function advance(minutes) {
  const to = Math.min(now.minute + minutes, film.horizon);
  const stop = film.injects.findIndex((i, n) => i.minute >= now.minute && n > now.put && i.minute <= to && (i.question || now.stopAtInject));
  const from = now.minute;
  const { key } = byId("now").dataset;
  if (stop < 0) {
    show(to);
    const told = film.entries.filter((e) => e.level === 1 && e.kind !== "inject" && e.minute > from + EPS && e.minute <= to + EPS);
    const head = byId("now").dataset.key === key ? [] : [byId("situation").textContent];
    if (told.length) announce([...head, ...told.map((e) => words(e.text))].join(". "));
    if (to >= film.horizon) pause();
    return;
  }
  pause();
  now.stopAtInject = false;
  show(film.injects[stop].minute);
  openCard(stop);
}

function faster(by) {
  const nearest = SPEEDS.reduce((best, speed) => (Math.abs(speed - now.speed) < Math.abs(best - now.speed) ? speed : best));
  const place = SPEEDS.indexOf(nearest) + by;
  now.speed = SPEEDS[Math.min(Math.max(place, 0), SPEEDS.length - 1)];
  showTransport();
}

/* The inject's card. */
function openCard(n) {
  if (now.card === null) now.before = document.activeElement;
  now.card = now.put = n;
  now.revealed = false;
  drawCard();
  const inject = film.injects[n];
  announce([words(inject.text), words(inject.question)].join(" "));
}

function drawCard() {
  const inject = film.injects[now.card];
  const card = byId("card");
  const head = [say("Inject"), clock(inject.minute), say("for {who}", { who: words(inject.to) }), inject.channel ? say("by {channel}", { channel: words(inject.channel) }) : ""].filter(Boolean).join(" · ");
  const title = make("p.kind", [icon("letter"), make("span", head)]);
  title.id = "card-title";
  const lines = (list) => make("ul", list.map((line) => make("li", words(line))));
  const plan = [...(inject.answer ? [make("p.said", words(inject.answer))] : []), ...(inject.plan.length ? [lines(inject.plan)] : [])];
  const answer = make("div.answer", [
    plan.length ? make("div.says", [make("h3", say("What the plan says")), ...plan]) : null,
    inject.happened.length ? make("div.run", [make("h3", say("What happened in this run")), lines(inject.happened)]) : null,
  ]);
  answer.hidden = !now.revealed;
  const go = button(say("Go on"), "Space", () => toggle());
  const reveal = button(now.revealed ? say("Hide the answer") : say("Show the answer"), "R", () => revealAnswer());
  card.replaceChildren(title, inject.title ? make("h2", words(inject.title)) : "", make("blockquote", words(inject.text)), inject.question ? make("p.question", words(inject.question)) : "", answer, make("div.buttons", [answer.childElementCount ? reveal : null, go, make("span.down", `↓ ${say("Scroll")}`)]));
  card.hidden = false;
  card.tabIndex = -1;
  card.scrollTop = 0;
  document.body.dataset.card = "open";
  if (document.activeElement.id !== "goto-field") card.focus({ preventScroll: true }); // so that Tab goes to its buttons
  fitCard();
}

const SMALLER = [1, 0.94, 0.88, 0.82, 0.76, 0.72]; // how small a card may be written, so that all of it is seen

function fitCard() {
  const card = byId("card");
  for (const size of SMALLER) {
    card.style.setProperty("--s", size);
    if (card.scrollHeight <= card.clientHeight + 1) break;
  }
  moreBelow();
}

/** Whether a card goes on below what is seen of it. */
function moreBelow() {
  const card = byId("card");
  putData(card, "more", card.scrollTop + card.clientHeight < card.scrollHeight - 2 ? "yes" : "");
}

function revealAnswer() {
  if (now.card === null) return;
  now.revealed = !now.revealed;
  drawCard();
  const { answer, plan, happened } = film.injects[now.card];
  if (now.revealed) announce([...(answer ? [answer] : []), ...plan, ...happened].map(words).join(" "));
}

function closeCard() {
  const within = byId("card").contains(document.activeElement);
  now.card = null;
  byId("card").hidden = true;
  byId("help").hidden = true;
  closeTime();
  delete document.body.dataset.card;
  if (within && now.before && now.before.isConnected) now.before.focus({ preventScroll: true });
}

function toggle() {
  if (now.playing) return pause();
  const beside = besides(1);
  return beside === null ? play() : openCard(beside);
}

/* The transport. */
function button(words_, key, action, sign) {
  const element = make("button", [sign ? icon(sign) : null, make("span.text", words_), make("kbd", key)]);
  element.type = "button";
  element.title = `${words_} (${key})`;
  element.setAttribute("aria-keyshortcuts", key);
  element.addEventListener("click", () => { action(); element.blur(); });
  return element;
}

function makeTransport(root) {
  const range = make("input.range");
  Object.assign(range, { type: "range", min: 0, max: film.horizon, step: "any" });
  range.setAttribute("aria-label", say("Time of the exercise"));
  range.addEventListener("input", () => seek(minuteOf(Number(range.value) / film.horizon)));
  const marks = make("div.marks");
  const share = (minute) => `${(shareOf(minute) * 100).toFixed(3)}%`;
  const flags = markGroups().map((group) => {
    const flag = make("button.mark", [icon(SIGN[group.entries[0].kind]), group.entries.length > 1 ? make("b", String(group.entries.length)) : null]);
    flag.type = "button";
    flag.tabIndex = -1;
    flag.style.left = share(group.minute);
    flag.dataset.mark = group.mark;
    flag.dataset.row = String(group.row);
    flag.title = group.entries.map((entry) => `${clock(entry.minute)} ${words(entry.text)}`).join("\n");
    flag.setAttribute("aria-label", flag.title);
    flag.addEventListener("click", () => { step(group.minute); flag.blur(); });
    marks.append(flag);
    return { flag, minute: group.minute };
  });
  root.dataset.rows = String(1 + Math.max(0, ...flags.map(({ flag }) => Number(flag.dataset.row))));
  const ticks = make("div.ticks", tickMinutes().map((m) => {
    const label = make("span", clock(m) === "00:00" ? moment(m).toISOString().slice(5, 10) : clock(m));
    label.style.left = share(m);
    if (clock(m) === "00:00") label.className = "day";
    return label;
  }));
  const go = button("", "Space", toggle, "play");
  go.classList.add("go");
  const speed = make("output.speed");
  const arm = button(say("Stop at the next inject"), "S", armStop, "stopat");
  const others = {
    home: button(say("To the start"), "Home", () => seek(0), "home"),
    back: button(say("Previous event"), "P", () => step(previousEvent()), "prev"),
    event: button(say("Next event"), "N", ACTIONS.n, "next"),
    inject: button(say("Next inject"), "I", () => jumpInject(1), "letter"),
    slower: button(say("Slower"), "[", () => faster(-1)),
    faster: button(say("Faster"), "]", () => faster(1)),
    language: button(language === "zh" ? "English" : "中文", "L", switchLanguage),
    theme: button(say("Light or dark"), "T", switchTheme, "light"),
    full: button(say("Full screen"), "F", fullScreen, "full"),
    jump: button(say("Go to a time"), "G", askTime, "clock"),
    help: button(say("Keys"), "?", help),
  };
  others.slower.querySelector(".text").textContent = "−";
  others.faster.querySelector(".text").textContent = "+";
  others.help.querySelector(".text").textContent = "?";
  for (const quiet of ["slower", "faster", "help"]) others[quiet].classList.add("small");
  for (const quiet of ["home", "theme", "full"]) others[quiet].classList.add("signed");
  putHidden(others.inject, !film.injects.length);
  putHidden(arm, !film.injects.length);
  root.replaceChildren(
    make("div.track", [range, marks, ticks]),
    make("div.keys", [
      make("div.group", [others.home, others.back, go, others.event, others.inject]),
      make("div.group.pace", [others.slower, speed, others.faster]),
      make("div.group", [arm, others.jump]),
      make("div.group.right", [others.language, others.theme, others.full, others.help]),
    ]),
  );
  parts = { range, flags, go, speed, arm };
}

/** Where the scrubber says what time it is: days first, then hours where there is room between them. */
function tickMinutes() {
  const found = [];
  for (const every of [10080, 1440, 720, 360, 180, 60, 30, 10]) {
    if (film.horizon / every > 400) continue;
    const after = Math.round(START / 60000) % every;
    for (let m = every - after; m < film.horizon; m += every) {
      if (shareOf(m) < 0.015 || shareOf(m) > 0.985) continue;
      if (found.every((other) => Math.abs(shareOf(m) - shareOf(other)) >= 0.055)) found.push(m);
    }
  }
  return found.sort((a, b) => a - b);
}

const APART = 0.0165; // of the scrubber: marks nearer than this would cover one another
const TOGETHER = 0.002; // marks nearer than this cannot be told apart

/** The marks of the scrubber: those of one kind at one place are one mark with their number, others that would hide one another stand in up to three rows. */
function markGroups() {
  const groups = [];
  const last = [null, null, null]; // in each row
  for (const entry of film.entries.filter((one) => one.mark)) {
    const at = shareOf(entry.minute);
    const near = last.filter((group) => group && at - group.at < APART);
    const same = near.filter((group) => group.mark === entry.mark);
    let row = last.findIndex((group) => !group || at - group.at >= APART);
    const joined = row < 0 ? same[0] || null : same.find((group) => at - group.at < TOGETHER);
    if (joined) { joined.entries.push(entry); continue; }
    if (row < 0) row = last.indexOf(putTogether(near, groups));
    const group = { minute: entry.minute, mark: entry.mark, at, row, entries: [entry] };
    last[row] = group;
    groups.push(group);
  }
  return groups;
}

/** The mark whose place becomes free where three stand: it goes to one of its kind, or under the one that comes. */
function putTogether(near, groups) {
  const order = [...near].sort((a, b) => a.minute - b.minute);
  const later = order.find((group, n) => order.slice(0, n).some((other) => other.mark === group.mark));
  if (!later) return order[0];
  order.find((group) => group.mark === later.mark).entries.push(...later.entries);
  groups.splice(groups.indexOf(later), 1);
  return later;
}

function showTransport() {
  const { range, flags, go, speed, arm } = parts;
  const share = shareOf(now.minute);
  range.value = share * film.horizon;
  range.style.setProperty("--share", `${(share * 100).toFixed(3)}%`);
  const text = clock(now.minute);
  if (range.shown !== text) { range.shown = text; range.setAttribute("aria-valuetext", text); }
  for (const { flag, minute } of flags) putData(flag, "passed", minute <= now.minute + EPS ? "yes" : "");
  putIcon(go.firstChild, now.playing ? "pause" : "play");
  const word = now.playing ? say("Pause") : say("Play");
  put(go.querySelector(".text"), word);
  putTitle(go, `${word} (Space)`);
  put(speed, say("{n}×", { n: now.speed }));
  arm.setAttribute("aria-pressed", String(now.stopAtInject));
}

/* Going to a time that is typed. */
function askTime() {
  const box = byId("goto");
  if (!box.hidden) return closeTime();
  const field = make("input");
  Object.assign(field, { type: "text", autocomplete: "off", spellcheck: false, maxLength: 16, placeholder: clock(now.minute) });
  const title = make("label", say("Go to a time"));
  field.id = "goto-field";
  title.htmlFor = field.id;
  const hint = make("p", say("11:20; +45 for 45 minutes on, +2h, +13d; on another day 03-12 11:20"));
  hint.setAttribute("role", "status");
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") closeTime();
    else if (event.key === "Enter") goTo(field, hint);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  box.replaceChildren(title, field, hint, make("div.buttons", [button(say("Go on"), "Enter", () => goTo(field, hint)), button(say("Close what is open"), "Esc", closeTime)]));
  box.hidden = false;
  field.focus();
}

function goTo(field, hint) {
  const minute = momentOf(field.value, now.minute);
  if (minute !== null && minute >= 0 && minute <= film.horizon) {
    closeTime();
    seek(minute);
    return;
  }
  const ends = [0, film.horizon].map((m) => `${otherDay(m)} ${clock(m)}`.trim());
  put(hint, say("“{text}” is not a time from {first} to {last}", { text: field.value, first: ends[0], last: ends[1] }));
  field.setAttribute("aria-invalid", "true");
  field.select();
}

function closeTime() {
  byId("goto").hidden = true;
  byId("goto").replaceChildren();
}

function armStop() {
  now.stopAtInject = !now.stopAtInject;
  showTransport();
}

function jumpInject(direction) {
  const beside = besides(direction);
  if (beside !== null) return openCard(beside);
  const inject = direction > 0 ? nextInject() : previousInject();
  return inject ? step(inject.minute) : null;
}

function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  byId("live").textContent = "";
  build();
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  readColours();
  show(now.minute, true);
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}

function setView(name) {
  document.body.dataset.view = document.body.dataset.view === name ? "" : name;
  resize();
}

const KEYS = [
  ["Space", "Play or pause; go on after an inject"], ["← →", "One minute back or on (with Shift: ten)"], ["↑ ↓", "Scroll"], ["N  P", "Next event, previous event"], ["I  Shift+I", "Next inject, previous inject"],
  ["G", "Go to a time"], ["S", "Stop at the next inject, whether or not it asks a question"], ["R", "Show or hide the answer"], ["[  ]", "Slower, faster"], ["Home  End", "To the start, to the end"],
  ["1 … 5", "Departments, systems, plan, team or story alone; again for the whole board"], ["L", "English or Chinese"], ["T", "Light or dark"], ["F", "Full screen"], ["Esc", "Close what is open"],
];

function help() {
  const box = byId("help");
  const was = box.hidden;
  const title = make("h2", say("Keys"));
  title.id = "help-title";
  box.replaceChildren(title, make("dl", KEYS.flatMap(([keys, what]) => [make("dt", keys.split("  ").map((k) => make("kbd", k))), make("dd", say(what))])));
  box.hidden = !was;
}

const ACTIONS = {
  " ": toggle, n: () => (besides(1) === null ? step(nextEvent()) : openCard(besides(1))), p: () => step(previousEvent()), i: () => jumpInject(1), I: () => jumpInject(-1), r: revealAnswer, s: armStop, g: askTime, l: switchLanguage, t: switchTheme, f: fullScreen,
  "?": help, "？": help, "[": () => faster(-1), "]": () => faster(1), "【": () => faster(-1), "】": () => faster(1), Home: () => seek(0), End: () => { pause(); seek(film.horizon); },
  Escape: () => (now.card !== null || !byId("help").hidden || !byId("goto").hidden ? closeCard() : setView(document.body.dataset.view)),
  ArrowLeft: (e) => seek(now.minute - (e.shiftKey ? 10 : 1)), ArrowRight: (e) => seek(now.minute + (e.shiftKey ? 10 : 1)),
  ArrowUp: () => scroll(-1), ArrowDown: () => scroll(1), PageUp: () => scroll(-3), PageDown: () => scroll(3),
  ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [String(n), () => setView(VIEWS[n])])), 0: () => setView(document.body.dataset.view),
};

/** Scroll what is too long for the screen: a card, the systems, the plan or the story alone, or the whole board on a narrow screen. */
function scroll(direction) {
  const open = [...document.querySelectorAll(".card")].find((card) => !card.hidden);
  const long = open ? `#${open.id}` : { systems: ".troubles", plan: ".gantt", story: ".pane" }[document.body.dataset.view] || "main";
  document.querySelector(long).scrollBy({ top: direction * 120, behavior: still.matches ? "auto" : "smooth" });
}

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.id === "goto-field") return;
  const onButton = event.target instanceof HTMLButtonElement && (event.key === "Enter" || event.key === " ");
  const action = ACTIONS[event.key] || (event.shiftKey ? null : ACTIONS[event.key.toLowerCase()]);
  if (!action || onButton) return;
  event.preventDefault();
  action(event);
}

/* Beginning. */
/** The story stands beside the board; where tiles would then be too small to be read, below it, and the departments have the whole width. */
function arrange() {
  const story = byId("story");
  const place = (below) => {
    putData(byId("board"), "story", below ? "below" : "");
    if (below && story.parentElement !== byId("row")) byId("row").append(story);
    if (!below && story.parentElement !== byId("board")) document.querySelector(".wide").after(story);
  };
  place(false);
  if (!document.body.dataset.view && !narrow.matches && film.places.length && !panels[1].roomy()) place(true);
}

function resize() {
  readColours();
  arrange();
  if (now.card !== null) fitCard();
  show(now.minute, true); // what is written decides how much room is left
  for (const panel of panels) panel.size();
  show(now.minute, true);
}

function build() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `${words(film.title)} · ${language === "zh" ? "演练" : "EXERCISE"}`;
  put(byId("title"), words(film.title));
  putData(byId("title"), "long", words(film.title).length > (language === "zh" ? 24 : 44) ? "yes" : "");
  put(byId("where"), `${words(film.hospital)} · ${words(film.plan)}`);
  makeTransport(byId("transport"));
  panels = [makeFigures(byId("figures")), makePlaces(byId("places")), makePlan(byId("plan")), makeSystems(byId("systems")), makeTeam(byId("team")), makeStory(byId("story"), seek)];
  putHidden(byId("row"), [...byId("row").children].every((panel) => panel.hidden));
  if (now.card !== null) drawCard();
  closeTime();
  if (!byId("help").hidden) { byId("help").hidden = true; help(); }
  resize();
}

function fromAddress() {
  const wishes = new URLSearchParams(location.hash.slice(1));
  if (["en", "zh"].includes(wishes.get("lang"))) language = wishes.get("lang");
  if (["light", "dark"].includes(wishes.get("theme"))) document.documentElement.dataset.theme = wishes.get("theme");
  if (VIEWS.includes(wishes.get("view"))) document.body.dataset.view = wishes.get("view");
  if (wishes.get("minute")) now.minute = Number(wishes.get("minute")) || 0;
}

window.drillsim = {
  film,
  frameTimes,
  seek: (minute) => { seek(minute); return now.minute; },
  play,
  pause,
  state: () => ({ minute: now.minute, playing: now.playing, speed: now.speed, card: now.card === null ? null : film.injects[now.card].id, revealed: now.revealed, language, view: document.body.dataset.view || "", stopAtInject: now.stopAtInject }),
  board() {
    const [figures, places, plan, systems, team, story] = panels.map((panel) => panel.shown());
    return { minute: now.minute, clock: byId("clock").textContent, situation: byId("now").dataset.key, told: story, places, systems, people: team, steps: plan, figures };
  },
};

fromAddress();
build();
window.addEventListener("resize", resize);
byId("card").addEventListener("scroll", moreBelow);
const fitted = new ResizeObserver(() => requestAnimationFrame(resize)); // a longer sentence in the head leaves less room for the board
for (const id of ["board", "figures"]) fitted.observe(byId(id));
window.addEventListener("keydown", press);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", resize);
