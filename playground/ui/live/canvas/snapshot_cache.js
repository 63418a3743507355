// A cache of snapshots of D: a JSON header, then arrays.

import {FrameCache} from "./frame_cache.js";

const KINDS = {uint8: Uint8Array, int16: Int16Array, float32: Float32Array};

/**
 * {...header, arrays: {name: typed array, with its `shape`}}. Bytes come as what each adds to the one before, modulo
 * 256.
 */
export function unpackSnapshot(bytes) {
  const end = 4 + new DataView(bytes).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, end - 4)));
  const arrays = {};
  for (const [name, {kind, shape, at}] of Object.entries(header.arrays)) {
    const array = new KINDS[kind](
      bytes,
      end + at,
      shape.reduce((a, b) => a * b, 1),
    );
    if (kind === "uint8") for (let i = 1; i < array.length; i++) array[i] += array[i - 1];
    arrays[name] = Object.assign(array, {shape});
  }
  return {...header, arrays};
}

export class SnapshotCache extends FrameCache {
  /**
   * @param {string} run
   * @param {number} epoch
   * @param {{ready: (step: number, snapshot: CriticSnapshot) => void, gone: (step: number) => void}} handlers
   * @param {number} [most] how many are kept
   */
  constructor(run, epoch, handlers, most) {
    super(run, epoch, "looks", handlers, most);
  }

  address(step) {
    return `/play/runs/${this.run}/looks/${step}?e=${this.epoch}`;
  }

  async decode(answer) {
    return unpackSnapshot(await answer.arrayBuffer());
  }
}
