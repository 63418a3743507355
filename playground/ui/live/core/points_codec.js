// Points as text: base64 of little-endian int16 pairs, x before y, in units of 1/4096; and the drawing that this
// browser keeps.

const UNIT = 4096;
const KEY = "gan-playground.drawing";
export const EXTENT = 3;
export const MIN_POINTS = 3;
export const MAX_POINTS = 2000; // how far a coordinate may lie from 0, how few and how many points there may be

/** [[x, y], ...] -> text. */
export function pack(points) {
  const bytes = new DataView(new ArrayBuffer(4 * points.length));
  points.forEach((point, i) =>
    point.forEach((v, k) =>
      bytes.setInt16(4 * i + 2 * k, Math.round(Math.max(-EXTENT, Math.min(EXTENT, v)) * UNIT), true),
    ),
  );
  return btoa(Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join(""));
}

/** Text -> [[x, y], ...]; [] if the text cannot be read. */
export function unpack(text) {
  try {
    const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const bytes = new DataView(raw.buffer);
    return Array.from({length: Math.floor(raw.length / 4)}, (_, i) => [
      bytes.getInt16(4 * i, true) / UNIT,
      bytes.getInt16(4 * i + 2, true) / UNIT,
    ]);
  } catch {
    return [];
  }
}

/** {points, spread} of the last drawing made here, or null. */
export function rememberedDrawing() {
  try {
    const drawing = JSON.parse(localStorage.getItem(KEY));
    return unpack(drawing.points).length >= MIN_POINTS && Number.isFinite(drawing.spread) ? drawing : null;
  } catch {
    return null;
  }
}

export const rememberDrawing = (drawing) => localStorage.setItem(KEY, JSON.stringify(drawing));
