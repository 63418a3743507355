// Points as a run's options hold them: base64 of little-endian int16 pairs, x before y, in 4096ths; and the drawing that this browser remembers.

const UNIT = 4096, KEY = "gan-playground.drawing";
export const REACH = 3, LEAST = 3, MOST = 2000;         // how far a coordinate may lie from 0, how few and how many points there may be

/** [[x, y], ...] -> text. */
export function pack(points) {
  const bytes = new DataView(new ArrayBuffer(4 * points.length));
  points.forEach((point, i) => point.forEach((v, k) => bytes.setInt16(4 * i + 2 * k, Math.round(Math.max(-REACH, Math.min(REACH, v)) * UNIT), true)));
  return btoa(Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join(""));
}

/** Text -> [[x, y], ...]; none for what is not such a text. */
export function unpack(text) {
  try {
    const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), bytes = new DataView(raw.buffer);
    return Array.from({length: Math.floor(raw.length / 4)}, (_, i) => [bytes.getInt16(4 * i, true) / UNIT, bytes.getInt16(4 * i + 2, true) / UNIT]);
  } catch {
    return [];
  }
}

/** {points, spread} of the last drawing made here, or null. */
export function remembered() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return unpack(found.points).length >= LEAST && Number.isFinite(found.spread) ? found : null;
  } catch {
    return null;
  }
}

export const remember = (drawing) => localStorage.setItem(KEY, JSON.stringify(drawing));
