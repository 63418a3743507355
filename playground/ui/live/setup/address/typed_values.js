// Values of knobs and options as text in an address, "gamma:0.7,g_loss:minimax", and back: each by its declaration.
// What is not declared, or not allowed, is named and left out.

import {parseNumber, plain} from "../../core/format.js";

const SWITCHES = {on: true, off: false};
const NEXT = /,(?=\w+:)/; // a choice may hold commas, but no name and colon behind one
const SHOWN = 24;
const SET_ID = /^[0-9a-f]{32}$/;

/** A short text in quotes, for a message: whatever an address held. */
export const quoted = (text) => `“${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}”`;

/** Whether an option is what a person drew: too long for an address. */
export const isDrawing = ({kind, name}) => kind === "text" && name === "points";

/**
 * A value by its declaration.
 * @param {Knob} knob
 * @param {string} text
 * @returns {{value?: any, wrong?: string}} the value, or what is wrong with it
 */
export function readValue({name, kind, low, high, choices, default: usual, barred}, text) {
  const read = () => {
    if (kind === "choice") return choices.includes(text) ? {value: text} : {wrong: `one of ${choices.join("; ")}`};
    if (kind === "bool") return Object.hasOwn(SWITCHES, text) ? {value: SWITCHES[text]} : {wrong: "on or off"};
    if (kind === "text") return SET_ID.test(text) ? {value: text} : {wrong: "the id of a set of images"};
    const value = parseNumber(text);
    const fits = value !== null && value >= low && value <= high && (kind !== "int" || Number.isInteger(value));
    const number = kind === "int" ? "a whole number" : "a number";
    return fits ? {value} : {wrong: `${number} between ${plain(low)} and ${plain(high)}`};
  };
  const {value, wrong} = isDrawing({kind, name}) ? {wrong: "drawn on the page"} : read();
  if (wrong) return {wrong: `${name} must be ${wrong}`};
  if (barred && value !== usual) return {wrong: `${name} must be ${plain(usual)}: ${barred}`};
  return {value};
}

/**
 * All values of one text.
 * @param {Knob[]} declared
 * @param {string} text
 * @returns {{values: Values, wrong: string[]}}
 */
export function readValues(declared, text) {
  const values = {};
  const wrong = [];
  for (const part of text ? text.split(NEXT) : []) {
    const at = part.indexOf(":");
    const name = at < 0 ? part : part.slice(0, at);
    const knob = declared.find((k) => k.name === name);
    const read = knob ? readValue(knob, part.slice(at + 1)) : {wrong: `there is no ${quoted(name)} here`};
    if (read.wrong) wrong.push(read.wrong);
    else values[name] = read.value;
  }
  return {values, wrong};
}

/** A value as `readValue` takes it; every figure of a number is kept. */
const written = (value) => (typeof value === "number" ? String(value) : plain(value));

/** Values of what is declared, drawings left out, as one text. */
export const writeValues = (declared, values) =>
  declared
    .filter((knob) => knob.name in values && !isDrawing(knob))
    .map(({name}) => `${name}:${written(values[name])}`)
    .join(",");
