// Files of a person's own on their way to the server: gathered from where they were dropped, sent with progress, read there.

import {Lost, Refused} from "./api.js";

const ADDRESS = "/play/upload/images", ASK = 400;       // ms between two questions how far the reading is
export const MOST_FILES = 10_000, MOST_BYTES = 500e6;

export const zipped = (file) => file.name.toLowerCase().endsWith(".zip");

/** All files that were dropped, those in folders too, hidden ones not. */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const files = [];
  for (const entry of entries) await within(entry, files);
  return files;
}

async function within(entry, files) {
  if (entry.name.startsWith(".") || files.length > MOST_FILES) return;
  if (entry.isFile) return void files.push(await new Promise((done, failed) => entry.file(done, failed)));
  const reader = entry.createReader();
  for (let some; (some = await new Promise((done, failed) => reader.readEntries(done, failed))).length;) for (const inner of some) await within(inner, files);
}

/** `body` to `address`, of `type` if it has not its own: the server's answer. `told(share)`: how much has been sent. */
export function post(address, body, type, told) {
  return new Promise((done, failed) => {
    const asked = new XMLHttpRequest();
    asked.upload.onprogress = ({loaded, total}) => told(total ? loaded / total : 0);
    asked.onerror = asked.onabort = () => failed(new Lost(false));
    asked.onload = () => {
      const {response, status} = asked;
      if (status === 200 && response) done(response);
      else failed(response?.error ? new Refused(response.error.field, response.error.message) : new Lost(status === 429));
    };
    asked.open("POST", address);
    asked.responseType = "json";
    if (type) asked.setRequestHeader("Content-Type", type);
    asked.send(body);
  });
}

/** One zip goes as it is, all else as a form: the id of the job that reads it. */
async function sent(files, about, told) {
  const alone = files.length === 1 && zipped(files[0]), body = alone ? files[0] : new FormData();
  if (!alone) for (const file of files) body.append("files", file, file.name);
  return (await post(`${ADDRESS}?${new URLSearchParams(about)}`, body, alone && "application/zip", told)).job;
}

/** The server reads on while it cannot be asked. */
function reading(error) {
  if (error instanceof Lost) return {};
  throw error;
}

/** The set that `files` have become. `about`: {name, licence, fit}. `hears`: sent(share), read(files so far). Refused and Lost as any other question. */
export async function send(api, files, about, hears) {
  const job = await sent(files, about, hears.sent);
  for (;;) {
    const {read, set, error} = await api.sets({job}).then((answer) => answer.job, reading);
    if (set) return set;
    if (error) throw new Refused(error.field, error.message);
    if (read != null) hears.read(read);
    await new Promise((done) => setTimeout(done, ASK));
  }
}
