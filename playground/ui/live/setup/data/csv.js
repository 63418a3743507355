// Reads a pasted table as points: separated by commas, semicolons, tabs or spaces, with or without a header. Errors
// name the line.

import {short, whole} from "../../core/format.js";
import {MIN_POINTS, MAX_POINTS, EXTENT} from "../../core/points_codec.js";

const SCALED_EXTENT = 2.5;
const MIN_EXTENT = 1; // how far points reach once they are scaled; a smaller extent than this is enlarged
const NAMES = ["x", "y"];

export class Unreadable extends Error {}

const unquoted = (cell) =>
  cell
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2")
    .trim();

/** The delimiter of these lines. */
function findDelimiter(lines) {
  for (const delimiter of ["\t", ";", ","]) if (lines.some((line) => line.includes(delimiter))) return delimiter;
  return /\s+/;
}

/** A number, or null. Unless commas are the delimiter, they are decimal commas. */
function parseCell(cell, delimiter) {
  const text = unquoted(cell).replace("−", "-");
  const plain = delimiter === "," ? text : text.replace(",", ".");
  return plain === "" || !Number.isFinite(Number(plain)) ? null : Number(plain);
}

/** The columns of x and y, [i, j], and a note about them. */
function columns(header, count) {
  const names = (header ?? []).map((cell) => unquoted(cell).toLowerCase());
  const found = NAMES.map((name) => names.indexOf(name));
  if (found.every((i) => i >= 0)) return [found, count > 2 ? `Columns x and y of ${count} are read.` : ""];
  return [[0, 1], count > 2 ? `The first two of ${count} columns are read.` : ""];
}

/**
 * `text` -> {points: [[x, y], ...] within the view, notes: [what was changed]}. Throws Unreadable with what is wrong,
 * and where.
 */
export function parse(text) {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line, i) => ({line, at: i + 1}))
    .filter(({line}) => line.trim() && !line.trim().startsWith("#"));
  if (!lines.length) throw new Unreadable("There is nothing to read: paste lines with an x and a y each.");
  const delimiter = findDelimiter(lines.slice(0, 20).map(({line}) => line));
  const cells = ({line}) => (delimiter instanceof RegExp ? line.trim() : line).split(delimiter);
  const [first] = lines;
  const header = cells(first).every((cell) => parseCell(cell, delimiter) === null) ? cells(first) : null;
  const rows = header ? lines.slice(1) : lines;
  const notes = [];
  if (!rows.length) throw new Unreadable(`Line ${first.at} is all there is, and it holds no numbers.`);
  const [[i, j], columnNote] = columns(header, cells(rows[0]).length);
  notes.push(header && "The header was skipped.", columnNote);
  const points = rows.map((row) => {
    const found = cells(row);
    if (found.length <= Math.max(i, j))
      throw new Unreadable(
        `Line ${row.at} has ${found.length === 1 ? "one value" : `${found.length} values`}; an x and a y belong ` +
          `there: “${row.line.trim().slice(0, 30)}”.`,
      );
    return [i, j].map((k) => {
      const number = parseCell(found[k], delimiter);
      if (number === null)
        throw new Unreadable(`Line ${row.at}: “${unquoted(found[k]).slice(0, 20)}” is not a number.`);
      return number;
    });
  });
  const kept =
    points.length <= MAX_POINTS
      ? points
      : Array.from({length: MAX_POINTS}, (_, n) => points[Math.floor((n * points.length) / MAX_POINTS)]);
  if (kept.length < points.length)
    notes.push(`${whole(kept.length)} of ${whole(points.length)} lines are kept, evenly.`);
  if (new Set(kept.map(String)).size < MIN_POINTS)
    throw new Unreadable(
      `At least ${MIN_POINTS} different points are needed; there ` +
        `${points.length === 1 ? "is one" : `are ${new Set(kept.map(String)).size}`}.`,
    );
  return scaleToView(kept, notes.filter(Boolean));
}

/** Moves and scales points that do not fit, both axes alike. */
function scaleToView(points, notes) {
  const ranges = [0, 1].map((k) => [Math.min(...points.map((p) => p[k])), Math.max(...points.map((p) => p[k]))]);
  const most = Math.max(...ranges.flat().map(Math.abs));
  const extent = Math.max(...ranges.map(([low, high]) => high - low));
  if (most <= EXTENT && extent >= MIN_EXTENT) return {points, notes};
  const middle = ranges.map(([low, high]) => low / 2 + high / 2);
  const [x, y] = ranges.map(([low, high]) => `${short(low)} to ${short(high)}`);
  return {
    points: points.map((p) => p.map((v, k) => ((v - middle[k]) / extent) * 2 * SCALED_EXTENT)),
    notes: [...notes, `Scaled into the view: x was ${x}, y was ${y}.`],
  };
}
