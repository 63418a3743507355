// The server's functions. Every answer is a plain object; refusals become Refused with the field they name.

const PATIENCE = 20_000;        // ms until an answer is given up

export class Refused extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** Not an answer at all: the server is away, or (429) asks for a pause. */
export class Lost extends Error {
  constructor(busy) {
    super(busy ? "the server is busy" : "connection lost");
    this.busy = busy;
  }
}

function late() {
  return new Promise((_, failed) => setTimeout(() => failed(new Error("no answer")), PATIENCE));
}

export function connect(server) {
  return new Proxy({}, {
    get: (_, name) => async (message = {}) => {
      let answer;
      try {
        answer = await Promise.race([server[name](message), late()]);
      } catch (error) {
        throw new Lost(/429|too many/i.test(String(error)));
      }
      if (!answer || typeof answer !== "object") throw new Lost(false);
      if (answer.error) throw new Refused(answer.error.field, answer.error.message);
      return answer;
    },
  });
}
