/**
 * A streaming text, drawn piece by piece: append-only, outside the widget library, at most one change of the document a frame.
 *
 * Finished lines are coloured once and never touched again. They stand in blocks of 64 that the browser may skip while off screen,
 * so find, selection, copy and screen readers reach the whole text. The unfinished last line is one growing text node.
 * The text is a model's and is never trusted: it only ever becomes text nodes, and the document's text equals what was sent.
 */
import { type HighlightedLine, Highlighter, type LineKind } from './highlight.ts';

const LINES_PER_BLOCK = 64;
/** A block that grows is painted again in its last part alone. More blocks instead would each be asked, every frame, whether they are seen. */
const LINES_PER_PART = 8;
/** A line longer than this is laid out in pieces, so that its growth costs the same at any length. */
const PIECE_CHARS = 4_096;
/** Nearer to the end than this counts as being at the end. */
const END_SLACK_PX = 24;
/** Control and direction characters that could make code look other than it is: shown by name, and kept from acting on the rest. */
const CONTROL = /(?![\t\n\r\u00ad]|\u200c|\u200d)[\p{Cc}\p{Cf}]/u;

export interface AnswerViewOptions {
  /** A text without code, as thinking is. */
  readonly proseOnly: boolean;
  /** Told when the view starts or stops following the end. */
  readonly onFollow?: (following: boolean) => void;
}

export class AnswerView {
  /** The element that scrolls and holds the text. */
  readonly element: HTMLElement;
  readonly #content: HTMLElement;
  readonly #options: AnswerViewOptions;
  #highlighter: Highlighter;
  #pending: string[] = [];
  /** Line ends in what is not drawn yet. */
  #pendingLines = 0;
  #block: HTMLElement | undefined;
  #part: HTMLElement | undefined;
  #blockKind: 'text' | 'code' = 'text';
  #blockLines = 0;
  #tailLine: HTMLElement | undefined;
  #tailNode: Text | undefined;
  #tail = '';
  #tailChars = 0;
  #finishedLines = 0;
  /** Finished lines of code since the last fence. Written on each line: counters of CSS would walk the whole text each frame. */
  #codeLine = 0;
  #following = true;
  #lastTop = 0;

  constructor(options: AnswerViewOptions) {
    this.#options = options;
    this.#highlighter = new Highlighter(options.proseOnly);
    this.element = document.createElement('div');
    this.element.className = options.proseOnly ? 'stream prose-only' : 'stream';
    this.#content = document.createElement('div');
    this.element.append(this.#content);
    // The end is followed when the browser has laid out the frame: asking before would make it lay out twice.
    const resized = new ResizeObserver(() => {
      if (this.#following) this.#pin();
    });
    resized.observe(this.#content);
    resized.observe(this.element);
    this.element.addEventListener('scroll', () => this.#onScroll(), { passive: true });
  }

  /** Lines so far, the unfinished one and those not drawn yet included. */
  get lines(): number {
    const last = this.#pending.at(-1);
    const isOpen = last === undefined ? this.#tailChars > 0 : !last.endsWith('\n');
    return this.#finishedLines + this.#pendingLines + (isOpen ? 1 : 0);
  }

  get following(): boolean {
    return this.#following;
  }

  /** Takes more text; it is drawn at the next {@link commit}. */
  append(delta: string): void {
    if (!delta) return;
    this.#pending.push(delta);
    for (let at = delta.indexOf('\n'); at >= 0; at = delta.indexOf('\n', at + 1)) this.#pendingLines += 1;
  }

  /** Forgets everything shown. */
  clear(): void {
    this.#highlighter = new Highlighter(this.#options.proseOnly);
    this.#pending = [];
    this.#pendingLines = 0;
    this.#block = undefined;
    this.#blockLines = 0;
    this.#dropTail();
    this.#finishedLines = 0;
    this.#codeLine = 0;
    this.#content.replaceChildren();
    this.#lastTop = 0;
    this.#setFollowing(true);
  }

  /** Draws what was appended. Once a frame, and before any view of the page asks where it stands. */
  commit(): void {
    if (this.#pending.length === 0) return;
    const text = this.#pending.length === 1 ? (this.#pending[0] ?? '') : this.#pending.join('');
    this.#pending = [];
    this.#pendingLines = 0;
    this.#draw(text);
  }

  /** The text has ended: its last line is finished, with a newline or without. */
  finish(): void {
    this.commit();
    if (this.#tailChars > 0) this.#finishLine('');
  }

  /** Goes to the end and follows it from then on. */
  jumpToEnd(): void {
    this.#setFollowing(true);
    this.#pin();
  }

  /** Puts the reader where they were. */
  scrollTo(top: number): void {
    this.element.scrollTop = top;
    this.#lastTop = this.element.scrollTop;
    this.#setFollowing(this.#atEnd());
  }

  #draw(text: string): void {
    let from = 0;
    for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', from)) {
      if (this.#tailChars + newline - from > PIECE_CHARS) this.#growTail(text.slice(from, newline));
      else this.#tail += text.slice(from, newline);
      from = newline + 1;
      this.#finishLine('\n');
    }
    if (from < text.length) this.#growTail(from === 0 ? text : text.slice(from));
  }

  /** Adds to the unfinished line on screen. */
  #growTail(text: string): void {
    if (!this.#tailNode || !this.#tailLine) {
      this.#tailLine = this.#newLine(this.#highlighter.kind);
      this.#tailNode = document.createTextNode(this.#tail);
      this.#tailLine.append(this.#tailNode);
      this.#tailChars = this.#tail.length;
    }
    for (let at = 0; at < text.length; ) {
      const room = PIECE_CHARS - (this.#tailNode?.length ?? 0);
      const piece = text.slice(at, at + Math.max(room, 0));
      this.#tailNode?.appendData(piece);
      this.#tailChars += piece.length;
      at += piece.length;
      if (at < text.length) this.#startPiece();
    }
    // Of a line in pieces the document holds the text; its beginning, too long to be coloured, is all that is kept here.
    if (this.#tail.length <= PIECE_CHARS) this.#tail += text;
  }

  /** Goes on with a very long line in a box of its own, which the lines before and after do not have to be laid out with. */
  #startPiece(): void {
    const line = this.#tailLine;
    if (!line) return;
    if (!line.classList.contains('long')) {
      line.classList.add('long');
      const first = pieceElement();
      first.append(...line.childNodes);
      line.append(first);
    }
    const piece = pieceElement();
    this.#tailNode = document.createTextNode('');
    piece.append(this.#tailNode);
    line.append(piece);
  }

  #finishLine(newline: '' | '\n'): void {
    const kindBefore = this.#highlighter.kind;
    const highlighted = this.#highlighter.line(this.#tail);
    const isLong = this.#tailLine?.classList.contains('long') ?? false;
    if (isLong && this.#tailLine) {
      this.#tailNode?.appendData(newline);
      this.#blockLines++;
    } else {
      if (this.#tailLine && highlighted.kind !== kindBefore) {
        this.#tailLine.remove();
        this.#tailLine = undefined;
      }
      const line = this.#tailLine ?? this.#newLine(highlighted.kind);
      line.className = lineClass(highlighted.kind);
      line.replaceChildren(...drawTokens(highlighted, newline));
      this.#blockLines++;
    }
    this.#finishedLines++;
    this.#codeLine = highlighted.kind === 'code' ? this.#codeLine + 1 : 0;
    this.#dropTail();
  }

  #dropTail(): void {
    this.#tailLine = undefined;
    this.#tailNode = undefined;
    this.#tail = '';
    this.#tailChars = 0;
  }

  /** An empty line at the end, in a block of its kind. */
  #newLine(kind: LineKind): HTMLElement {
    const blockKind = kind === 'text' ? 'text' : 'code';
    if (!this.#block || this.#blockLines >= LINES_PER_BLOCK || blockKind !== this.#blockKind) {
      this.#closeBlock();
      this.#block = document.createElement('div');
      this.#block.className = `block ${blockKind}`;
      this.#blockKind = blockKind;
      this.#blockLines = 0;
      this.#part = undefined;
      this.#content.append(this.#block);
    }
    if (!this.#part || this.#part.childElementCount >= LINES_PER_PART) {
      this.#part = document.createElement('div');
      this.#part.className = 'part';
      this.#block.append(this.#part);
    }
    const line = document.createElement('div');
    line.className = lineClass(kind);
    if (kind === 'code') line.dataset.number = String(this.#codeLine + 1);
    this.#part.append(line);
    return line;
  }

  /** Lets the browser skip a block that will not change, at about its height; a remembered height is better and wins. */
  #closeBlock(): void {
    if (!this.#block) return;
    if (this.#blockLines === 0) this.#block.remove();
    this.#block.classList.add('full');
    this.#block.style.containIntrinsicBlockSize = `auto calc(${this.#blockLines} * var(--line-height))`;
  }

  #pin(): void {
    this.element.scrollTop = this.element.scrollHeight;
    this.#lastTop = this.element.scrollTop;
  }

  #atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight <= END_SLACK_PX;
  }

  /** Only a person scrolls up; growth and our own pinning never do. */
  #onScroll(): void {
    const top = this.element.scrollTop;
    if (this.#following && top === this.#lastTop) return; // our own
    if (this.#atEnd()) this.#setFollowing(true);
    else if (top < this.#lastTop - 1) this.#setFollowing(false);
    this.#lastTop = top;
  }

  #setFollowing(following: boolean): void {
    if (following === this.#following) return;
    this.#following = following;
    this.#options.onFollow?.(following);
  }
}

const lineClass = (kind: LineKind): string => `line ${kind}`;

function pieceElement(): HTMLElement {
  const piece = document.createElement('span');
  piece.className = 'piece';
  return piece;
}

/** The nodes of a finished line, its newline in the last of them. */
function drawTokens({ tokens }: HighlightedLine, newline: '' | '\n'): Node[] {
  const nodes: Node[] = [];
  tokens.forEach(([token, text], index) => {
    const whole = index === tokens.length - 1 && !token ? text + newline : text;
    if (!token) nodes.push(...drawText(whole));
    else {
      const span = document.createElement('span');
      span.className = `tok-${token}`;
      span.append(...drawText(whole));
      nodes.push(span);
    }
  });
  if (newline && (tokens.length === 0 || tokens.at(-1)?.[0])) nodes.push(document.createTextNode(newline));
  return nodes;
}

/** Text as it is; characters that could mislead stand in a box of their own with their name beside them. */
function drawText(text: string): Node[] {
  if (!CONTROL.test(text)) return [document.createTextNode(text)];
  return text
    .split(new RegExp(`(${CONTROL.source})`, 'u'))
    .filter(Boolean)
    .map((part) => {
      if (!CONTROL.test(part)) return document.createTextNode(part);
      const box = document.createElement('span');
      box.className = 'control';
      box.dataset.name = `U+${(part.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
      box.append(part);
      return box;
    });
}
