// The page's header: logo, title, tabs, machine, user, theme.

import {h, icon, svg} from "./core/dom.js";
import {signInLink} from "./core/links.js";

function person({name, signed_in: signedIn, sign_in: signIn, sign_out: signOut}) {
  if (signedIn)
    return h(
      "span",
      {class: "me", "data-testid": "me"},
      h("span", {class: "who"}, name),
      signOut && signInLink(signOut, "Sign out"),
    );
  return (
    signIn &&
    h(
      "span",
      {class: "me", "data-testid": "me"},
      signInLink(signIn, [h("span", {}, "Sign in"), h("span", {class: "wide"}, " with Hugging Face")]),
    )
  );
}

/**
 * The head of the page.
 * @param {Catalogue} catalogue
 * @param {Element} tabs
 * @param {{theme: () => void, keys: () => void}} actions
 */
export function pageHeader({machine: {cores, device, workers}, me}, tabs, {theme, keys}) {
  const mark = svg(
    "svg",
    {class: "glyph", viewBox: "0 0 34 16", width: 34, height: 16, "aria-hidden": "true"},
    svg("circle", {cx: 8, cy: 8, r: 6.5, class: "real"}),
    svg("path", {d: "M20 8h-5"}),
    svg("circle", {cx: 25.5, cy: 8, r: 5.6, class: "fake"}),
  );
  const machineText =
    `this machine: ${cores} ${cores === 1 ? "core" : "cores"}, ` +
    `${device === "cpu" ? "no GPU" : device.toUpperCase()} · ${workers === 1 ? "one run" : `${workers} runs`} at a ` +
    `time`;
  return h(
    "header",
    {class: "head"},
    h("h1", {class: "word"}, mark, h("span", {}, "GAN Playground")),
    tabs,
    h("span", {class: "note", "data-testid": "machine"}, machineText),
    person(me),
    h(
      "button",
      {type: "button", class: "icon keys-of", "aria-label": "Keys", title: "Keys (?)", onclick: keys},
      h("span", {"aria-hidden": "true"}, "?"),
    ),
    h(
      "button",
      {type: "button", class: "icon theme", "aria-label": "Light or dark", title: "Light or dark", onclick: theme},
      icon("M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16", "f:M12 4a8 8 0 0 1 0 16z"),
    ),
  );
}
