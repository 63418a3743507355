// One request at a time; of those made meanwhile only the latest is kept.

export class LatestOnly {
  /** `ask(message)`: a promise; `show(answer, message)`; `failed(error)`. */
  constructor(ask, show, failed) {
    this.ask = ask;
    this.show = show;
    this.failed = failed;
    this.next = null;
    this.busy = false;
  }

  /** At most one request per animation frame. */
  schedule(message) {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      this.request(this.last);
    });
    this.last = message;
  }

  async request(message) {
    this.next = {message};
    if (this.busy) return;
    this.busy = true;
    while (this.next) {
      const {message} = this.next;
      this.next = null;
      try {
        this.show(await this.ask(message), message);
      } catch (error) {
        if (!this.next) this.failed(error);
      }
    }
    this.busy = false;
  }
}
