// What a person does with all lanes: steering them, copying their address.

import {ConnectionLost} from "../core/api.js";

const RETRY_MS = 3000;

/**
 * Steers all lanes of a race by one of its runs: "pause", "resume", "step" or "stop".
 * @param {any} tab
 * @param {string} what
 */
export async function act(tab, what) {
  const run = tab.model.runs.find(({alive, state}) => alive || (what === "resume" && state.resumable));
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

/**
 * What the server says of lanes; while it does not answer it is asked again.
 * @param {Api} api
 * @param {object} request
 * @param {() => boolean} goOn whether to ask again after a lost connection
 * @returns {Promise<{facts?: any, refused?: string}>} `refused`: why they cannot be compared
 */
export async function fetchLanes(api, request, goOn) {
  for (;;) {
    try {
      return {facts: await api.lanes(request)};
    } catch (error) {
      if (error.field) return {refused: error.message};
      if (!(error instanceof ConnectionLost)) throw error;
      if (!goOn()) return {};
    }
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_MS);
    });
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
