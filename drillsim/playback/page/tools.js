/* Small tools for building and drawing the page. */
const byId = (id) => document.getElementById(id);

/** An element: make("p.note", "text") or make("div.tile", [children]). */
function make(what, content) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  if (Array.isArray(content)) element.append(...content.filter(Boolean));
  else if (content !== undefined) element.textContent = content;
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}
/** Change what is shown only when it differs: reading is cheap, writing makes the browser lay out anew. */
function put(element, text) {
  if (element.shown !== text) { element.shown = text; element.textContent = text; }
}
function putIcon(svg, name) {
  if (svg.shown !== name) { svg.shown = name; svg.firstChild.setAttribute("href", `#i-${name}`); }
}
function putData(element, key, value) {
  if (element.dataset[key] !== value) element.dataset[key] = value;
}
function putTitle(element, text) {
  if (element.title !== text) element.title = text;
}
function putHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}
/** A panel's title, what it says in short at the right, and between them what its signs mean, as many as there is room for. */
function heading(english, aside, signs) {
  return make("div.heading", [make("h2", say(english)), signs, aside]);
}

/* Colours of the theme, read again when it changes. */
let colour = {};
let fontOf = "sans-serif";
function readColours() {
  const style = getComputedStyle(document.documentElement);
  colour = {};
  for (const name of ["ink", "muted", "faint", "rule", "ok", "stop", "turn", "pen", "keys", "work", "late", "sheet", "panel"]) {
    colour[name] = style.getPropertyValue(`--${name}`).trim();
  }
  fontOf = getComputedStyle(document.body).fontFamily;
}

/** A canvas that fills its element sharply; size() must be called before drawing whenever the layout may have changed. */
function surface(className) {
  const canvas = make(`canvas.${className}`);
  canvas.setAttribute("aria-hidden", "true");
  const pen = canvas.getContext("2d");
  let width = 0;
  let height = 0;
  return {
    canvas,
    pen,
    get width() { return width; },
    get height() { return height; },
    size() {
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      width = canvas.clientWidth;
      height = canvas.clientHeight;
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    },
    clear() { pen.clearRect(0, 0, width, height); },
  };
}

/** Curves of the last `span` minutes: the area of the day, and a broken line for the day without the fault. */
function drawTrace(area, minute, span, values, usual, top, tone) {
  const { pen, width, height } = area;
  area.clear();
  if (!width || minute < 0) return;
  const from = minute - span;
  const x = (m) => ((m - from) / span) * width;
  const y = (v) => height - 1 - (Math.min(v, top) / top) * (height - 3);
  const step = Math.max(pieceAt(minute).step, span / 90);
  const curve = (series, until) => {
    let m = Math.max(Math.ceil(from / step) * step, 0);
    pen.moveTo(x(Math.max(from, 0)), y(valueAt(series, Math.max(from, 0))));
    for (; m <= until; m += step) pen.lineTo(x(m), y(valueAt(series, m)));
    pen.lineTo(x(until), y(valueAt(series, until)));
  };
  pen.beginPath();
  curve(values, minute);
  pen.lineTo(x(minute), height);
  pen.lineTo(x(Math.max(from, 0)), height);
  pen.closePath();
  pen.globalAlpha = 0.16;
  pen.fillStyle = tone;
  pen.fill();
  pen.globalAlpha = 1;
  pen.beginPath();
  curve(values, minute);
  pen.lineWidth = 1.6;
  pen.strokeStyle = tone;
  pen.stroke();
  if (usual) {
    pen.beginPath();
    curve(usual, minute);
    pen.setLineDash([3, 3]);
    pen.lineWidth = 1.2;
    pen.strokeStyle = colour.muted;
    pen.stroke();
    pen.setLineDash([]);
  }
}
