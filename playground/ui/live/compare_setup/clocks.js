// By what all lanes of a race advance alike, and how far.

/**
 * A clock: its title by the kind of data, the most that a budget may be, what it means, the usual budget of lanes
 * (`parts` as `laneParts` gives them, and how many samples a step of each draws), and the steps that a lane makes of a
 * budget, null where time decides.
 */
export const CLOCKS = [
  {
    id: "steps",
    title: () => "Steps",
    most: 1_000_000,
    says: "Every lane makes as many steps.",
    usual: (parts) => Math.max(...parts.map(({preset}) => preset.steps)),
    choices: [500, 1000, 2000, 5000, 10_000, 20_000],
    steps: (budget) => budget,
  },
  {
    id: "images",
    title: (kind) => (kind === "points" ? "Samples" : "Images"),
    most: 1_000_000_000,
    says: "Every lane sees as many; with a larger batch that is fewer steps.",
    usual: (parts, drawn) => Math.max(...parts.map(({preset}, i) => preset.steps * drawn[i])),
    choices: [50_000, 100_000, 200_000, 500_000, 1_000_000],
    steps: (budget, drawn) => Math.max(1, Math.round(budget / drawn)),
  },
  {
    id: "seconds",
    title: () => "Seconds",
    most: 1_000_000,
    says: "Every lane trains as long; the slower makes fewer steps.",
    usual: (parts, drawn, kind) => (kind === "points" ? 30 : 120),
    choices: [15, 30, 60, 120, 300, 600],
    steps: () => null,
  },
];

/** About how many samples a step draws: a batch for each time that D moves. */
export const samplesPerStep = ({batch, n_critic: critic, n_d: times}) => batch * (critic ?? times ?? 1);
