// The large picture: points in the plane, or a sheet of samples, at one step.

import {ColourBar} from "./colourbar.js";
import {h, setText} from "../core/dom.js";
import {classesOf, isCoder} from "../core/catalogue.js";
import {whole} from "../core/format.js";
import {fetchPoints, FrameCache} from "./frame_cache.js";
import {survey} from "./score_landscape.js";
import {LayerToggles} from "./layer_toggles.js";
import {PlaneProbe} from "./plane_probe.js";
import {describePoints, describeSheet, landscapeInWords, SampleHeading, scoreBars} from "./sample_words.js";
import {SnapshotCache} from "./snapshot_cache.js";
import {drawPlane} from "./plane_canvas.js";
import {drawTiles, rowsOf} from "./image_grid.js";

const COLUMNS = 8;
const TILE_GAP = 6;
const BARRED_GAP = 8;

export class SampleView {
  /**
   * @param {(step: number) => void} gone the server no longer has the frame of a step
   * @param {object} options
   * @param {(step: number) => void} [options.snapshotGone] the same for a snapshot of D
   * @param {(snapshot: CriticSnapshot) => void} [options.onSnapshot] another snapshot is shown
   * @param {any} [options.surface] the dialog that shows the landscape in 3-D
   */
  constructor(gone, {snapshotGone = (_step) => {}, onSnapshot = (_look) => {}, surface = null} = {}) {
    this.gone = gone;
    this.snapshotGone = snapshotGone;
    this.onSnapshot = onSnapshot;
    this.surface = surface;
    this.still = false;
    this.rows = {names: [], are: "class"};
    this.canvas = h("canvas", {role: "img", "data-testid": "picture"});
    this.placeholder = h("p", {class: "waiting", hidden: true});
    this.heading = new SampleHeading();
    this.step = h("span", {"data-testid": "frame-step"});
    this.about = h("span");
    this.layers = new LayerToggles(
      () => {
        this.describe();
        this.draw();
      },
      () => this.surface?.open(this.landscape),
    );
    this.bar = new ColourBar();
    this.probe = new PlaneProbe(() => this.scheduleDraw());
    this.window = h("div", {class: "window"}, this.canvas, this.placeholder);
    this.element = h(
      "div",
      {class: "picture"},
      h("div", {class: "title"}, this.heading.element, this.heading.explanation, this.layers.element),
      this.window,
      this.bar.element,
      h("p", {class: "note cap"}, this.about, this.probe.element, this.step),
    );
    this.probe.listen(this.canvas);
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        this.side = width;
        this.probe.show(this.landscape, width);
        this.draw();
      },
    ).observe(this.window);
  }

  /** Prepares for a run. `size`: px of a tile; `real`: the address of the held-out points. */
  begin(run, epoch, variant, data, {size, knobs}, real) {
    const points = data.kind === "points";
    this.rows = {names: classesOf(variant, data, knobs), are: isCoder(variant) ? "code" : "class"};
    this.run = run;
    this.kind = data.kind;
    this.size = size;
    this.real = null;
    this.realAddress = null;
    this.realMissing = false;
    this.frame = null;
    this.path = null;
    this.landscape = null;
    this.sheetSnapshot = null;
    this.probe.begin();
    const frames = this.restart(epoch);
    this.describe();
    if (points) this.describePoints();
    else setText(this.about, describeSheet(size, null, this.rows));
    setText(this.step, "");
    this.canvas.setAttribute("aria-label", "No picture yet");
    this.setPlaceholder("Waiting for the first picture");
    this.draw();
    this.loadReal(real, frames);
  }

  /** Loads the held-out points; after a lost connection again with the next frame. */
  async loadReal(address, frames) {
    let found = null;
    let retryAddress = null;
    this.realAddress = null;
    try {
      found = address && (await fetchPoints(address));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // what fetch throws when nobody answers
      retryAddress = address;
    }
    if (this.frames !== frames || !address) return;
    this.real = found;
    this.realAddress = retryAddress;
    this.realMissing = !found;
    this.describePoints();
    this.draw();
  }

  /** Describes the points. */
  describePoints() {
    setText(this.about, describePoints(this.realMissing, this.frame));
  }

  /** Starts new caches: after the run went back, a step may have another picture. */
  restart(epoch) {
    this.frames?.end();
    this.snapshots?.end();
    this.frameStep = this.snapshotStep = null;
    this.snapshots = new SnapshotCache(this.run, epoch, {
      ready: (step, snapshot) => this.showSnapshot(step, snapshot),
      gone: (step) => this.snapshotGone(step),
    });
    this.frames = new FrameCache(this.run, epoch, this.kind, {
      ready: (step, frame) => this.showFrame(step, frame),
      gone: (step) => this.gone(step),
    });
    return this.frames;
  }

  /** Sets the run's name in the heading. */
  setRunName(name) {
    this.heading.name(name);
  }

  /** Whether nothing moves; then the surface can be opened. */
  setStill(still) {
    if (this.still === still) return;
    this.still = still;
    this.describe();
  }

  /** Sets the text that is shown without a picture. */
  setPlaceholder(text) {
    setText(this.placeholder, text);
    this.placeholder.hidden = Boolean(this.frame);
  }

  /** Shows a frame and a snapshot by their steps; null for none. */
  show(step, snapshot = null) {
    if (step != null && step !== this.frameStep) this.frames.request(step);
    if (snapshot != null && snapshot !== this.snapshotStep) this.snapshots.request(snapshot);
  }

  showSnapshot(step, snapshot) {
    this.snapshotStep = step;
    if (snapshot.kind === "points") this.landscape = survey(snapshot);
    else this.sheetSnapshot = snapshot;
    this.describe();
    this.probe.show(this.landscape, this.side);
    this.onSnapshot(snapshot);
    this.scheduleDraw();
  }

  /** Updates heading, colour bar and layers. */
  describe() {
    const points = this.kind === "points";
    const {landscape, sheetSnapshot} = this;
    const showsLandscape = points && landscape && this.layers.shown.land;
    this.layers.update(points ? landscape?.snapshot : sheetSnapshot, this.still && this.surface, this.kind);
    this.bar.draw(showsLandscape ? landscape.snapshot : null);
    if (!points) setText(this.about, describeSheet(this.size, this.bars && sheetSnapshot, this.rows));
    this.heading.draw(points, showsLandscape ? landscape.snapshot : null, this.rows);
  }

  /** The bars under the samples, as `scoreBars` has them; null when they are not shown. */
  get bars() {
    const {sheetSnapshot, layers} = this;
    return sheetSnapshot && layers.shown.under ? scoreBars(sheetSnapshot) : null;
  }

  showFrame(step, frame) {
    this.frame = frame;
    this.frameStep = step;
    this.placeholder.hidden = true;
    setText(this.step, `step ${whole(step)}`);
    if (this.realAddress) this.loadReal(this.realAddress, this.frames);
    if (this.kind === "points") this.describePoints();
    const points = () =>
      `${this.realMissing ? "" : "1,000 real points and "}512 fakes at step ` +
      `${whole(step)}${landscapeInWords(this.landscape, frame)}`;
    const sheet = () => `${COLUMNS * rowsOf(frame, this.size)} samples at step ${whole(step)}`;
    this.canvas.setAttribute("aria-label", this.kind === "points" ? points() : sheet());
    this.scheduleDraw();
  }

  /** Sets the path to draw over the points; null for none. */
  setPath(path) {
    this.path = path;
    this.scheduleDraw();
  }

  scheduleDraw() {
    this.due ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.due = null;
    if (!this.side || !this.kind) return;
    if (this.kind === "points") {
      const {shown} = this.layers;
      drawPlane(this.canvas, this.side, {
        real: shown.real && this.real,
        fake: shown.fake && this.frame,
        path: this.path,
        cross: this.probe.cross,
        landscape: this.landscape,
        shown,
      });
    } else if (this.frame)
      drawTiles(
        this.canvas,
        this.frame,
        this.size,
        COLUMNS,
        this.side,
        this.bars ? BARRED_GAP : this.side < 440 ? TILE_GAP - 2 : TILE_GAP,
        this.bars,
      );
    else this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}
