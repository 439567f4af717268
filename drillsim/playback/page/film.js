/* The film as it came, and how to read it at a minute. */
const film = JSON.parse(document.getElementById("film").textContent);
const EPS = 1e-9;
let language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

/** Our own words, by their English; {named} fields are filled from values. */
function say(english, values) {
  const pair = film.said[english];
  const text = pair ? pair[language] : english;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole)) : text;
}

/** Words of the film in the language of the page. */
const words = (pair) => (pair ? pair[language] : "");

/** The numbers of a series: differences, "0x13" for thirteen of zero. */
function readSeries(text) {
  if (text === null || text === undefined) return null;
  const values = [];
  let now = 0;
  for (const word of text.split(" ")) {
    const same = word.startsWith("0x");
    if (!same) now += Number(word);
    for (let n = same ? Number(word.slice(2)) : 1; n > 0; n -= 1) values.push(now);
  }
  return Int32Array.from(values);
}

/* The grid of the film: pieces of evenly spaced points, each with the number of points before it. */
const pieces = film.grid.reduce((found, [from, step]) => {
  const last = found[found.length - 1];
  return [...found, { from, step, before: last ? last.before + Math.ceil((from - last.from) / last.step - EPS) : 0 }];
}, []);
const pieceAt = (minute) => pieces.reduce((found, piece) => (piece.from <= minute + EPS ? piece : found), pieces[0]);
/** The index of a minute on the grid of the film. */
function gridIndex(minute, values) {
  const piece = pieceAt(minute);
  return Math.min(Math.max(piece.before + Math.floor((minute - piece.from) / piece.step + EPS), 0), values.length - 1);
}
const valueAt = (values, minute) => (values === null ? null : values[gridIndex(minute, values)]);

/** How many of the rows have a minute at or before this one; minuteOf reads it from a row. */
function countUntil(rows, minute, minuteOf) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (minuteOf(rows[middle]) <= minute + EPS) low = middle + 1;
    else high = middle;
  }
  return low;
}
const first = (row) => row[0];

/** The last turn at or before a minute; the first one before that. */
const turnAt = (turns, minute) => turns[Math.max(countUntil(turns, minute, first) - 1, 0)];

/** From when on the situation at a minute has been the same, however many departments or systems it spoke of. */
function situationSince(minute) {
  let n = Math.max(countUntil(film.situation, minute, first) - 1, 0);
  while (n > 0 && film.situation[n - 1][1] === film.situation[n][1]) n -= 1;
  return film.situation[n][0];
}

/* Words for numbers, lengths and moments. */
const number = (value) => (value === null ? "–" : String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ",").replace(/^/, value < 0 ? "−" : ""));
const signed = (value) => (value > 0 ? `+${number(value)}` : value < 0 ? number(value) : "±0");

/** The minutes from one moment to another as the clock shows them: it cuts to whole minutes. */
const passed = (from, to) => Math.floor(to + 1e-6) - Math.floor(from + 1e-6);

function duration(minutes) {
  const whole = Math.max(Math.floor(minutes + 1e-6), 0);
  const hours = Math.floor(whole / 60);
  if (!hours) return say("{minutes} min", { minutes: whole });
  return whole % 60 ? say("{h} h {minutes} min", { h: hours, minutes: whole % 60 }) : say("{h} h", { h: hours });
}

/** How long something has lasted, in the head of the page: to the minute in the first two days, in days later. */
const lasting = (minutes) => (minutes < 2880 ? duration(minutes) : brief(minutes));

/** A length that is read from afar: 47 min, 4.7 h, 2.1 days. */
function brief(minutes) {
  const whole = Math.max(Math.floor(minutes + 1e-6), 0);
  if (whole < 100) return say("{minutes} min", { minutes: whole });
  if (whole < 2880) return say("{h} h", { h: Math.floor(whole / 6) / 10 });
  return say("{n} days", { n: Math.floor(whole / 144) / 10 });
}

const START = (() => {
  const [date, time] = film.start.split("T");
  const [year, month, day] = date.split("-").map(Number);
  const [hour, minute] = time.split(":").map(Number);
  return Date.UTC(year, month - 1, day, hour, minute);
})();
const moment = (minute) => new Date(START + Math.floor(minute + 1e-6) * 60000);
const two = (n) => String(n).padStart(2, "0");
const clock = (minute) => { const d = moment(minute); return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`; };
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const day = (minute) => Math.floor((START / 60000 + Math.floor(minute + 1e-6)) / 1440);
/** The day for a line or tick that does not lie on the first one: month and day of the month. */
const otherDay = (minute) => (day(minute) === day(0) ? "" : moment(minute).toISOString().slice(5, 10));
const weekday = (minute) => say(DAYS[moment(minute).getUTCDay()]);

/* Every series read once. */
for (const place of film.places) {
  for (const key of ["waiting", "longest", "served", "duty", "pile"]) place[`${key}Values`] = readSeries(place[key]);
  place.usualValues = place.base ? readSeries(place.base.waiting) : null;
}
for (const figure of film.figures) {
  figure.values = readSeries(figure.series);
  figure.usual = readSeries(figure.base);
}

/** All minutes at which something but a series changes, so that a frame knows whether there is anything new to show. */
const turnMinutes = (() => {
  const found = film.entries.map((entry) => entry.minute);
  for (const list of [film.systems, film.places, film.people, film.steps]) {
    for (const thing of list) for (const turn of thing.turns) found.push(turn[0]);
  }
  for (const place of film.places) for (const turn of place.forms) found.push(turn[0]);
  for (const step of film.steps) for (const [from, clock, at] of step.due ? step.due.each : []) found.push(from, clock, at + 2 * EPS);
  for (const turn of film.situation) found.push(turn[0]);
  return Float64Array.from(found).sort();
})();
const change = (minute) => countUntil(turnMinutes, minute, (value) => value);

/* Where a minute stands on the scrubber: in a day by the clock; in a longer run wider where more happens, so that its first hours can be hit. */
const LONG = 1500; // minutes
const BY_CLOCK = 0.4; // the part of the scrubber that follows the clock in a long run; the rest follows the events
const knots = (() => {
  const minutes = film.horizon > LONG ? film.entries.filter((entry) => entry.level < 3).map((entry) => entry.minute) : [];
  const times = [...new Set([0, ...minutes, film.horizon])].sort((a, b) => a - b);
  const by = times.length > 2 ? BY_CLOCK : 1;
  return times.map((minute, n) => [minute, by * (minute / film.horizon) + (1 - by) * (n / (times.length - 1))]);
})();
function between(value, from, to) {
  let n = 1;
  while (n < knots.length - 1 && knots[n][from] < value) n += 1;
  const [a, b] = [knots[n - 1], knots[n]];
  return a[to] + ((value - a[from]) / (b[from] - a[from] || 1)) * (b[to] - a[to]);
}
const shareOf = (minute) => between(minute, 0, 1);
const minuteOf = (share) => between(share, 1, 0);

const LENGTHS = { min: 1, m: 1, 分: 1, 分钟: 1, h: 60, 时: 60, 小时: 60, d: 1440, 天: 1440, 日: 1440 };
const LENGTH = `(\\d+(?:\\.\\d+)?) *(${Object.keys(LENGTHS).sort((a, b) => b.length - a.length).join("|")})`;

/** The minute meant by "11:20" (of the day it is now), "03-12 11:20", "+45", "-10", "+2h", "+1d 6h" or "+13天"; null when it is none of them. */
function momentOf(text, minute) {
  const asked = text.normalize("NFKC").trim().toLowerCase();
  const steps = new RegExp(`^([+−-]) *(?:(\\d+)|((?:${LENGTH} *)+))$`).exec(asked);
  if (steps) {
    const length = steps[2] ? Number(steps[2]) : [...steps[3].matchAll(new RegExp(LENGTH, "g"))].reduce((sum, [, n, unit]) => sum + Number(n) * LENGTHS[unit], 0);
    return minute + (steps[1] === "+" ? length : -length);
  }
  const found = /^(?:(?:\d{4}-)?(\d{1,2})-(\d{1,2}) +)?(\d{1,2}):?(\d{2})$/.exec(asked);
  if (!found || Number(found[3]) > 23 || Number(found[4]) > 59) return null;
  const date = moment(minute);
  const day = found[1] ? Date.UTC(date.getUTCFullYear(), Number(found[1]) - 1, Number(found[2])) : Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return (day - START) / 60000 + Number(found[3]) * 60 + Number(found[4]);
}

/* A step at a minute. */
const CLOSED = new Set(["done", "not_applicable", "failed"]);
function stepAt(step, minute) {
  const count = countUntil(step.turns, minute, first);
  const turn = count ? step.turns[count - 1] : [0, "dormant", null, 0];
  const [, clock, due] = step.due && step.due.each.length ? turnAt(step.due.each, minute) : [0, null, null]; // the deadline in force
  let verdict = "";
  let late = 0;
  if (turn[1] === "done" && due !== null) {
    verdict = turn[3] > 0 ? "late" : "on_time";
    late = verdict === "late" ? passed(due, turn[0]) : 0;
  } else if (!CLOSED.has(turn[1]) && due !== null && minute > due) {
    verdict = "overdue";
    late = passed(due, minute);
  }
  return { state: turn[1], since: turn[0], cause: turn[2], verdict, late, clock, due, running: clock !== null && clock <= minute + EPS };
}
