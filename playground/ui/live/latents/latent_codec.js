// Latents as the server packs them: base64 of little-endian float32. They pass through the page as they are.

/** The `n` latents of one text, each as a place: {z}. */
export function splitLatents(packed, n) {
  const all = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const size = all.length / n;
  return Array.from({length: n}, (_, i) => ({z: btoa(String.fromCharCode(...all.subarray(i * size, (i + 1) * size)))}));
}
