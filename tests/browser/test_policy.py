"""What the page's policy forbids does not happen in a real browser, and the page itself asks for nothing that it forbids."""

from playwright.sync_api import expect

TRIES = """async () => {
  const broken = [];
  addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
  const text = document.createElement("script");
  text.textContent = "window.ran = 1";
  document.head.append(text);
  const other = document.createElement("script");
  other.src = "http://127.0.0.2:1/x.js";
  document.head.append(other);
  const button = document.createElement("button");
  button.setAttribute("onclick", "window.ran = 2");
  document.body.append(button);
  button.click();
  button.remove();
  setTimeout("window.ran = 3", 0);          // a text as a program; in this one itself the debugger, which runs it, may do all
  const sent = await fetch("http://127.0.0.2:1/").then(() => true, () => false);
  await new Promise((done) => setTimeout(done, 300));
  return {ran: window.ran ?? null, sent, broken: [...new Set(broken)].sort()};
}"""


def test_scripts_that_get_into_the_page_do_not_run(visitor):
    visitor.watch.fault = lambda text: None     # the browser complains, as it should
    told = visitor.page.evaluate(TRIES)
    assert told == {"ran": None, "sent": False, "broken": ["connect-src", "script-src", "script-src-attr", "script-src-elem"]}


def test_every_tab_keeps_to_the_policy(visitor):
    """`visitor` fails when the console holds a complaint; the admin's form is looked at, too."""
    for name in ("Runs", "Gallery", "Play"):
        visitor.tab(name).click()
        visitor.page.wait_for_timeout(500)
    answer = visitor.page.goto(f"{visitor.url}/play/admin")
    assert "script-src" not in answer.headers["content-security-policy"]
    expect(visitor.page.get_by_label("Admin key")).to_be_focused()
    visitor.page.get_by_label("Admin key").fill("not the key of anybody")
    visitor.watch.cut = True                    # the browser complains of a 403
    visitor.page.get_by_role("button", name="Enter").click()
    expect(visitor.page.get_by_role("alert")).to_have_text("This is not the admin key.")
    assert "key" not in visitor.page.url
