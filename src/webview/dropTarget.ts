/**
 * Files and addresses that are dropped on the page, and pictures that are pasted into it: what comes is handed to the host as it is.
 *
 * A drag inside VS Code carries addresses (`application/vnd.code.uri-list`; Chromium cuts `text/uri-list` down to its first line), one from
 * outside carries files. VS Code lets a drop through to a panel only while Shift is held.
 */
import type { DroppedItem, ToHost } from '../shared/protocol.ts';

const URI_LISTS = ['application/vnd.code.uri-list', 'text/uri-list'] as const;
const MAX_FILES = 20;
const MAX_FILE_BYTES = 20 * 1024 * 1024;

export interface DropTarget {
  readonly post: (message: ToHost) => void;
  /** False where nothing new can begin, as in a replay. */
  readonly accepts: () => boolean;
  /** True where pasted text is meant to be compared, too: there is nothing else in the panel. */
  readonly takesText: () => boolean;
}

/** Once, for the whole page. While something is dragged over it the body says so. */
export function acceptDrops({ post, accepts, takesText }: DropTarget): void {
  const send = async (files: readonly File[], uris: readonly string[]): Promise<void> => {
    const items = await Promise.all(files.slice(0, MAX_FILES + 1).map(itemOf));
    if (items.length > 0 || uris.length > 0) post({ type: 'add-material', items, uris });
  };
  const mark = (over: boolean): void => void document.body.classList.toggle('dropping', over);

  document.addEventListener('dragover', (event) => {
    if (!accepts() || !event.dataTransfer || !isUsable(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) mark(false);
  });
  document.addEventListener('drop', (event) => {
    mark(false);
    if (!accepts() || !event.dataTransfer || !isUsable(event.dataTransfer)) return;
    event.preventDefault();
    const uris = urisOf(event.dataTransfer);
    void send(uris.length > 0 ? [] : [...event.dataTransfer.files], uris);
  });
  document.addEventListener('paste', (event) => {
    const { clipboardData, target } = event;
    if (!accepts() || !clipboardData || isTextField(target)) return;
    const files = [...clipboardData.files];
    const text = clipboardData.getData('text/plain');
    if (files.length > 0) void send(files.map(renamed), []);
    else if (takesText() && text.trim() !== '') void send([new File([text], 'clipboard', { type: 'text/plain' })], []);
    else return;
    event.preventDefault();
  });
}

const isUsable = ({ types }: DataTransfer): boolean => types.includes('Files') || URI_LISTS.some((list) => types.includes(list));

function urisOf(data: DataTransfer): readonly string[] {
  const list = URI_LISTS.map((type) => data.getData(type)).find((text) => text !== '') ?? '';
  return list
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Browsers call every picture of the clipboard `image.png`. */
const renamed = (file: File): File =>
  file.name === 'image.png' ? new File([file], 'pasted-picture.png', { type: file.type }) : file;

async function itemOf(file: File): Promise<DroppedItem> {
  const about = { name: file.name, mediaType: file.type };
  if (file.size > MAX_FILE_BYTES) return about;
  const url = await new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => resolve('');
    reader.readAsDataURL(file);
  });
  return { ...about, base64: url.slice(url.indexOf(',') + 1) };
}

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, [contenteditable], vscode-textfield, vscode-textarea') !== null;
