/* The hospital: figures of patients and data, departments as tiles, systems as a graph. */
const MODE = {
  normal: { words: "Normal", icon: "ok", tone: "ok" },
  waiting: { words: "Standing still", icon: "stop", tone: "stop" },
  changing: { words: "Changing over", icon: "turn", tone: "turn" },
  paper: { words: "On paper", icon: "pen", tone: "pen" },
  back_entry: { words: "Typing in", icon: "keys", tone: "keys" },
  closed: { words: "Closed", icon: "moon", tone: "muted" },
};
const STATE = {
  up: { words: "Working", icon: "ok" },
  slow: { words: "Slow", icon: "slow" },
  read_only: { words: "Read only", icon: "eye" },
  restoring: { words: "Starting", icon: "start" },
  isolated: { words: "Isolated", icon: "cut" },
  down: { words: "Down", icon: "cross" },
};
const AWAY = new Set(["down", "isolated", "restoring"]);
const TRACE = 90; // minutes of the past shown in a tile

function makeFigures(root) {
  root.replaceChildren();
  putHidden(root, !film.figures.length);
  const parts = film.figures.map((figure) => {
    const value = make("span.value");
    const difference = make("b");
    const note = make("small");
    const aside = make("span.aside", [difference, note]);
    const trace = surface("trace");
    const box = make("div.figure", [make("p.name", words(figure.title)), make("p.line", [value, aside]), trace.canvas]);
    box.dataset.id = figure.id;
    box.title = `${words(figure.title)}\n${say("broken line: the same day without the fault")}`;
    root.append(box);
    const top = Math.max(1, ...figure.values, ...(figure.usual || []));
    return { figure, value, difference, note, trace, box, top };
  });
  return {
    size() {
      fitNames(parts.map(({ box }) => box.firstChild));
      for (const part of parts) part.trace.size();
    },
    update(minute) {
      for (const { figure, value, difference, note, box } of parts) {
        const now = valueAt(figure.values, minute);
        const usual = valueAt(figure.usual, minute);
        const more = usual === null ? 0 : now - usual;
        put(value, number(now));
        put(difference, more ? signed(more) : "");
        put(note, usual === null ? "" : more ? say("vs. no fault") : say("as without the fault"));
        const signs = value.textContent.length + Math.max(difference.textContent.length, 3);
        putData(box, "long", signs > 12 ? "very" : signs > 7 ? "yes" : "");
        putData(box, "tone", !more || !figure.bad ? "" : more * figure.bad > 0 ? "bad" : "good");
        putData(box, "value", String(now));
        putData(box, "usual", usual === null ? "" : String(usual));
      }
    },
    trace(minute) {
      for (const { figure, trace, top, box } of parts) {
        drawTrace(trace, minute, 240, figure.values, figure.usual, top, box.dataset.tone === "bad" ? colour.late : colour.work);
      }
    },
    shown() {
      return Object.fromEntries(parts.map(({ figure, value, box }) => {
        const now = Number(value.textContent.replace("−", "-").replace(/,/g, ""));
        return [figure.id, [now, box.dataset.usual === "" ? null : Number(box.dataset.usual)]];
      }));
    },
  };
}

/* Departments. */
const heaped = Math.max(1, ...film.places.flatMap((place) => (place.pileValues ? Array.from(place.pileValues) : [])));
const SHEETS = 22;
const sheetsOf = (items) => (items > 0 ? Math.max(1, Math.ceil((items / heaped) * SHEETS)) : 0);

function makeTile(place) {
  const parts = {
    icon: icon("ok"), mode: make("span.mode"), since: make("span.since"), waiting: make("span.waiting"), length: make("span"),
    duty: make("span.count"), pile: make("span.count"), forms: make("span.forms", [icon("box"), make("span.unseen", say("No forms left")), make("span.none", "0")]), trace: surface("trace"), heap: make("div.heap"),
  };
  const staff = make("p.duty", [icon("person"), parts.duty, make("span.unseen", ` ${say("on duty")}`)]);
  staff.title = [say("on duty"), ...place.staff.map(words)].join("\n");
  parts.forms.title = say("No forms left");
  parts.forms.querySelector(".none").setAttribute("aria-hidden", "true");
  const paper = make("p.paper", [icon("pen"), parts.pile, make("span.unseen", ` ${say("on paper, not typed in")}`)]);
  paper.title = say("on paper, not typed in");
  parts.longest = make("p.longest", [icon("clock"), make("span.unseen", `${say("longest wait")} `), parts.length]);
  parts.longest.title = say("longest wait");
  const what = say(place.of === "orders" ? "orders" : "waiting");
  const unit = make("span.unit", what);
  unit.setAttribute("aria-hidden", "true"); // it is not seen where there is no room, but always said
  const queue = make("p.queue", [parts.waiting, make("span.unseen", ` ${what}`), unit]);
  const name = make("h3", words(place.title));
  const tile = make("article.tile", [
    make("div.band", [parts.icon, parts.heap]),
    make("div.body", [name, make("p.state", [parts.mode, parts.since, parts.forms]), queue, paper, parts.longest, staff, parts.trace.canvas]),
  ]);
  tile.title = words(place.title);
  tile.dataset.id = place.id;
  const busiest = Math.max(4, ...place.waitingValues, ...(place.usualValues || []));
  return { place, tile, name, staff, paper, queue, unit, busiest, unitWide: 0.4 + what.length * (language === "zh" ? 1.15 : 0.68), ...parts };
}

function makePlaces(root) {
  const summary = make("p.aside");
  const grid = make("div.tiles");
  const signs = make("p.signs", [
    [make("b", "12"), "waiting"], [icon("clock"), "longest wait"], [icon("person"), "on duty"], [icon("pen"), "on paper, not typed in"], [icon("box"), "No forms left", "0 "], [make("i.usual"), "same day without the fault"],
  ].map(([sign, what, before]) => make("span", [sign, make("span", `${before || ""}${say(what)}`)])));
  root.replaceChildren(heading("Departments", summary, signs), grid);
  putHidden(root, !film.places.length);
  const tiles = film.places.map(makeTile);
  let shape = TALL;
  grid.append(...tiles.map((t) => t.tile));
  for (const t of tiles) {
    putHidden(t.staff, t.place.duty === null);
    putHidden(t.queue, !t.place.waitingValues.some((value) => value) && !t.place.servedValues.some((value) => value));
  }
  return {
    /** Whether tiles with everything on them are large enough to be read. */
    roomy: () => fitTiles(grid, tiles.length, TALL).u >= DENSE,
    size() {
      let fit = fitTiles(grid, tiles.length, TALL);
      const dense = fit.u < DENSE;
      if (dense) fit = fitTiles(grid, tiles.length, FLAT);
      const narrowed = dense ? fitTiles(grid, tiles.length, NARROW) : fit;
      const below = narrowed.u > fit.u * 1.1;
      if (below) fit = narrowed;
      shape = dense ? (below ? NARROW : FLAT) : TALL;
      putData(grid, "dense", dense ? (below ? "narrow" : "flat") : "");
      grid.style.setProperty("--u", `${fit.u.toFixed(2)}px`);
      grid.style.setProperty("--columns", fit.columns);
      nameTiles(tiles);
      for (const t of tiles) {
        t.room = t.tile.clientWidth / fit.u - EDGES;
        t.most = t.name.dataset.long !== "two" ? Infinity : shape === NARROW ? NUMBERS.small : NUMBERS.middle; // two lines of a name leave less height
        t.trace.size();
      }
    },
    update(minute) {
      const count = {};
      for (const t of tiles) {
        updateTile(t, minute, shape);
        count[t.tile.dataset.mode] = (count[t.tile.dataset.mode] || 0) + 1;
      }
      put(summary, Object.keys(MODE).filter((mode) => count[mode]).map((mode) => `${count[mode]} ${say(MODE[mode].words)}`).join(" · "));
    },
    trace(minute) {
      for (const t of tiles) {
        if (!t.queue.hidden) drawTrace(t.trace, minute, TRACE, t.place.waitingValues, t.place.usualValues, t.busiest, colour[MODE[t.tile.dataset.mode].tone]);
      }
    },
    shown() {
      const read = (element) => Number(element.textContent.replace(/\D/g, ""));
      return Object.fromEntries(tiles.map((t) => [t.place.id, {
        mode: t.tile.dataset.mode,
        words: t.mode.textContent,
        waiting: read(t.waiting),
        longest: t.longest.minutes,
        duty: t.place.duty === null ? null : read(t.duty),
        pile: t.place.pile === null ? null : read(t.pile),
      }]));
    },
  };
}

function updateTile(t, minute, shape) {
  const { place } = t;
  const [since, mode] = turnAt(place.turns, minute);
  const kind = MODE[mode];
  putData(t.tile, "mode", mode);
  putIcon(t.icon, kind.icon);
  put(t.mode, say(kind.words));
  put(t.since, mode === "normal" ? "" : brief(passed(since, minute)));
  const longest = valueAt(place.longestValues, minute);
  const waiting = valueAt(place.waitingValues, minute);
  put(t.waiting, number(waiting));
  t.longest.minutes = longest;
  putData(t.longest, "none", longest >= 1 ? "" : "yes");
  put(t.length, brief(longest));
  putData(t.longest, "long", longest >= 30 ? "yes" : "");
  put(t.duty, number(valueAt(place.dutyValues, minute)));
  putData(t.tile, "full", longest >= 1 && footWide(t.length.textContent, t.duty.textContent) > t.room ? "yes" : "");
  const pile = valueAt(place.pileValues, minute) || 0;
  put(t.pile, number(pile));
  putData(t.tile, "paper", pile > 0 ? "yes" : "");
  const beside = Math.max(pile > 0 ? shape.sheet + t.pile.textContent.length * 0.8 : 0, shape === FLAT && longest >= 1 ? wideOf(t.length.textContent) : 0);
  const [size, wide] = sizeOf(t.waiting.textContent, beside, t.room, t.most);
  putData(t.waiting, "size", size);
  putHidden(t.unit, wide + t.unitWide + beside > t.room);
  const sheets = sheetsOf(pile);
  if (t.sheets !== sheets) { t.sheets = sheets; t.heap.style.setProperty("--sheets", sheets); }
  const forms = place.forms.length && place.forms[0][0] <= minute ? turnAt(place.forms, minute)[1] : 1;
  putHidden(t.forms, forms > 0);
  putHidden(t.since, forms === 0);
}

const DENSE = 11; // below this unit in px a tile has no room for its curve and its staff
const TALL = { wide: 12.8, high: 8, sheet: 2 }; // the least of a tile with everything on it, in its unit …
const FLAT = { wide: 12.4, high: 5.85, sheet: 2 }; // … of one with the least that must be seen, the longest wait beside the number …
const NARROW = { wide: 10.6, high: 6.9, sheet: 0.2 }; // … and with the wait below it; sheet: what stands before the number of sheets on paper
const EDGES = 3.1; // what band and edges take of its width
const NUMBERS = { "": 1.78, large: 1.52, middle: 1.28, small: 1.07, least: 0.87 }; // the width of a digit of those who wait, in each size

/** How large the number of those who wait may be beside what stands at its right, so that neither covers the other, and its width then; in the unit of a tile. `most`: the widest digit that the height lets it have. */
function sizeOf(waiting, beside, room, most) {
  const digits = waiting.replace(/,/g, "").length + (waiting.includes(",") ? 0.5 : 0);
  const [size, wide] = Object.entries(NUMBERS).find(([, each]) => each <= most && digits * each + beside <= room) || ["least", NUMBERS.least];
  return [size, digits * wide];
}

/** About how wide a length is behind its sign, in the unit of a tile: signs of a Chinese word are square. */
const wideOf = (text) => 1.7 + [...text].reduce((sum, sign) => sum + (sign > "\u2e80" ? 1.1 : sign === " " ? 0.37 : 0.71), 0);

/** How wide the longest wait and the people on duty are beside each other, with their signs, in the unit of a tile: measured as bold as they may become. */
const footWide = (wait, duty) => 1.12 * (2 * 1.2 + inkWide(wait) + inkWide(duty) + 0.35);
const measured = new Map();
const ruler = document.createElement("canvas").getContext("2d");
function inkWide(text) {
  const key = `${fontOf}${text}`;
  if (!measured.has(key)) {
    ruler.font = `700 100px ${fontOf}`;
    measured.set(key, ruler.measureText(text).width / 100);
  }
  return measured.get(key);
}

/** Whether the words of an element are wider than it is, by parts of a pixel too. */
function tooWide(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().width > element.getBoundingClientRect().width + 0.01;
}

/** A name that is too long for one line is set somewhat smaller, then smaller still, in two lines if need be. */
function fitNames(names) {
  let left = names;
  for (const size of ["", "some"]) {
    for (const name of left) putData(name, "long", size);
    const long = left.map(tooWide);
    left = left.filter((_, n) => long[n]);
  }
  for (const name of left) putData(name, "long", "yes");
  const high = left.map((name) => name.clientHeight > 1.6 * parseFloat(getComputedStyle(name).fontSize));
  left.filter((_, n) => high[n]).forEach((name) => putData(name, "long", "two"));
}

/** Departments by their titles where these fit on one line, else by their short names. */
function nameTiles(tiles) {
  for (const t of tiles) { put(t.name, words(t.place.title)); putData(t.name, "long", ""); }
  const long = tiles.filter(({ name, place }) => place.short && tooWide(name));
  for (const t of long) put(t.name, words(t.place.short));
  fitNames(tiles.map((t) => t.name));
}

/** As many columns as make tiles of a shape largest: their number, and the unit that all sizes in a tile follow. */
function fitTiles(grid, count, shape) {
  const gap = 8;
  const [width, height] = [grid.clientWidth, grid.clientHeight];
  let best = { u: 0, columns: 1 };
  for (let columns = 1; columns <= Math.max(count, 1); columns += 1) {
    const rows = Math.ceil(count / columns);
    const w = (width - gap * (columns - 1)) / columns;
    const h = (height - gap * (rows - 1)) / rows;
    const u = Math.min(w / shape.wide, h / shape.high);
    if (u > best.u) best = { u, columns };
  }
  return { u: Math.max(Math.min(best.u, 26), 6), columns: best.columns };
}

/* Systems. */
const SMALL = 10.5; // below this unit in px the names in the drawing cannot be read: signs only, and a list beside it

function makeSystems(root) {
  const summary = make("p.aside");
  const net = make("div.net");
  const list = make("ul.troubles");
  const more = make("p.more");
  const lines = document.createElementNS(SVG, "svg");
  lines.setAttribute("class", "ties");
  lines.setAttribute("aria-hidden", "true");
  const nodes = film.systems.map((system) => makeNode(system, list));
  const ties = film.edges.map(([up, down]) => {
    const path = document.createElementNS(SVG, "path");
    lines.append(path);
    return { path, up, down };
  });
  const well = make("li.well", [icon("ok"), make("span", say("Every system works"))]);
  list.append(well);
  net.append(lines, ...nodes.map((n) => n.node));
  root.replaceChildren(heading("Systems", summary), make("div.drawing", [net, make("div.named", [list, more])]));
  putHidden(root, !film.systems.length);
  list.addEventListener("scroll", () => countCut(list, more));
  const columns = [...new Set(film.systems.map((s) => s.x))].map((x) => film.systems.filter((s) => s.x === x).length);
  const rows = Math.max(1, ...columns);
  return {
    size() {
      putData(root, "small", "");
      const fits = () => Math.min(net.clientWidth / columns.length / 9.4, net.clientHeight / rows / 4.2, 20);
      if (fits() < SMALL) putData(root, "small", "yes");
      layNodes(net, lines, nodes, ties, columns.length, rows, fits());
      nameNodes(net, nodes);
      const alone = document.body.dataset.view === "systems";
      for (const { system, called } of nodes) put(called, words((!alone && system.short) || system.title));
      list.told = "";
    },
    update(minute) {
      const states = nodes.map((node) => showNode(node, minute));
      const away = states.filter((state) => AWAY.has(state)).length;
      for (const { path, up, down } of ties) {
        const tone = AWAY.has(states[up]) ? (AWAY.has(states[down]) ? "away" : "held") : "";
        if (path.shown !== tone) { path.shown = tone; path.setAttribute("class", tone); }
      }
      putHidden(well, states.some((state) => state !== "up"));
      put(summary, away ? say("{n} of {all} give no service", { n: away, all: nodes.length }) : say("all {all} give service", { all: nodes.length }));
      putData(root, "tone", away ? "bad" : "");
      const told = nodes.map(({ line }) => (line.hidden ? "" : `${line.dataset.own}${line.textContent}`)).join(); // what is written decides where lines break
      if (list.told !== told) { list.told = told; cutTroubles(list, more); }
    },
    shown() { return Object.fromEntries(nodes.map(({ system, node }) => [system.id, node.dataset.state])); },
  };
}

/** Systems by their titles where these fit on two lines of whole words, else by their short names; a word that is too wide even then is set smaller. */
function nameNodes(net, nodes) {
  putData(net, "measured", "yes"); // as bold as they may become
  const over = ({ name }) => name.scrollWidth > name.clientWidth || name.scrollHeight > name.clientHeight + 1;
  for (const { name, system } of nodes) { put(name, words(system.title)); name.style.fontSize = ""; }
  const long = nodes.filter((node) => node.system.short && over(node));
  for (const { name, system } of long) put(name, words(system.short));
  const wide = nodes.filter(({ name }) => name.scrollWidth > name.clientWidth).map(({ name }) => [name, Math.max(name.clientWidth / name.scrollWidth, 0.75)]);
  for (const [name, share] of wide) name.style.fontSize = `${(share * 0.98).toFixed(3)}em`;
  putData(net, "measured", "");
}

/** Of a list that is too long only whole lines are seen, and below it how many more there are. */
function cutTroubles(list, more) {
  putHidden(more, true);
  putHidden(more, list.scrollHeight <= list.clientHeight + 1); // its own line takes room from the list
  countCut(list, more);
}

function countCut(list, more) {
  const foot = list.getBoundingClientRect().bottom + 1;
  const lines = [...list.children].filter((line) => !line.hidden);
  const cut = lines.map((line) => !more.hidden && line.getBoundingClientRect().bottom > foot);
  lines.forEach((line, n) => putData(line, "cut", cut[n] ? "yes" : ""));
  const left = cut.filter(Boolean).length;
  put(more, left ? say("and {n} more", { n: left }) : "");
}

/** A system in the drawing, and its line in the list of what does not work. */
function makeNode(system, list) {
  const sign = icon("ok");
  const stands = make("span.word"); // left out of a small box where sign and colour say it too
  const lasts = make("span");
  const state = make("span.state", [stands, lasts]);
  const name = make("span.name", words(system.title));
  const node = make("div.node", [sign, make("div", [name, state])]);
  node.dataset.id = system.id;
  const title = words(system.title) + (system.rto ? ` · ${say("to be back within {length}", { length: duration(system.rto) })}` : "");
  const mark = icon("ok");
  const word = make("span.word"); // left out where there is no room: the sign says it too
  const length = make("span");
  const called = make("b");
  const line = make("li", [mark, called, make("span.state", [word, length])]);
  line.title = title;
  list.append(line);
  return { system, node, name, sign, stands, lasts, line, mark, called, word, length };
}

function showNode({ system, node, sign, stands, lasts, line, mark, word, length }, minute) {
  const [since, now, factor, due] = turnAt(system.turns, minute);
  putData(node, "state", now);
  putIcon(sign, STATE[now].icon);
  const slower = now === "slow" && factor >= 1.05 ? ` ×${Math.round(factor * 10) / 10}` : "";
  const lasting = brief(passed(since, minute));
  putTitle(node, `${line.title}\n${say(STATE[now].words)}${now === "up" ? "" : ` ${slower.trim() || lasting}`}`);
  put(stands, now === "up" ? "" : `${say(STATE[now].words)} `);
  put(lasts, now === "up" ? "" : now === "down" ? lasting : slower.trim());
  const over = AWAY.has(now) && system.rto !== null && minute - since > system.rto ? "yes" : "";
  putData(node, "over", over);
  putHidden(line, now === "up");
  putIcon(mark, STATE[now].icon);
  put(word, now === "down" || now === "up" ? "" : `${say(STATE[now].words)} `);
  put(length, slower.trim() || lasting);
  putData(line, "own", due ? "" : "yes");
  putData(line, "state", now);
  putData(line, "over", over);
  return now;
}

function layNodes(net, lines, nodes, ties, columns, rows, unit) {
  const [width, height] = [net.clientWidth, net.clientHeight];
  const small = unit < SMALL;
  const wide = small ? Math.min(width / columns - 6, height / rows - 5, 30) : (width / columns) * 0.92;
  putData(net, "tight", wide < unit * 10.5 ? "yes" : "");
  net.style.setProperty("--u", `${Math.max(unit, 5).toFixed(2)}px`);
  net.style.setProperty("--wide", `${wide.toFixed(1)}px`);
  net.style.setProperty("--high", `${(small ? wide : Math.min((height / rows) * 0.84, unit * 5)).toFixed(1)}px`);
  lines.setAttribute("viewBox", `0 0 ${Math.max(width, 1)} ${Math.max(height, 1)}`);
  for (const { node, system } of nodes) {
    node.style.left = `${system.x * width}px`;
    node.style.top = `${system.y * height}px`;
  }
  for (const { path, up, down } of ties) path.setAttribute("d", bend(film.systems[up], film.systems[down], width, height, wide / 2));
}

/** A line from the right edge of one node to the left edge of another, leaving and arriving level. */
function bend(up, down, width, height, half) {
  const sideways = Math.abs(up.x - down.x) < 1e-6;
  const [x1, y1, x2, y2] = [up.x * width + half, up.y * height, down.x * width - half, down.y * height];
  if (sideways) return `M${x1 - 4} ${y1}C${x1 + half * 0.4} ${y1} ${x1 + half * 0.4} ${y2} ${x1 - 4} ${y2}`;
  const reach = Math.max((x2 - x1) / 2, half * 0.3);
  return `M${x1} ${y1}C${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2} ${y2}`;
}
