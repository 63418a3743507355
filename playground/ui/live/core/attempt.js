// Runs an action of a person. A refusal of the server is shown, any other error is thrown.

import {ConnectionLost} from "./api.js";

/**
 * Runs an action that the server may refuse.
 * @param {() => unknown} action
 * @param {(text: string) => void} showError called with "" first
 * @returns {Promise<boolean>} whether it succeeded
 */
export async function attempt(action, showError) {
  showError("");
  try {
    await action();
    return true;
  } catch (error) {
    if (!error.field && !(error instanceof ConnectionLost)) throw error;
    showError(error instanceof ConnectionLost ? `Not done: ${error.message}.` : error.message);
    return false;
  }
}
