// A variant's formula in MathML: knobs are coloured, long lines are wrapped, numbers can stand beneath terms.

import {h, replace} from "../core/dom.js";

const SPACE = "http://www.w3.org/1998/Math/MathML";
const stripped = (text) => text.replace(/[\s_{}^]/g, "").replaceAll("-", "−");

const CLAUSE = "<mo>,</mo><mtext>"; // what begins a condition behind a loss
const END = "</mrow></math>";

/**
 * The formula's lines for these knobs: a form applies where each of its knobs has the given value, or a value other
 * than 0 where that is `true`. What is mixed in comes on top: a knob with the given value, or with another than its
 * default where that is null, adds to the line of a player's loss, or one of its own.
 */
export function formulaLines({formula, forms = [], mixes = [], defaults = {}}, knobs = {}) {
  const form = forms.findLast(({when}) =>
    Object.entries(when).every(([name, value]) => (value === true ? Boolean(knobs[name]) : knobs[name] === value)),
  );
  const lines = [...(form?.lines ?? formula)];
  for (const {knob, value, player, line} of mixes) {
    const now = knobs[knob] ?? defaults[knob];
    if (value === null ? now === defaults[knob] : now !== value) continue;
    if (player) lines["DG".indexOf(player)] = joined(lines["DG".indexOf(player)], line);
    else lines.push(line);
  }
  return lines;
}

/** A line of MathML with a term of another in it: a clause comes last, all else before the clauses. */
function joined(line, term) {
  const added = term.slice(term.indexOf("<mrow>") + "<mrow>".length, term.lastIndexOf(END));
  const clause = added.startsWith(CLAUSE) ? -1 : line.indexOf(CLAUSE);
  const at = clause < 0 ? line.lastIndexOf(END) : clause;
  return line.slice(0, at) + added + line.slice(at);
}

/**
 * Draw `lines` of MathML into `box`; `letters` are the knobs' symbols, "λ_k"; `numbers`, [[symbol, text], ...], stand
 * under their terms. The symbols that were found.
 */
export function drawFormula(box, lines, letters, numbers = []) {
  const maths = lines.map((line) =>
    document.importNode(new DOMParser().parseFromString(line, "application/xml").documentElement, true),
  );
  for (const math of maths) colour(math, new Set(letters.map((letter) => letter.replace("_", ""))));
  const found = [...numbers]
    .sort(([a], [b]) => b.length - a.length)
    .filter(([symbol, text]) => maths.map((math) => annotate(math, stripped(symbol), text)).some(Boolean))
    .map(([symbol]) => symbol);
  replace(box, ...maths.map((math) => h("div", {}, math)));
  const available = box.clientWidth - parseFloat(getComputedStyle(box).paddingLeft);
  if (available > 40) for (const math of maths) wrapLine(math, available);
  return found;
}

/** Set `text` beneath each row of neighbours that spells `symbol`. Whether there is one. */
function annotate(math, symbol, text) {
  let found = false;
  for (const row of math.querySelectorAll("mrow")) {
    for (let from = 0; from < row.children.length; from++) {
      let spelled = "";
      let to = from;
      while (to < row.children.length && spelled.length < symbol.length)
        spelled += stripped(row.children[to++].textContent);
      const first = row.children[from];
      if (spelled !== symbol || first.localName === "munder" || first.localName === "mspace") continue;
      const base = document.createElementNS(SPACE, "mrow");
      const number = document.createElementNS(SPACE, "mtext");
      const whole = document.createElementNS(SPACE, "munder");
      const parts = [...row.children].slice(from, to);
      number.textContent = text;
      number.setAttribute("class", "live");
      first.before(whole);
      base.append(...parts);
      whole.append(base, number);
      found = true;
    }
  }
  return found;
}

function colour(math, letters) {
  for (const part of math.querySelectorAll("msub, mi")) {
    if (part.closest(".h") || (part.localName === "mi" && part.parentElement.localName === "msub")) continue;
    if (letters.has(part.textContent)) part.classList.add("h");
  }
}

/** Move what follows the last plus, minus or comma that still fits, outside all brackets, to a line of its own. */
function wrapLine(math, available) {
  const {width, left} = math.getBoundingClientRect();
  const row = math.querySelector("mrow");
  const parts = [...row.children];
  if (width <= available) return;
  let depth = 0;
  const cuts = parts.map((part, i) => {
    const text = part.textContent;
    depth += text.split("(").length - text.split(")").length;
    const sum = part.localName === "mo" && /^[+−]$/.test(text) && parts[i - 1]?.textContent !== "=";
    const clause = parts[i - 1]?.textContent === ",";
    return i > 2 && depth === 0 && (sum || clause) ? i : -1;
  });
  const at = cuts.findLast((i) => i > 0 && parts[i].getBoundingClientRect().left - left <= available) ?? -1;
  if (at < 0) return;
  const rest = math.cloneNode(false);
  const line = row.cloneNode(false);
  line.append(...parts.slice(at));
  rest.append(line);
  math.parentElement.after(h("div", {class: "on"}, rest));
  wrapLine(rest, available - 20);
}
