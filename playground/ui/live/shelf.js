// A list of runs, or of models, as this page has it: read when it comes into view, then asked about while it stays there.

const EVERY = 3000, AWAY = 6000, BUSY = 12_000;     // ms

export class Shelf {
  /** `reads(version)` asks for {version, cards: null when nothing is new, disk}. `hears`: told(), something may be new; lost("away", "busy" or false). */
  constructor(reads, hears) {
    Object.assign(this, {reads, hears, cards: null, disk: null, version: null, open: false, turn: 0});
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.ask(); });
  }

  show() {
    this.open = true;
    this.ask();
  }

  hide() {
    this.open = false;
    clearTimeout(this.timer);
  }

  async ask() {
    clearTimeout(this.timer);
    if (!this.open || this.asking) return;
    this.asking = true;
    let wait = EVERY;
    const {turn} = this;
    try {
      const {version, cards, disk} = await this.reads(this.version);
      if (turn !== this.turn) wait = 0;                   // asked before something was done here: older than what is shown
      else {
        Object.assign(this, {version, disk, cards: cards ?? this.cards});
        this.hears.told();
      }
      this.hears.lost(false);
    } catch (error) {
      this.hears.lost(error.busy ? "busy" : "away");
      wait = error.busy ? BUSY : AWAY;
    }
    this.asking = false;
    this.timer = setTimeout(() => { if (!document.hidden) this.ask(); }, wait);
  }

  /** A card that the server has just given; one that is not here is put where it belongs. */
  put(card) {
    this.turn += 1;
    const at = this.cards.findIndex((c) => c.id === card.id);
    if (at >= 0) this.cards[at] = card;
    else this.cards.push(card);
    this.hears.told();
  }

  drop(id) {
    this.turn += 1;
    this.cards = this.cards.filter((c) => c.id !== id);
    this.hears.told();
  }
}
