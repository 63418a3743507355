// About how long a race will take: the sum of its runs, each asked of the server once.

import {ConnectionLost} from "../core/api.js";
import {duration} from "../core/format.js";
import {samplesPerStep} from "./clocks.js";
import {laneKnobs, laneSpec} from "./lanes.js";

const PROBE_STEPS = 1000; // the time of a step hangs on no budget

/** "4 lanes of 3 seeds, 12 runs". */
export const countedLanes = (lanes, seeds) =>
  `${lanes} lanes${seeds > 1 ? ` of ${seeds} seeds, ${lanes * seeds} runs` : ""}`;

export class RaceEstimate {
  /** @param {Api} api */
  constructor(api) {
    this.api = api;
    this.perStep = new Map();
    this.turn = 0;
  }

  /**
   * "4 lanes, 4 runs, about 40 s", or what the server refuses about one of them.
   * @returns {Promise<{text?: string, error?: any, lane?: number} | null>} null when it is asked again meanwhile
   */
  async of(catalogue, {lanes, data, size, options, seeds, clock, budget}) {
    const turn = (this.turn += 1);
    const counted = countedLanes(lanes.length, seeds.length);
    let seconds = 0;
    for (const [i, lane] of lanes.entries()) {
      const steps = clock.steps(budget, samplesPerStep(laneKnobs(catalogue, lane, data)));
      const rate = await this.secondsPerStep(laneSpec(catalogue, lane, {data, size, options}, PROBE_STEPS));
      if (turn !== this.turn) return null;
      if (rate instanceof Error) return {error: rate, lane: i};
      seconds += (steps == null ? budget : steps * rate) * seeds.length;
    }
    return {text: Number.isFinite(seconds) ? `${counted}: about ${duration(seconds)}` : counted};
  }

  async secondsPerStep(spec) {
    const key = JSON.stringify(spec);
    if (this.perStep.has(key)) return this.perStep.get(key);
    try {
      const {seconds} = await this.api.estimate({spec});
      this.perStep.set(key, seconds / spec.steps);
      return seconds / spec.steps;
    } catch (error) {
      if (error instanceof ConnectionLost) return NaN;
      if (!error.field) throw error;
      return error;
    }
  }
}
