// The run that is compared with, in the address and on the page.

export class ComparisonLink {
  /** @param {TrainTab} tab */
  constructor(tab) {
    this.tab = tab;
  }

  /** Compares with `run`; null ends the comparison. */
  set(run) {
    const {comparison, banner, page} = this.tab;
    comparison.compareWith(run);
    banner.comparedRun = run;
    page.classList.toggle("pairs", Boolean(run));
  }

  /** The same by a person's choice, so it goes into the address. */
  choose(run) {
    const {tab} = this;
    this.set(run);
    tab.requestedRun = tab.state.run;
    history.pushState(null, "", tab.address);
    tab.update(tab.state);
  }

  /**
   * Closes the comparison and says why.
   * @param {string} reason
   */
  close(reason) {
    const {tab} = this;
    tab.banner.notice = reason;
    this.set(null);
    history.replaceState(null, "", tab.address);
    if (tab.state) tab.update(tab.state);
  }
}
