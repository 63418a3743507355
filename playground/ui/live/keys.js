// Space plays and pauses, "." makes a step, "[" and "]" go through the stored frames, F forks; none of it while a field is written in, or a dialog is open.

const FIELDS = "input:not([type=range]), select, textarea, [contenteditable]", PRESSED = "button, a, summary, [role=button]";

/** `does`: {" ": act, ".": act, ...} by key, letters small, while `heard()`. */
export function keys(does, heard) {
  document.addEventListener("keydown", (event) => {
    const act = does[event.key.toLowerCase()], {target} = event;
    if (!act || !heard() || document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || target.closest?.(FIELDS)) return;
    if (event.key === " " && target.closest?.(PRESSED)) return;        // the button has it
    event.preventDefault();
    act();
  });
}
