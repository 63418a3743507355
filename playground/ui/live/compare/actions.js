// What a person does with all lanes: steering them, copying their address.

import {ConnectionLost} from "../core/api.js";

/**
 * Steers all lanes of a race by one of its runs: "pause", "resume", "step" or "stop".
 * @param {any} tab
 * @param {string} what
 */
export async function act(tab, what) {
  const run = tab.model.runs.find(({alive}) => alive);
  if (!run) return;
  if (what === "step") tab.transport.hold(null);
  try {
    await tab.api.act({run: run.id, do: what, n: 1});
    tab.poller.pollNow(true);
  } catch (error) {
    if (!error.field && !(error instanceof ConnectionLost)) throw error;
    tab.say(`Not done: ${error.message}.`);
  }
}

/** Copies an address of the page; whether that worked. */
export async function copyAddress(address) {
  const {origin, pathname} = location;
  try {
    await navigator.clipboard.writeText(`${origin}${pathname}${address}`);
    return true;
  } catch {
    return false;
  }
}
