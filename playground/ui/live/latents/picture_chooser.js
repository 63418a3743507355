// One picture to upload: chosen or dropped, sent when it is needed.

import {ConnectionLost, Refused} from "../core/api.js";
import {h, setText} from "../core/dom.js";
import {DropZone} from "../controls/drop_zone.js";
import {ErrorLine} from "../controls/error_line.js";
import {bytes} from "../core/format.js";

const ADDRESS = "/play/upload/picture";
const KINDS = "image/png,image/jpeg,image/webp,image/gif,image/bmp";

export class PictureChooser {
  constructor() {
    this.file = null;
    this.uploadId = null;
    this.error = new ErrorLine();
    this.preview = h("img", {
      alt: "",
      hidden: true,
      onerror: () => {
        this.preview.hidden = true;
      },
    });
    this.zone = new DropZone(
      {accept: KINDS, choose: "Choose a picture", testIds: {input: "studio-file"}, above: this.preview},
      ([file]) => this.take(file),
    );
    this.element = h("div", {class: "field chooser"}, this.zone.element, this.error.element);
  }

  take(file) {
    if (!file) return;
    this.file = file;
    this.uploadId = null;
    URL.revokeObjectURL(this.preview.src);
    this.preview.src = URL.createObjectURL(file);
    this.preview.hidden = false;
    setText(this.zone.status, `${file.name}, ${bytes(file.size)}`);
    this.setError("");
  }

  setError(text) {
    this.error.show(text);
  }

  /** Its id on the server, where it is kept for a while. Throws Refused and ConnectionLost. */
  async id() {
    if (!this.file) throw new Refused("file", "choose a picture first");
    return (this.uploadId ??= await uploadPicture(this.file));
  }

  /** The server no longer has it. */
  forget() {
    this.uploadId = null;
  }
}

async function uploadPicture(file) {
  const connectionLost = (cause) => {
    throw new ConnectionLost(false, {cause});
  };
  const answer = await fetch(ADDRESS, {
    method: "POST",
    headers: {"Content-Type": file.type || "application/octet-stream"},
    body: file,
  }).catch(connectionLost);
  const {upload, error} = await answer.json().catch(connectionLost);
  if (error) throw new Refused(error.field, error.message);
  if (!upload) throw new ConnectionLost(answer.status === 429);
  return upload;
}
