// The colour bar of a landscape, with its levels.

import {RAMP} from "./cividis.js";
import {h, replace, setText, symbol} from "../core/dom.js";
import {short, tick} from "../core/format.js";
import {toUnit, fromUnit} from "./score_landscape.js";

const MAX_TICKS = 7;
const MIN_GAP = 0.055; // ticks at most; how near to another one may stand, as a share of the bar

/**
 * Scores to name: 1, 2 and 5 of every decade on a scale of logarithms; even steps on others, and where a scale has
 * hardly one of those. -> {named, apart: null but for even steps}
 */
export function scaleTicks({range: [low, high], scale}) {
  const candidates = [];
  const inRange = () => candidates.filter((v) => v >= low && v <= high);
  if (scale === "log")
    for (let e = Math.floor(Math.log10(low)); 10 ** e <= high; e++)
      for (const m of [1, 2, 5]) candidates.push(m * 10 ** e);
  if (inRange().length > 2) return {values: inRange(), spacing: null};
  const target = (high - low) / 5;
  const size = 10 ** Math.floor(Math.log10(target));
  const step = size * [1, 2, 5, 10].find((m) => m * size >= target);
  return {
    values: Array.from({length: Math.floor(high / step) - Math.ceil(low / step) + 1}, (_, k) =>
      Number(((Math.ceil(low / step) + k) * step).toPrecision(6)),
    ),
    spacing: step,
  };
}

export class ColourBar {
  constructor() {
    this.low = h("span");
    this.high = h("span");
    this.ramp = h("canvas", {width: 256, height: 1, "aria-hidden": "true"});
    this.ticks = h("div", {class: "ticks", "aria-hidden": "true"});
    this.element = h(
      "div",
      {class: "colourbar", hidden: true, "data-testid": "colour-bar"},
      this.low,
      h("div", {class: "ramp"}, this.ramp, this.ticks),
      this.high,
    );
  }

  draw(snapshot) {
    this.element.hidden = !snapshot;
    if (!snapshot) return;
    const {rising} = snapshot;
    const at = (value) => (rising ? toUnit(snapshot, value) : 1 - toUnit(snapshot, value));
    const letter = snapshot.unit === "energy" ? "U" : snapshot.rising ? "L" : "D";
    const key = JSON.stringify([
      snapshot.range.map((v) => v.toPrecision(2)),
      snapshot.levels.map(({value}) => value.toPrecision(2)),
      rising,
      snapshot.scale,
    ]);
    if (key === this.key) return;
    this.key = key;
    const image = new ImageData(RAMP, 256, 1);
    this.ramp.getContext("2d").putImageData(image, 0, 0);
    replace(this.low, symbol(letter), rising ? " low" : " high");
    setText(this.high, rising ? "high" : "low");
    const levels = snapshot.levels.filter(
      ({past, value}) => !past && toUnit(snapshot, value) >= 0 && toUnit(snapshot, value) <= 1,
    );
    const {values: all, spacing} = scaleTicks(snapshot);
    let lastShare = -1;
    const ticks = all.filter((value) => {
      const share = Math.abs(at(value));
      if (Math.abs(share - lastShare) < Math.max(MIN_GAP, 1 / (MAX_TICKS + 1))) return false;
      lastShare = share;
      return true;
    });
    replace(
      this.ticks,
      ...ticks.map((value) =>
        h("span", {style: `left:${(100 * at(value)).toFixed(1)}%`}, spacing ? tick(value, spacing) : short(value, 1)),
      ),
      ...levels.map(({value, name}) =>
        h("b", {style: `left:${(100 * at(value)).toFixed(1)}%`, title: `${name}: ${short(value)}`}),
      ),
    );
  }
}

/** The range in words, for screen readers. */
export const rangeInWords = (snapshot) => `${short(fromUnit(snapshot, 0), 2)} to ${short(fromUnit(snapshot, 1), 2)}`;
