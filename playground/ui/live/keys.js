// Space plays and pauses, "." makes a step, "[" and "]" go through the stored frames; none of it while a field is written in.

const FIELDS = "input:not([type=range]), select, textarea, [contenteditable]", PRESSED = "button, a, summary, [role=button]";

/** `does`: {" ": f, ".": f, "[": f, "]": f}, while `heard()`. */
export function keys(does, heard) {
  document.addEventListener("keydown", (event) => {
    const act = does[event.key], {target} = event;
    if (!act || !heard() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || target.closest?.(FIELDS)) return;
    if (event.key === " " && target.closest?.(PRESSED)) return;        // the button has it
    event.preventDefault();
    act();
  });
}
