/**
 * What a page with scripts could take from the panel around it without leaving its frame: its time, by messages without end, and its
 * keyboard, by taking the focus while the person writes. A page that does is ended.
 */

/** Probes say less than this; a page has nothing to say to the panel at all. */
const MESSAGES_PER_SECOND = 500;
/** A page may ask for the focus as it begins, and in vain. */
const MAX_TAKEN = 3;
const KEY_COUNTS_MS = 500;
const FIELDS = 'input, textarea, select, [contenteditable]';

/** @returns what counts one message; `onFlood` is called when a second has too many */
export function floodGate(onFlood: () => void): () => void {
  let startMs = 0;
  let count = 0;
  return () => {
    const nowMs = performance.now();
    if (nowMs - startMs > 1000) {
      startMs = nowMs;
      count = 0;
    }
    if (++count === MESSAGES_PER_SECOND) onFlood();
  };
}

/** True when a message came from the frame or from one within it. */
export function isFrom(frame: HTMLIFrameElement, source: MessageEventSource | null): boolean {
  const { contentWindow } = frame;
  if (contentWindow === null || source === null || !('parent' in source)) return false;
  for (let each: Window = source; each !== contentWindow; each = each.parent) if (each === each.parent) return false;
  return true;
}

/**
 * Gives the focus back to the field it was taken from, unless the person went into the frame: by Tab, or with the pointer on it and not
 * while writing. Nobody else can tell a click in a frame from a script in it.
 */
export function keepFocus(frame: HTMLIFrameElement, onTaken: () => void, signal: AbortSignal): void {
  let field: HTMLElement | undefined;
  let key = '';
  let keyMs = Number.NEGATIVE_INFINITY;
  let taken = 0;
  const note = (target: EventTarget | null): void => {
    field = target instanceof HTMLElement && target.matches(FIELDS) ? target : undefined;
  };
  note(document.activeElement);
  window.addEventListener('focusin', ({ target }) => note(target), { signal, capture: true });
  window.addEventListener('pointerdown', ({ target }) => note(target), { signal, capture: true });
  window.addEventListener(
    'keydown',
    (event) => {
      key = event.key;
      keyMs = event.timeStamp;
    },
    { signal, capture: true },
  );
  window.addEventListener(
    'blur',
    ({ timeStamp }) => {
      if (document.activeElement !== frame || !field?.isConnected) return;
      const pressed = timeStamp - keyMs < KEY_COUNTS_MS ? key : undefined;
      if (pressed === 'Tab' || (pressed === undefined && frame.matches(':hover'))) {
        field = undefined;
        return;
      }
      field.focus({ preventScroll: true });
      if (++taken > MAX_TAKEN) onTaken();
    },
    { signal },
  );
}
