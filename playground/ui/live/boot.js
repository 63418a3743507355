// Mounts the page in Gradio's frame as soon as its element exists.

import {mount} from "./main.js";

const MOUNT_ID = "play";

function waitForMount() {
  return new Promise((resolve) => {
    const snapshot = () => {
      const element = document.getElementById(MOUNT_ID);
      if (element) resolve(element);
      return element;
    };
    if (snapshot()) return;
    const observer = new MutationObserver(() => snapshot() && observer.disconnect());
    observer.observe(document.documentElement, {childList: true, subtree: true});
  });
}

const element = await waitForMount();
const root = document.createElement("div");
root.className = "play";
root.setAttribute("aria-busy", "true");
element.append(root);
mount(root);
