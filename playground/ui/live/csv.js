// A pasted table as points: commas, semicolons, tabs or spaces between, with or without a header. What cannot be read is refused with its line.

import {short, whole} from "./format.js";
import {LEAST, MOST, REACH} from "./packed.js";

const WIDE = 2.5, NARROW = 1;       // how far points reach once they are scaled; a smaller extent than this is enlarged
const NAMES = ["x", "y"];

export class Unreadable extends Error {}

const bare = (cell) => cell.trim().replace(/^(["'])(.*)\1$/, "$2").trim();

/** What stands between two numbers of these lines. */
function separator(lines) {
  for (const mark of ["\t", ";", ","]) if (lines.some((line) => line.includes(mark))) return mark;
  return /\s+/;
}

/** A number, or null; where commas do not separate, they are decimal commas. */
function value(cell, mark) {
  const text = bare(cell).replace("−", "-"), plain = mark === "," ? text : text.replace(",", ".");
  return plain === "" || !Number.isFinite(Number(plain)) ? null : Number(plain);
}

/** Which two columns are x and y, from the header's cells or null: [i, j], and what to say of it. */
function columns(header, wide) {
  const names = (header ?? []).map((cell) => bare(cell).toLowerCase()), found = NAMES.map((name) => names.indexOf(name));
  if (found.every((i) => i >= 0)) return [found, wide > 2 ? `Columns x and y of ${wide} are read.` : ""];
  return [[0, 1], wide > 2 ? `The first two of ${wide} columns are read.` : ""];
}

/** `text` -> {points: [[x, y], ...] within the view, said: [what was done to them, in sentences]}. Unreadable says what is wrong, and where. */
export function parse(text) {
  const lines = text.split(/\r\n|\r|\n/).map((line, i) => ({line, at: i + 1})).filter(({line}) => line.trim() && !line.trim().startsWith("#"));
  if (!lines.length) throw new Unreadable("There is nothing to read: paste lines with an x and a y each.");
  const mark = separator(lines.slice(0, 20).map(({line}) => line)), cells = ({line}) => (mark instanceof RegExp ? line.trim() : line).split(mark), [first] = lines;
  const header = cells(first).every((cell) => value(cell, mark) === null) ? cells(first) : null, rows = header ? lines.slice(1) : lines, said = [];
  if (!rows.length) throw new Unreadable(`Line ${first.at} is all there is, and it holds no numbers.`);
  const [[i, j], told] = columns(header, cells(rows[0]).length);
  said.push(header && "The header was skipped.", told);
  const points = rows.map((row) => {
    const found = cells(row);
    if (found.length <= Math.max(i, j)) throw new Unreadable(`Line ${row.at} has ${found.length === 1 ? "one value" : `${found.length} values`}; an x and a y belong there: “${row.line.trim().slice(0, 30)}”.`);
    return [i, j].map((k) => {
      const number = value(found[k], mark);
      if (number === null) throw new Unreadable(`Line ${row.at}: “${bare(found[k]).slice(0, 20)}” is not a number.`);
      return number;
    });
  });
  const kept = points.length <= MOST ? points : Array.from({length: MOST}, (_, n) => points[Math.floor(n * points.length / MOST)]);
  if (kept.length < points.length) said.push(`${whole(kept.length)} of ${whole(points.length)} lines are kept, evenly.`);
  if (new Set(kept.map(String)).size < LEAST) throw new Unreadable(`At least ${LEAST} different points are needed; there ${points.length === 1 ? "is one" : `are ${new Set(kept.map(String)).size}`}.`);
  return scaled(kept, said.filter(Boolean));
}

/** Points that fit stay where they are; others are moved and scaled, both ways alike. */
function scaled(points, said) {
  const ends = [0, 1].map((k) => [Math.min(...points.map((p) => p[k])), Math.max(...points.map((p) => p[k]))]), most = Math.max(...ends.flat().map(Math.abs)), extent = Math.max(...ends.map(([low, high]) => high - low));
  if (most <= REACH && extent >= NARROW) return {points, said};
  const middle = ends.map(([low, high]) => low / 2 + high / 2);
  const [x, y] = ends.map(([low, high]) => `${short(low)} to ${short(high)}`);
  return {points: points.map((p) => p.map((v, k) => (v - middle[k]) / extent * 2 * WIDE)), said: [...said, `Scaled into the view: x was ${x}, y was ${y}.`]};
}
