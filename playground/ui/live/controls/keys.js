// Keyboard shortcuts, active while no field has the focus and no dialog is open.

const FIELDS = "input:not([type=range]), select, textarea, [contenteditable]";
const PRESSED = "button, a, summary, [role=button]";

/** All keys of the page: [key, label, what it does]. */
export const KEYS = [
  [" ", "Space", "Train or pause; play back a run that has ended"],
  [".", ".", "Make one step"],
  ["[", "[", "Back to the picture before"],
  ["]", "]", "On to the picture after"],
  ["f", "F", "Fork at the step that is shown"],
  ["s", "S", "Go to the button that starts a run"],
  ["k", "K", "Go to the first knob"],
  ["?", "?", "Show this list"],
];

/**
 * Calls the action of a key, by lower-case key, while `isEnabled()`.
 * @param {Record<string, () => void>} actions
 * @param {() => boolean} isEnabled
 */
export function listenForKeys(actions, isEnabled) {
  document.addEventListener("keydown", (event) => {
    const action = actions[event.key.toLowerCase()];
    const target = event.target instanceof Element ? event.target : null;
    if (
      !action ||
      !isEnabled() ||
      document.querySelector("dialog[open]") ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.defaultPrevented ||
      target?.closest(FIELDS)
    )
      return;
    if (event.key === " " && target?.closest(PRESSED)) return; // the button has it
    event.preventDefault();
    action();
  });
}
