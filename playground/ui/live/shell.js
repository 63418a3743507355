// What is there whichever tab is shown: the head, the tabs, the address, what has just been done and can be undone.

import {h, replace} from "./dom.js";
import {Gallery} from "./gallery.js";
import {head} from "./head.js";
import {Making} from "./models/making.js";
import {model} from "./models/way.js";
import {Play} from "./play.js";
import {Runs} from "./runs.js";
import {Tabs} from "./tabs.js";
import {Theme} from "./theme.js";
import {Toasts} from "./toasts.js";

const TITLES = {play: "Play", runs: "Runs", gallery: "Gallery"}, SITE = "GAN Playground";

export class Shell {
  constructor(root, api, catalogue) {
    const open = (run) => this.go(`?run=${run}`), go = (address) => this.go(address), train = () => this.train(), titled = (text) => this.titled(text);
    this.toasts = new Toasts();
    this.making = new Making(api, ({id}) => go(model(id)));
    const make = (...run) => this.making.open(...run);
    this.tabs = new Tabs(TITLES, (id) => this.visit(id));
    this.rooms = {};                    // each is built when it is first seen
    this.makers = {
      play: () => new Play(api, catalogue, titled, make),
      runs: () => new Runs(api, catalogue, this.toasts, {open, train, make}),
      gallery: () => new Gallery(api, catalogue, {go, train, titled, toasts: this.toasts, like: (card) => this.like(card)}),
    };
    this.theme = new Theme(root, () => Object.values(this.rooms).forEach((room) => room.dress?.()));
    const notice = catalogue.notice && h("p", {class: "notice note", role: "note", "data-testid": "notice"}, catalogue.notice);
    replace(root, notice, head(catalogue, this.tabs.element, () => this.theme.toggle()), h("div", {class: "rooms"}, ...Object.values(this.tabs.panels)), this.toasts.element, this.making.element);
    root.removeAttribute("aria-busy");
    addEventListener("popstate", () => this.route());
  }

  /** The tab that the address names. */
  get tab() {
    const asked = new URLSearchParams(location.search).get("tab");
    return Object.hasOwn(TITLES, asked) ? asked : "play";
  }

  go(address) {
    history.pushState(null, "", address || location.pathname);
    this.route();
  }

  /** A tab; from within one of its views, its first. */
  visit(tab) {
    const home = tab === "play" ? this.rooms.play?.address : `?tab=${tab}`;
    if (tab !== this.tab || (tab === "gallery" && location.search !== home)) this.go(home);
  }

  /** Play, with what is set there begun. */
  train() {
    this.visit("play");
    this.rooms.play.start();
  }

  /** Play, set to train another like a model. */
  like(card) {
    this.visit("play");
    this.rooms.play.like(card);
  }

  /** Show what the address says. */
  route() {
    const {tab, rooms} = this;
    this.titled(TITLES[tab]);
    this.tabs.select(tab);
    if (!rooms[tab]) this.tabs.panels[tab].append((rooms[tab] = this.makers[tab]()).element);
    for (const [id, room] of Object.entries(rooms)) if (id !== tab) room.hide();
    const address = new URLSearchParams(location.search);
    rooms[tab].show(address.get("run"), address);
  }

  titled(text) {
    document.title = `${text} · ${SITE}`;
  }
}
