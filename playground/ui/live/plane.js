// Points in the plane on a canvas: real ones filled and blue, fakes hollow and warm.

import {palette} from "./theme.js";

export const VIEW = 3;          // from -3 to 3
const AXES = 24, SMALL = 440;

/** `layers`: {real, fake: Float32Array of x, y pairs or null, path: [[x, y], ...] or null}. */
export function plane(canvas, side, layers) {
  const ratio = Math.min(devicePixelRatio || 1, 3), size = Math.round(side * ratio), small = side < SMALL;
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const g = canvas.getContext("2d"), pad = small ? 0 : AXES, span = side - pad;
  const X = (x) => pad + (x + VIEW) / (2 * VIEW) * span, Y = (y) => (VIEW - y) / (2 * VIEW) * span;
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, side, side);
  g.fillStyle = palette.surface;
  g.fillRect(pad, 0, span, span);
  lines(g, pad, span, X, Y);
  g.save();
  g.beginPath();
  g.rect(pad, 0, span, span);
  g.clip();
  if (layers.real) filled(g, layers.real, X, Y, small ? 1.5 : 2);
  if (layers.fake) hollow(g, layers.fake, X, Y, small ? 2.3 : 3);
  if (layers.path) path(g, layers.path, X, Y);
  g.restore();
  g.strokeStyle = palette.rule2;
  g.lineWidth = 1;
  g.strokeRect(pad + 0.5, 0.5, span - 1, span - 1);
}

function lines(g, pad, span, X, Y) {
  g.strokeStyle = palette.rule;
  g.lineWidth = 1;
  g.beginPath();
  for (let t = 1 - VIEW; t < VIEW; t++) {
    const x = Math.round(X(t)) + 0.5, y = Math.round(Y(t)) + 0.5;
    g.moveTo(x, 0);
    g.lineTo(x, span);
    g.moveTo(pad, y);
    g.lineTo(pad + span, y);
  }
  g.stroke();
  if (!pad) return;
  g.fillStyle = palette.ink3;
  g.font = `11px ${palette.sans}`;
  for (let t = -VIEW; t <= VIEW; t++) {
    const text = String(t).replace("-", "−");
    g.textBaseline = "top";
    g.textAlign = t === VIEW ? "right" : t === -VIEW ? "left" : "center";
    g.fillText(text, X(t), span + 8);
    g.textAlign = "right";
    g.textBaseline = t === VIEW ? "top" : t === -VIEW ? "bottom" : "middle";
    g.fillText(text, pad - 7, Y(t));
  }
}

function circles(g, points, X, Y, radius) {
  g.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const x = X(points[i]), y = Y(points[i + 1]);
    g.moveTo(x + radius, y);
    g.arc(x, y, radius, 0, 2 * Math.PI);
  }
}

function filled(g, points, X, Y, radius) {
  circles(g, points, X, Y, radius);
  g.globalAlpha = 0.6;
  g.fillStyle = palette.real;
  g.fill();
  g.globalAlpha = 1;
}

/** Each ring stands on a pale edge, so that it reads over blue and over other rings. */
function hollow(g, points, X, Y, radius) {
  circles(g, points, X, Y, radius);
  g.globalAlpha = 0.7;
  g.strokeStyle = palette.surface;
  g.lineWidth = 3;
  g.stroke();
  g.globalAlpha = 1;
  g.strokeStyle = palette.fake;
  g.lineWidth = 1.35;
  g.stroke();
}

/** Where G puts the way between two latents: a thread with beads, from a filled end to a ringed one. */
function path(g, points, X, Y) {
  const at = points.map(([x, y]) => [X(x), Y(y)]);
  const stroke = (colour, width) => {
    g.beginPath();
    at.forEach(([x, y], i) => g[i ? "lineTo" : "moveTo"](x, y));
    Object.assign(g, {strokeStyle: colour, lineWidth: width, lineJoin: "round"});
    g.stroke();
  };
  stroke(palette.surface, 5);
  stroke(palette.ink, 1.75);
  at.forEach(([x, y], i) => {
    g.beginPath();
    g.arc(x, y, i === 0 || i === at.length - 1 ? 6 : 3.5, 0, 2 * Math.PI);
    g.fillStyle = i === 0 ? palette.ink : palette.surface;
    g.fill();
    Object.assign(g, {strokeStyle: palette.ink, lineWidth: 1.75});
    g.stroke();
  });
}
