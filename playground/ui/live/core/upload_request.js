// Uploads of a person's files: collected from a drop, sent with progress, read by the server.

import {ConnectionLost, Refused} from "./api.js";

const ADDRESS = "/play/upload/images";
const POLL_MS = 400; // ms between two questions how far the reading is
export const MAX_FILES = 10_000;
export const MAX_BYTES = 500e6;

export const isZip = (file) => file.name.toLowerCase().endsWith(".zip");

/** All files that were dropped, those in folders too, hidden ones not. */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const files = [];
  for (const entry of entries) await collectFiles(entry, files);
  return files;
}

async function collectFiles(entry, files) {
  if (entry.name.startsWith(".") || files.length > MAX_FILES) return;
  if (entry.isFile) return void files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
  const reader = entry.createReader();
  for (let batch; (batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length;)
    for (const child of batch) await collectFiles(child, files);
}

/**
 * Posts `body` with progress, and returns the server's answer.
 * @param {string} address
 * @param {any} body
 * @param {string | false} type the content type, if the body has none
 * @param {(share: number) => void} onProgress called with the share that has been sent
 * @returns {Promise<any>}
 */
export function post(address, body, type, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({loaded, total}) => onProgress(total ? loaded / total : 0);
    request.onerror = request.onabort = () => reject(new ConnectionLost(false));
    request.onload = () => {
      const {response, status} = request;
      if (status === 200 && response) resolve(response);
      else
        reject(
          response?.error
            ? new Refused(response.error.field, response.error.message)
            : new ConnectionLost(status === 429),
        );
    };
    request.open("POST", address);
    request.responseType = "json";
    if (type) request.setRequestHeader("Content-Type", type);
    request.send(body);
  });
}

/** Sends one zip as it is, other files as a form; the id of the job that reads them. */
async function startUpload(files, about, onProgress) {
  const single = files.length === 1 && isZip(files[0]);
  const body = single ? files[0] : new FormData();
  if (!single) for (const file of files) body.append("files", file, file.name);
  return (await post(`${ADDRESS}?${new URLSearchParams(about)}`, body, single && "application/zip", onProgress)).job;
}

/** A lost connection is ignored: the server goes on reading. */
function ignoreLostConnection(error) {
  if (error instanceof ConnectionLost) return {};
  throw error;
}

/**
 * Uploads images as a data set. Throws Refused and ConnectionLost.
 * @param {Api} api
 * @param {File[]} files
 * @param {{name: string, licence: string, fit: string}} about
 * @param {{sent: (share: number) => void, read: (files: number) => void}} handlers progress
 * @returns {Promise<any>} the data set
 */
export async function uploadImages(api, files, about, handlers) {
  const job = await startUpload(files, about, handlers.sent);
  for (;;) {
    const {read, set, error} = await api.sets({job}).then((answer) => answer.job, ignoreLostConnection);
    if (set) return set;
    if (error) throw new Refused(error.field, error.message);
    if (read != null) handlers.read(read);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
