// Entry point: waits for the server and for the page's files, then opens the shell.

import {connect} from "./core/api.js";
import {h, replace} from "./core/dom.js";
import {expandCatalogue} from "./core/catalogue.js";
import {AppShell} from "./app_shell.js";

/** Later style sheets override earlier ones. */
const SHEETS = [
  "tokens",
  "page",
  "shell",
  "settings",
  "picker",
  "picture",
  "landscape",
  "xray",
  "panel",
  "cockpit",
  "bar",
  "time",
  "compare",
  "drawing",
  "own",
  "listing",
  "models",
  "studio",
  "race_setup",
  "keys",
  "phone",
].map((name) => `styles/${name}.css`);
const RETRY_MS = 3000; // ms until a server that does not answer is asked once more

const url = (name) => new URL(name, import.meta.url).href;
const stylesheet = (name) =>
  new Promise((resolve) =>
    document.head.append(h("link", {rel: "stylesheet", href: url(name), onload: resolve, onerror: resolve})),
  );
const script = (name) =>
  new Promise((resolve, reject) =>
    document.head.append(h("script", {src: url(name), onload: resolve, onerror: reject})),
  );
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Builds the page in `root`. */
export async function mount(root) {
  const api = connect();
  const loaded = Promise.all([
    script("vendor/uPlot.iife.min.js"),
    ...[...SHEETS, "vendor/uPlot.min.css"].map(stylesheet),
  ]);
  let catalogue = null;
  while (!catalogue) {
    catalogue = await api.catalogue().catch(() => null);
    if (catalogue) break;
    replace(
      root,
      h(
        "p",
        {style: "padding: 24px; font: 14px system-ui, sans-serif", role: "status"},
        "The server does not answer yet; trying again.",
      ),
    );
    await sleep(RETRY_MS);
  }
  await loaded;
  new AppShell(root, api, expandCatalogue(catalogue)).route();
}
