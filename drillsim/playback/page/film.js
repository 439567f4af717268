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

/** The index of a minute on the grid of the film. */
const gridIndex = (minute, values) => Math.min(Math.max(Math.floor(minute / film.grid + EPS), 0), values.length - 1);
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

/* Words for numbers, lengths and moments. */
const number = (value) => (value === null ? "–" : String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ",").replace(/^/, value < 0 ? "−" : ""));
const signed = (value) => (value > 0 ? `+${number(value)}` : value < 0 ? number(value) : "±0");

function duration(minutes) {
  const whole = Math.max(Math.floor(minutes + 1e-6), 0);
  const hours = Math.floor(whole / 60);
  if (!hours) return say("{minutes} min", { minutes: whole });
  return whole % 60 ? say("{h} h {minutes} min", { h: hours, minutes: whole % 60 }) : say("{h} h", { h: hours });
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
  for (const step of film.steps) if (step.due && step.due.at !== null) found.push(step.due.clock, step.due.at + 2 * EPS);
  for (const turn of film.situation) found.push(turn[0]);
  return Float64Array.from(found).sort();
})();
const change = (minute) => countUntil(turnMinutes, minute, (value) => value);

/* A step at a minute. */
const CLOSED = new Set(["done", "not_applicable", "failed"]);
function stepAt(step, minute) {
  const count = countUntil(step.turns, minute, first);
  const turn = count ? step.turns[count - 1] : [0, "dormant", null, 0];
  const due = step.due ? step.due.at : null;
  let verdict = "";
  let late = 0;
  if (turn[1] === "done" && due !== null) {
    verdict = turn[3] > 0 ? "late" : "on_time";
    late = turn[3];
  } else if (!CLOSED.has(turn[1]) && due !== null && minute > due) {
    verdict = "overdue";
    late = minute - due;
  }
  return { state: turn[1], since: turn[0], cause: turn[2], verdict, late, due, running: step.due !== null && step.due.clock !== null && step.due.clock <= minute + EPS };
}
