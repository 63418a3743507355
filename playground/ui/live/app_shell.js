// The frame around all tabs: header, tabs, address, and messages with an undo button.

import {h, replace} from "./core/dom.js";
import {forwardOldAddress} from "./compare/view_address.js";
import {CompareTab} from "./compare/compare_tab.js";
import {TrainOnDialog} from "./run/train_on.js";
import {GalleryTab} from "./tabs/gallery_tab.js";
import {pageHeader} from "./header.js";
import {KeyList} from "./controls/key_list.js";
import {listenForKeys} from "./controls/keys.js";
import {SaveModel} from "./models/save_model.js";
import {modelAddress} from "./core/links.js";
import {TrainTab} from "./tabs/train_tab.js";
import {RunsTab} from "./tabs/runs_tab.js";
import {skipLinks} from "./controls/skip_links.js";
import {Tabs} from "./controls/tabs.js";
import {Theme} from "./core/theme.js";
import {Toasts} from "./controls/toasts.js";

const TITLES = {play: "Play", compare: "Compare", runs: "Runs", gallery: "Gallery"};
const SITE = "GAN Playground";

export class AppShell {
  /**
   * @param {HTMLElement} root
   * @param {Api} api
   * @param {Catalogue} catalogue
   */
  constructor(root, api, catalogue) {
    const open = (run) => this.go(`?run=${run}`);
    const go = (address) => this.go(address);
    const train = () => this.train();
    const setTitle = (text) => this.setTitle(text);
    this.toasts = new Toasts();
    this.saveDialog = new SaveModel(api, ({id}) => go(modelAddress(id)));
    this.trainOnDialog = new TrainOnDialog(api, catalogue.limits.steps);
    const saveModel = (run, name, title) => this.saveDialog.open(run, name, title);
    const extend = (run, onExtended) => this.trainOnDialog.open(run, onExtended);
    this.tabs = new Tabs(TITLES, (id) => this.visit(id));
    this.views = {}; // each is built when it is first seen
    this.builders = {
      play: () => new TrainTab(api, catalogue, {setTitle, go, saveModel, extend}),
      compare: () => new CompareTab(api, catalogue, {go, setTitle}),
      runs: () => new RunsTab(api, catalogue, this.toasts, {open, train, saveModel, extend, go}),
      gallery: () =>
        new GalleryTab(api, catalogue, {go, train, setTitle, toasts: this.toasts, like: (card) => this.like(card)}),
    };
    this.theme = new Theme(root, () => Object.values(this.views).forEach((view) => view.restyle?.()));
    this.keys = new KeyList();
    listenForKeys({"?": () => this.keys.open()}, () => true);
    this.skips = skipLinks(
      () => this.views.play,
      () => this.tabs.panels[this.tab],
    );
    const notice =
      catalogue.notice && h("p", {class: "notice note", role: "note", "data-testid": "notice"}, catalogue.notice);
    replace(
      root,
      this.skips.element,
      notice,
      pageHeader(catalogue, this.tabs.element, {theme: () => this.theme.toggle(), keys: () => this.keys.open()}),
      h("div", {class: "rooms"}, ...Object.values(this.tabs.panels)),
      this.toasts.element,
      this.saveDialog.element,
      this.trainOnDialog.element,
      this.keys.element,
    );
    root.removeAttribute("aria-busy");
    addEventListener("popstate", () => this.route());
  }

  /** The tab that the address names. */
  get tab() {
    const name = new URLSearchParams(location.search).get("tab");
    return Object.hasOwn(TITLES, name) ? name : "play";
  }

  go(address) {
    history.pushState(null, "", address || location.pathname);
    this.route();
  }

  /** Opens a tab; from a view inside it, its first view. */
  visit(tab) {
    const first = tab === "play" ? this.views.play?.address : `?tab=${tab}`;
    const home = tab === "compare" && tab !== this.tab ? (this.views.compare?.address ?? first) : first;
    if (tab !== this.tab || (["compare", "gallery"].includes(tab) && location.search !== home)) this.go(home);
  }

  /** Opens Play and starts a run. */
  train() {
    this.visit("play");
    this.views.play.start();
  }

  /** Opens Play with a model's settings. */
  like(card) {
    this.visit("play");
    this.views.play.like(card);
  }

  /** Shows the view of the present address. */
  route() {
    forwardOldAddress();
    const {tab, views} = this;
    this.setTitle(TITLES[tab]);
    this.tabs.select(tab);
    this.skips.showFor(tab);
    if (!views[tab]) this.tabs.panels[tab].append((views[tab] = this.builders[tab]()).element);
    for (const [id, view] of Object.entries(views)) if (id !== tab) view.hide();
    const address = new URLSearchParams(location.search);
    views[tab].show(address.get("run"), address);
  }

  setTitle(text) {
    document.title = `${text} · ${SITE}`;
  }
}
