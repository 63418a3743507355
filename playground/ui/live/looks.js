// Looks at D, as the server keeps them: a header in JSON, then arrays. Fetched and kept as frames are.

import {Frames} from "./frames.js";

const KINDS = {uint8: Uint8Array, int16: Int16Array, float32: Float32Array};

/** {...header, arrays: {name: typed array, with its `shape`}}. Bytes come as what each adds to the one before, modulo 256. */
export function unpack(bytes) {
  const end = 4 + new DataView(bytes).getUint32(0, true), header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, end - 4))), arrays = {};
  for (const [name, {kind, shape, at}] of Object.entries(header.arrays)) {
    const array = new KINDS[kind](bytes, end + at, shape.reduce((a, b) => a * b, 1));
    if (kind === "uint8") for (let i = 1; i < array.length; i++) array[i] += array[i - 1];
    arrays[name] = Object.assign(array, {shape});
  }
  return {...header, arrays};
}

export class Looks extends Frames {
  /** `hears`: ready(step, look), gone(step). */
  constructor(run, epoch, hears) {
    super(run, epoch, "looks", hears);
  }

  address(step) {
    return `/play/runs/${this.run}/looks/${step}?e=${this.epoch}`;
  }

  async decode(answer) {
    return unpack(await answer.arrayBuffer());
  }
}
