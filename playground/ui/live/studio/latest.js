// Questions that a hand asks faster than they are answered: one at a time, and while it is out only the last that is wanted is kept.

export class Latest {
  /** `ask(message)`: a promise; `show(answer, message)`; `failed(error)`. */
  constructor(ask, show, failed) {
    Object.assign(this, {ask, show, failed, next: null, busy: false});
  }

  /** At most one a picture of the screen. */
  soon(message) {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      this.want(this.last);
    });
    this.last = message;
  }

  async want(message) {
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
