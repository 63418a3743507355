// The main shapes of the page, as types for JSDoc comments: what the server sends, and what the page's parts expect of
// each other. Nothing of this file is loaded by a browser.

/** The server's functions by name. A refusal is thrown as `Refused`, a lost connection as `ConnectionLost`. */
type Api = Record<string, (message?: object) => Promise<any>>;

type Kind = "points" | "images";
type Point = number[];
/** Values of knobs or options by name. */
type Values = Record<string, any>;

// What the server declares

/** A hyperparameter, or an option of a data set. */
interface Knob {
  name: string;
  title: string;
  symbol: string;
  help: string;
  kind: "float" | "int" | "bool" | "choice" | "text";
  default: any;
  low?: number;
  high?: number;
  log?: boolean;
  choices?: string[];
  /** whether a change acts on a run that trains */
  live: boolean;
  /** whether it is one of the few that matter most */
  basic?: boolean;
  /** whether it puts into a game what is not its paper's */
  mixed?: boolean;
  /** what low and high values do */
  effects?: [string, string];
  /** why its default is its only value in this variant */
  barred?: string;
  /** what it is an option of */
  of?: string;
}

/** A number that a run logs, or a measure of its samples. */
interface Scalar {
  unit: string;
  help: string;
  symbol?: string;
  /** a target: a number, or the name of a knob */
  line?: number | string;
  /** bounds that a good run stays in; a pair is [knob, scalar or "median", factor] */
  healthy?: any[];
}

interface Variant {
  id: string;
  title: string;
  family: string;
  summary: string;
  formula: string[];
  forms?: {when: Values; lines: string[]}[];
  paper: {title: string; authors: string; year: number; url: string};
  good: string;
  bad: string;
  /** warnings by data set */
  warns?: Record<string, string>;
  larger_is?: string;
  /** what data must provide for it: "labels", "images", ... */
  needs: string[];
  /** what it can do beside learning: "latent", "conditional" (samples of a class that is asked for), "coder" (with
   * codes of its own), "reconstructor", "classifier", "encoder" (a latent for every sample) */
  capabilities: string[];
  /** the largest values that its paper uses, by knob */
  paper_range: Record<string, number>;
  knobs: Record<Kind, Knob[]>;
  scalars: Record<string, Scalar>;
  /** settings by data set and preset */
  presets: Record<string, Record<string, {knobs: Values; steps: number; size: number}>>;
}

interface Dataset {
  id: string;
  title: string;
  kind: Kind;
  group: string;
  help: string;
  licence: string;
  needs: string;
  /** what there is beside the samples, and "images" where these are such, in the words of a variant's `needs` */
  provides: string[];
  samples: number;
  modes: number;
  /** the names of its labels, [] without */
  classes: string[];
  /** whether all samples are one point */
  single: boolean;
  sizes: number[];
  options: Knob[];
  thumb: string;
  points: Point[];
}

/** A lane of a race that is set up; knobs are those that are not the preset's. */
interface RaceLane {
  variant: string;
  preset?: string;
  knobs?: Values;
}

interface Catalogue {
  variants: Variant[];
  /** suggested races; `data`: the set that one is made for */
  races: {id: string; title: string; look: string; data?: string; lanes: RaceLane[]}[];
  data: Dataset[];
  measures: Record<string, Scalar>;
  /** the numbers of a game on data that are one point */
  point: Record<string, Scalar>;
  limits: {steps: number; seconds: number | null; running: number};
  budgets: number[];
  first: {variant: string; data: string; preset: string; seed: number};
  machine: {cores: number; device: string; workers: number};
  me: User;
  /** the recorded run, null without one */
  recorded: string | null;
  notice: string;
  /** the address of Plotly's script */
  plotly: string;
}

interface User {
  name: string;
  signed_in: boolean;
  sign_in: string;
  sign_out: string;
  may_train: boolean;
}

// Runs

/** All that determines a run. */
interface Spec {
  variant: string;
  data: string;
  preset: string;
  size: number;
  options?: Values;
  knobs: Values;
  seed: number;
  steps: number;
  modes?: number;
}

/** A live knob that was changed. */
interface Tune {
  step: number;
  knob: string;
  from: any;
  to: any;
}

/** What went wrong in a run; `before` is the newest checkpoint before it. */
interface Alarm {
  step: number;
  kind: string;
  says: string;
  before: number | null;
  rescue?: {knobs: Values; says: string};
}

interface Advice {
  id: string;
  says: string;
  rule: string;
  remedies: {label: string; kind: "tune" | "fork"; knobs: Values}[];
}

/** The answer to a poll: the state of a run, and what is new since the last poll. */
interface RunUpdate {
  run: string;
  epoch: number;
  status: string;
  step: number;
  budget: number;
  mine: boolean;
  published: boolean;
  resumable: boolean;
  recorded: boolean;
  name: string;
  note: string;
  /** the step of its newest checkpoint */
  kept: number | null;
  parent: {run: string; step: number} | null;
  position: number | null;
  wait: number | null;
  rate: number;
  images: number;
  elapsed: number;
  eta: number | null;
  /** with the first update only */
  spec?: Spec;
  /** address of the held-out points */
  real?: string;
  rows?: Record<string, any>;
  marks?: Tune[];
  alarms?: Alarm[];
  phases?: {step: number; phase: string}[];
  measures?: Record<string, number>[];
  frames?: number[];
  looks?: number[];
  quality?: any;
  advice?: Advice[];
  /** of a recorded run: whether it is playing */
  playing?: boolean;
  /** whether the variant and data of the settings are those of the run */
  set?: boolean;
}

/** A run in a list. */
interface RunSummary {
  id: string;
  name: string;
  variant: string;
  data: string;
  size: number;
  status: string;
  step: number;
  budget: number;
  frame: number;
  thumb: string;
  score: {name: string; value: number; floor?: number; deviation?: number} | null;
  owner: string;
  mine: boolean;
  published: boolean;
  pinned: boolean;
  recorded: boolean;
  resumable: boolean;
  kept: number | null;
  note: string;
  elapsed: number;
  created: number;
  bytes: number;
  dims?: number[];
}

/** A saved model, in a list or on its page. */
interface ModelSummary {
  id: string;
  name: string;
  variant: string;
  data: string;
  size: number;
  dims: number[];
  grid: string;
  quality: Record<string, {value: number; floor?: number; deviation?: number}>;
  measured: {n: number; extractor: string} | null;
  knobs: Values;
  options: Values;
  step: number;
  seed: number;
  licence: string;
  owner: string;
  mine: boolean;
  shipped: boolean;
  published: boolean;
  created: number;
  bytes: number;
  z_dim?: number;
  prior?: string;
  trained?: string;
  versions?: Record<string, string>;
}

/** A run as several parts of the page need it. */
interface ShownRun {
  variant: Variant;
  data: Dataset;
  spec: Spec;
  history: RunHistory;
  state: RunUpdate;
}

// Pictures of a run

/** A frame of a run: x, y pairs, or a sheet of samples. */
type Frame = Float32Array | ImageBitmap;

/** A line of the score landscape that means something, such as a margin. */
interface Level {
  name: string;
  symbol: string;
  value: number;
  past: boolean;
}

/** A scale of scores. */
interface ScoreScale {
  range: [number, number];
  scale: "linear" | "log";
}

/** A snapshot of D: its scores over the plane, or of single pictures. */
interface CriticSnapshot extends ScoreScale {
  kind: Kind;
  step: number;
  unit: "energy" | "score";
  /** whether larger scores mean fake */
  rising: boolean;
  levels: Level[];
  arrays: Record<string, any>;
  view: number;
  /** the ends of its vector field, where it has one */
  reach?: number;
  size: number;
  hist: any;
  under: number[];
  tiles: {of: string; index: number; score: number}[];
  /** whether pictures have reconstructions; by G from E's codes, where there is an encoder, else by D */
  decoder: boolean;
  encoder?: boolean;
  most: number;
}

/** A snapshot prepared for drawing; lines are [x0, y0, x1, y1] in the plane. */
interface Landscape {
  snapshot: CriticSnapshot;
  heat: HTMLCanvasElement;
  quiet: number[][];
  levels: (Level & {lines: number[][]})[];
}

/** From values to pixels. */
type Axis = (value: number) => number;

// Latents

/** A latent as messages have it: a packed vector, or a seed. */
type Place = {z: string} | number | string;

/** A pinned sample. */
interface Pin {
  z: string;
  name: string;
  norm: number;
}

/** Where latents come from. */
type LatentSource = {model: string} | {run: string};

// Callbacks of the page's parts

interface PollerHandlers {
  /** the first update of a run, or of its new beginning */
  begin: (update: RunUpdate) => void;
  /** every update, once the history has it */
  update: (update: RunUpdate) => void;
  lost: (why: "away" | "busy" | false) => void;
  /** there is no such run, or none that can be shown */
  gone: (run: string, why?: string) => void;
}

interface BannerHandlers {
  start: () => void;
  /** start a run with the same settings */
  like: () => void;
  resume: () => void;
  extend: () => void;
  fork: (request: ForkRequest) => void;
  open: (run: string) => void;
  go: (address: string) => void;
}

interface ForkRequest {
  step?: number | null;
  /** knobs to fork with at once, without a dialog */
  rescue?: Values | null;
  alarm?: Alarm;
  knobs?: Values;
  /** another variant's id */
  as?: string;
}

interface PlaybackHandlers {
  act: (action: "toggle" | "step" | "stop") => void;
  /** show the frame of a step, null for the newest */
  scrub: (step: number | null) => void;
  slow: () => void;
  fork: (request: ForkRequest) => void;
  share: () => Promise<boolean>;
  saveModel: () => void;
  compare: () => void;
}

interface TimelineHandlers {
  scrub: (step: number) => void;
  /** move by so many frames */
  nudge: (by: number) => void;
  /** go to the first frame, or to the newest */
  toEnd: (newest: boolean) => void;
  showStep: (step: number) => void;
  fork: (alarm: Alarm) => void;
}

interface SettingsHandlers {
  started: (replace: boolean) => void;
  /** the settings became another run than the one that is shown, or the same again */
  apart: (apart: boolean) => void;
  back: () => void;
  /** a live knob was moved */
  tuned: (name: string, value: any) => void;
  estimate: (spec: Spec, turn: number) => void;
  /** set up a race of these variants, on the data of a spec */
  race: (variants: string[], spec: Spec) => void;
  /** set up a race of a spec and the same with one knob changed */
  twin: (spec: Spec) => void;
}

/** What is done with the lane of an index. */
interface LaneHandlers {
  /** another variant, or another preset of it */
  change: (index: number, lane: RaceLane) => void;
  /** open or close its knobs */
  open: (index: number) => void;
  twin: (index: number) => void;
  remove: (index: number) => void;
}

interface PolledListHandlers {
  changed: () => void;
  lost: (why: "away" | "busy" | false) => void;
}

interface RunRowHandlers {
  open: (run: string) => void;
  saveModel: (run: string, name: string, title: string) => void;
  extend: (run: {run: string; budget: number}) => void;
  /** calls a function of the server; what it refuses is thrown */
  call: (name: string, message: object) => Promise<void>;
  /** mark a run, to compare it */
  choose: (run: string, chosen: boolean) => void;
  deleted: (run: string, title: string) => Promise<void>;
}

interface GalleryHandlers {
  go: (address: string) => void;
  train: () => void;
  like: (model: ModelSummary) => void;
  setTitle: (text: string) => void;
  toasts?: any;
  deleted?: (model: ModelSummary) => Promise<void>;
}

// Classes of the page that others take as parameters

type RunHistory = import("./run_history.js").RunHistory;
type Names = import("../lists/run_summaries.js").Names;
type Hint = import("../controls/hint.js").Hint;
type TrainTab = import("../tabs/train_tab.js").TrainTab;
type Workbench = import("../latents/workbench.js").Workbench;
type Chart = import("../charts/chart.js").Chart;
type PhasePlot = import("../charts/phase_plot.js").PhasePlot;
type SampleView = import("../canvas/sample_view.js").SampleView;
