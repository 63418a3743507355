// The picture of one run at one step: its frame and, of points, D's landscape and the held-out points.

import {fetchPoints, FrameCache} from "../../canvas/frame_cache.js";
import {SnapshotCache} from "../../canvas/snapshot_cache.js";
import {survey} from "../../canvas/score_landscape.js";

const MAX_FRAMES = 48; // of each run: eight lanes of large sheets would fill the memory

/** Held-out points are the same for all runs on the same data with the same options: fetched once. */
const realBySet = new Map();

export class LanePicture {
  /**
   * @param {any} run as `LaneRun`
   * @param {(picture: LanePicture) => void} changed something else is to be drawn
   */
  constructor(run, changed) {
    this.run = run;
    this.changed = changed;
    this.real = null;
    this.begin();
  }

  /** Starts new caches: after the run went back, a step may have another picture. */
  begin() {
    const {run} = this;
    this.end();
    this.frame = this.frameStep = this.snapshot = this.snapshotStep = this.surveyed = null;
    const epoch = run.feed.epoch;
    this.frames = new FrameCache(
      run.id,
      epoch,
      run.data.kind,
      {
        ready: (step, frame) => this.set({frame, frameStep: step}),
        gone: (step) => this.dropped(() => run.history.dropFrame(step)),
      },
      MAX_FRAMES,
    );
    this.snapshots = new SnapshotCache(
      run.id,
      epoch,
      {
        ready: (step, snapshot) => this.set({snapshot, snapshotStep: step}),
        gone: (step) => this.dropped(() => run.history.dropSnapshot(step)),
      },
      MAX_FRAMES,
    );
    if (run.data.kind === "points") this.loadReal();
  }

  set(found) {
    Object.assign(this, found);
    this.changed(this);
  }

  dropped(drop) {
    drop();
    this.show(...this.wanted);
  }

  async loadReal() {
    const {run} = this;
    const key = `${run.spec.data} ${JSON.stringify(run.spec.options ?? {})}`;
    if (!realBySet.has(key))
      realBySet.set(
        key,
        fetchPoints(run.real).catch(() => null),
      );
    const found = await realBySet.get(key);
    if (!found) realBySet.delete(key); // asked for again by the next that needs it
    this.set({real: found});
  }

  /** Shows what there is at a position of the common axis. */
  show(position, axis) {
    this.wanted = [position, axis];
    if (!this.run.ready) return;
    const [frame, snapshot] = this.run.shownAt(position, axis);
    if (frame != null && frame !== this.frameStep) this.frames.request(frame);
    if (this.run.data.kind === "points" && snapshot != null && snapshot !== this.snapshotStep)
      this.snapshots.request(snapshot);
  }

  /** D's landscape, prepared when it is drawn for the first time; null without one. */
  get landscape() {
    if (this.snapshot?.kind !== "points") return null;
    if (this.surveyed?.snapshot !== this.snapshot) this.surveyed = survey(this.snapshot, false);
    return this.surveyed;
  }

  end() {
    this.frames?.end();
    this.snapshots?.end();
  }
}
