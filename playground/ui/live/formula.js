// A variant's formula: MathML of our own catalogue, the letters that are knobs in plum, broken where the column ends; numbers beneath its terms, where there are any.

import {h, replace} from "./dom.js";

const SPACE = "http://www.w3.org/1998/Math/MathML";
const bare = (text) => text.replace(/[\s_{}]/g, "").replaceAll("-", "−");

/** Draw `lines` of MathML into `box`; `letters` are the knobs' symbols, "λ_k"; `numbers`, [[symbol, text], ...], stand under their terms. The symbols that were found. */
export function formula(box, lines, letters, numbers = []) {
  const maths = lines.map((line) => document.importNode(new DOMParser().parseFromString(line, "application/xml").documentElement, true));
  for (const math of maths) colour(math, new Set(letters.map((letter) => letter.replace("_", ""))));
  const found = [...numbers].sort(([a], [b]) => b.length - a.length).filter(([symbol, text]) => maths.map((math) => under(math, bare(symbol), text)).some(Boolean)).map(([symbol]) => symbol);
  replace(box, ...maths.map((math) => h("div", {}, math)));
  const room = box.clientWidth - parseFloat(getComputedStyle(box).paddingLeft);
  if (room > 40) for (const math of maths) fold(math, room);
  return found;
}

/** Set `text` beneath each row of neighbours that spells `symbol`. Whether there is one. */
function under(math, symbol, text) {
  let found = false;
  for (const row of math.querySelectorAll("mrow")) {
    for (let from = 0; from < row.children.length; from++) {
      let spelt = "", to = from;
      while (to < row.children.length && spelt.length < symbol.length) spelt += bare(row.children[to++].textContent);
      const first = row.children[from];
      if (spelt !== symbol || first.localName === "munder" || first.localName === "mspace") continue;
      const base = document.createElementNS(SPACE, "mrow"), number = document.createElementNS(SPACE, "mtext"), whole = document.createElementNS(SPACE, "munder");
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
function fold(math, room) {
  const {width, left} = math.getBoundingClientRect(), row = math.querySelector("mrow"), parts = [...row.children];
  if (width <= room) return;
  let depth = 0;
  const cuts = parts.map((part, i) => {
    const text = part.textContent;
    depth += text.split("(").length - text.split(")").length;
    const sum = part.localName === "mo" && /^[+−]$/.test(text) && parts[i - 1]?.textContent !== "=", clause = parts[i - 1]?.textContent === ",";
    return i > 2 && depth === 0 && (sum || clause) ? i : -1;
  });
  const at = cuts.findLast((i) => i > 0 && parts[i].getBoundingClientRect().left - left <= room) ?? -1;
  if (at < 0) return;
  const rest = math.cloneNode(false), line = row.cloneNode(false);
  line.append(...parts.slice(at));
  rest.append(line);
  math.parentElement.after(h("div", {class: "on"}, rest));
  fold(rest, room - 20);
}
