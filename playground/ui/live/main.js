// The page's door: waits for the server and for the page's own files, then opens the shell.

import {connect} from "./api.js";
import {h, replace} from "./dom.js";
import {inflate} from "./menu.js";
import {Shell} from "./shell.js";

const SHEETS = ["tokens.css", "page.css", "shell.css", "settings.css", "picker.css", "picture.css", "landscape.css", "xray.css", "panel.css", "cockpit.css", "bar.css", "time.css", "beside.css", "drawing.css", "own.css", "listing.css", "models.css", "studio.css", "phone.css", "vendor/uPlot.min.css"];
const AGAIN = 3000;

const here = (name) => new URL(name, import.meta.url).href;
const sheet = (name) => new Promise((done) => document.head.append(h("link", {rel: "stylesheet", href: here(name), onload: done, onerror: done})));
const script = (name) => new Promise((done, failed) => document.head.append(h("script", {src: here(name), onload: done, onerror: failed})));
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

/** Fill `element`, the static div of the page; `server` holds the functions that Gradio gives. */
export async function mount(element, server) {
  const api = connect(server), root = element.querySelector(".play") ?? element, loaded = Promise.all([script("vendor/uPlot.iife.min.js"), ...SHEETS.map(sheet)]);
  let catalogue = null;
  while (!catalogue) {
    catalogue = await api.catalogue().catch(() => null);
    if (catalogue) break;
    replace(root, h("p", {style: "padding: 24px; font: 14px system-ui, sans-serif", role: "status"}, "The server does not answer yet; trying again."));
    await rest(AGAIN);
  }
  await loaded;
  new Shell(root, api, inflate(catalogue)).route();
}
