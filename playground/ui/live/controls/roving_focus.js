// One Tab stop for many buttons: arrow keys, Home and End move between them, as in a toolbar.

const STEPS = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1};

/** Of the visible buttons in `box`, the focused one takes the Tab key, else the pressed one, else the first. */
export function rovingFocus(box) {
  const isVisible = (button) => {
    const hiddenAncestor = button.closest("[hidden]");
    return (
      !button.classList.contains("waits") &&
      (!hiddenAncestor || !box.contains(hiddenAncestor) || hiddenAncestor === box)
    );
  };
  const visibleButtons = () => [...box.querySelectorAll("button")].filter(isVisible);
  const update = () => {
    const buttons = visibleButtons();
    const current =
      buttons.find((b) => b === document.activeElement) ?? buttons.find((b) => b.ariaPressed === "true") ?? buttons[0];
    for (const button of box.querySelectorAll("button")) button.tabIndex = button === current ? 0 : -1;
  };
  box.addEventListener("focusin", update);
  box.addEventListener("keydown", (event) => {
    const buttons = visibleButtons();
    const index = buttons.indexOf(event.target);
    const last = buttons.length - 1;
    const to =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? last
          : STEPS[event.key]
            ? (index + STEPS[event.key] + last + 1) % (last + 1)
            : -1;
    if (index < 0 || to < 0) return;
    event.preventDefault();
    buttons[to].focus();
  });
  new MutationObserver(update).observe(box, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["hidden", "aria-pressed", "class"],
  });
  update();
}
