// Something is asked of the server; what it refuses is said where it was asked, and a fault of ours goes on.

import {Lost} from "./api.js";

/** Whether `action()` was done; `wrong(text)` shows why not, "" that nothing is wrong. */
export async function attempt(action, wrong) {
  wrong("");
  try {
    await action();
    return true;
  } catch (error) {
    if (!error.field && !(error instanceof Lost)) throw error;
    wrong(error instanceof Lost ? `Not done: ${error.message}.` : error.message);
    return false;
  }
}
