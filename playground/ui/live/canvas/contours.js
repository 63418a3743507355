// Lines of equal value over a square grid, by marching squares.

// For every kind of square, the edges that a line joins: 0 below, 1 right, 2 above, 3 left.
const LINES = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[2, 0]],
  [
    [0, 1],
    [2, 3],
  ],
  [[2, 1]],
  [[1, 3]],
  [[1, 0]],
  [[0, 3]],
  [],
];

/** Short lines as [x0, y0, x1, y1], in cells from the first one's centre; `grid` is n by n, row by row. */
export function contours(grid, n, level) {
  const lines = [];
  const cut = (a, b) => (level - a) / (b - a);
  for (let y = 0; y < n - 1; y++) {
    for (let x = 0; x < n - 1; x++) {
      const i = y * n + x;
      const a = grid[i];
      const b = grid[i + 1];
      const c = grid[i + n + 1];
      const d = grid[i + n];
      const kind = Number(a > level) | (Number(b > level) << 1) | (Number(c > level) << 2) | (Number(d > level) << 3);
      if (kind === 0 || kind === 15) continue;
      const edges = [
        () => [x + cut(a, b), y],
        () => [x + 1, y + cut(b, c)],
        () => [x + cut(d, c), y + 1],
        () => [x, y + cut(a, d)],
      ];
      for (const [from, to] of LINES[kind]) lines.push([...edges[from](), ...edges[to]()]);
    }
  }
  return lines;
}
