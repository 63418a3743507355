// Fingers and mouse on two pictures: the divider is dragged, a picture that is zoomed is moved, two fingers and the
// wheel with Ctrl zoom.

const NEAR = 24; // px from the divider in which it is taken

/**
 * @param {HTMLElement} pane
 * @param {any} zoom as `Zoom`
 * @param {any} divider as `Divider`
 * @param {() => boolean} isSwipe whether the divider is shown
 */
export function listenToGestures(pane, zoom, divider, isSwipe) {
  const fingers = new Map(); // pointer -> [x, y]
  let dragged = null; // "divider", "picture" or null
  const shares = ({clientX, clientY}) => {
    const {left, top, width, height} = pane.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  };
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };

  pane.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const at = shares(event);
    fingers.set(event.pointerId, at);
    const near = Math.abs(at[0] - divider.at) * pane.clientWidth < NEAR;
    dragged = isSwipe() && (near || zoom.scale === 1) ? "divider" : zoom.scale > 1 ? "picture" : null;
    if (fingers.size > 1) dragged = "picture";
    if (dragged === "divider") {
      divider.move(at[0]);
      divider.element.focus({preventScroll: true});
    }
    if (dragged) {
      pane.setPointerCapture(event.pointerId);
      event.preventDefault();
    }
  });
  pane.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before || !dragged) return;
    const at = shares(event);
    const apart = fingers.size === 2 ? spread() : 0;
    fingers.set(event.pointerId, at);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      if (apart) zoom.by(spread() / apart, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    } else if (dragged === "divider") divider.move(at[0]);
    else zoom.pan(before[0] - at[0], before[1] - at[1]);
  });
  const lift = ({pointerId}) => {
    fingers.delete(pointerId);
    if (!fingers.size) dragged = null;
  };
  pane.addEventListener("pointerup", lift);
  pane.addEventListener("pointercancel", lift);
  pane.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the wheel alone scrolls the page
      event.preventDefault();
      zoom.by(Math.exp(-event.deltaY / 200), ...shares(event));
    },
    {passive: false},
  );
}
