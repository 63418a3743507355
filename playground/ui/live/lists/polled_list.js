// A list of runs or models, polled while it is in view.

const INTERVAL_MS = 3000;
const AWAY_MS = 6000;
const BUSY_MS = 12_000; // ms

export class PolledList {
  /**
   * @param {(version: any) => Promise<{version: any, cards: any[] | null, disk?: any}>} load cards are null when
   *   nothing is new
   * @param {PolledListHandlers} handlers
   */
  constructor(load, handlers) {
    this.load = load;
    this.handlers = handlers;
    this.cards = null;
    this.disk = null;
    this.version = null;
    this.isOpen = false;
    this.turn = 0;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.poll();
    });
  }

  show() {
    this.isOpen = true;
    this.poll();
  }

  hide() {
    this.isOpen = false;
    clearTimeout(this.timer);
  }

  async poll() {
    clearTimeout(this.timer);
    if (!this.isOpen || this.isPending) return;
    this.isPending = true;
    let delay = INTERVAL_MS;
    const {turn} = this;
    try {
      const {version, cards, disk} = await this.load(this.version);
      if (turn !== this.turn)
        delay = 0; // asked before something was done here: older than what is shown
      else {
        this.version = version;
        this.disk = disk;
        this.cards = cards ?? this.cards;
        this.handlers.changed();
      }
      this.handlers.lost(false);
    } catch (error) {
      this.handlers.lost(error.busy ? "busy" : "away");
      delay = error.busy ? BUSY_MS : AWAY_MS;
    }
    this.isPending = false;
    this.timer = setTimeout(() => {
      if (!document.hidden) this.poll();
    }, delay);
  }

  /** Adds or replaces a card that the server just sent. */
  put(card) {
    this.turn += 1;
    const index = this.cards.findIndex((c) => c.id === card.id);
    if (index >= 0) this.cards[index] = card;
    else this.cards.push(card);
    this.handlers.changed();
  }

  drop(id) {
    this.turn += 1;
    this.cards = this.cards.filter((c) => c.id !== id);
    this.handlers.changed();
  }
}
