// The server's functions, and the poll beside them. Every answer is a plain object; refusals become Refused with the field they name.

const PATIENCE = 20_000, HEARD = 60;        // ms until an answer is given up; until the browser has noted a status
const SLOW = {publish: 120_000, push: 320_000, pull: 320_000};              // what the server itself waits longer for

export class Refused extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** Not an answer at all: the server is away, or (429) asks for a pause. */
export class Lost extends Error {
  constructor(busy, options) {
    super(busy ? "the server is busy" : "connection lost", options);
    this.busy = busy;
  }
}

function late(name) {
  return new Promise((_, failed) => setTimeout(() => failed(new Error("no answer")), SLOW[name] ?? PATIENCE));
}

// Gradio's client swallows what went wrong: the answer is undefined, and only the browser still knows the status.
let status = 0;
const heard = new PerformanceObserver((list) => {
  for (const {name, responseStatus} of list.getEntries()) if (name.includes("/component_server")) status = responseStatus;
});
heard.observe({type: "resource"});

async function nothing() {
  await new Promise((done) => setTimeout(done, HEARD));
  return new Lost(status === 429);
}

/** Asked all the time: by an address of its own, which costs the server a fourth of what Gradio's does. */
async function poll(message) {
  const answer = await fetch("/play/poll", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(message)});
  if (!answer.ok) throw new Lost(answer.status === 429);
  return answer.json();
}

export function connect(server) {
  return new Proxy({}, {
    get: (_, name) => async (message = {}) => {
      let answer;
      try {
        answer = await Promise.race([name === "poll" ? poll(message) : server[name](message), late(name)]);
      } catch (error) {
        throw error instanceof Lost ? error : new Lost(false, {cause: error});
      }
      if (!answer || typeof answer !== "object") throw await nothing();
      if (answer.error) throw new Refused(answer.error.field, answer.error.message);
      return answer;
    },
  });
}
