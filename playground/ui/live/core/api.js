// The server's functions, and the poll. Every answer is a plain object; a refusal is thrown as Refused with its field.

const TIMEOUT_MS = 20_000; // ms until an answer is given up
const LONG_TIMEOUTS_MS = {publish: 120_000, push: 320_000, pull: 320_000}; // what the server itself waits longer for

export class Refused extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** No answer: the server cannot be reached, or asks for a pause (429, 503). */
export class ConnectionLost extends Error {
  constructor(busy, options) {
    super(busy ? "the server is busy" : "connection lost", options);
    this.busy = busy;
  }
}

function timeout(name) {
  return new Promise((_, reject) =>
    setTimeout(() => reject(new Error("no answer")), LONG_TIMEOUTS_MS[name] ?? TIMEOUT_MS),
  );
}

const SESSION = Math.random().toString(36).slice(2);

async function post(path, message) {
  const answer = await fetch(path, {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify(message),
  });
  if (!answer.ok) throw new ConnectionLost(answer.status === 429 || answer.status === 503);
  return answer.json();
}

/** The polls, of one run and of several, have addresses of their own. */
function call(name, message) {
  if (name === "poll" || name === "updates") return post(`/play/${name}`, message);
  return post("/gradio_api/component_server", {fn_name: name, data: message, session_hash: SESSION});
}

/**
 * An object with a method for each of the server's functions: `await api.start({spec})`.
 * @returns {Record<string, (message?: object) => Promise<any>>}
 */
export function connect() {
  return new Proxy(
    {},
    {
      get:
        (_, name) =>
        async (message = {}) => {
          let answer;
          try {
            answer = await Promise.race([call(name, message), timeout(name)]);
          } catch (error) {
            throw error instanceof ConnectionLost ? error : new ConnectionLost(false, {cause: error});
          }
          if (answer?.error) throw new Refused(answer.error.field, answer.error.message);
          return answer;
        },
    },
  );
}
