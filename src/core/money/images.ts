/**
 * How many tokens a picture costs: each family of models has a formula over the width and height, read from the first bytes of the file.
 *
 * Sources: the vendors' vision guides as of November 2026 (platform.claude.com "Vision", developers.openai.com "Images and vision",
 * ai.google.dev "Understand media tokens"). Where the formula or the picture is unknown, the figure is an upper bound.
 */
import { bytesOfBase64 } from '../../shared/figures.ts';
import type { ImageMediaType, MessagePart } from '../../shared/model.ts';
import type { SentPicture } from '../../shared/sending.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface ImageTokens {
  /** The same as `likely` where a formula says it, 0 where none is known for the model or the picture cannot be read. */
  readonly least: number;
  readonly likely: number;
  /** At least what the vendor may count. */
  readonly upper: number;
}

/** Tokens of a picture by the formula of the model's family. */
export function imageTokens(base64: string, model: string): ImageTokens {
  const size = readImageSize(base64);
  const formula = FORMULAS.find(({ family }) => family.test(model));
  const { upper: most, likely: probable = most } = formula ?? UNKNOWN_FAMILY;
  const upper = Math.ceil(most(size ?? LARGEST));
  const likely = Math.min(upper, Math.ceil(probable(size ?? LARGEST)));
  return { least: size && formula ? likely : 0, likely, upper };
}

/**
 * A picture as it is sent, for showing; what the vendor makes of it only where the model's family and the picture's size are known.
 * Without a model nothing is said of a vendor.
 */
export function describePicture({ mediaType, base64 }: ImagePart, model?: string): SentPicture {
  const size = readImageSize(base64);
  const formula = model === undefined ? undefined : FORMULAS.find(({ family }) => family.test(model));
  const scaledTo = size && formula?.scaledTo?.(size);
  return {
    mediaType,
    bytes: bytesOfBase64(base64),
    ...(size ? { size } : {}),
    ...(scaledTo ? { scaledTo } : {}),
    ...(size && formula && model !== undefined ? { tokens: imageTokens(base64, model).likely } : {}),
  };
}

type ImagePart = Extract<MessagePart, { readonly type: 'image' }>;

/** A picture whose size nobody can read counts like one that reaches every limit. */
const LARGEST: Size = { width: 16_384, height: 16_384 };

interface Formula {
  /** Tested against the model's id; the first that fits counts. */
  readonly family: RegExp;
  readonly upper: (size: Size) => number;
  /** Absent: the upper bound is all that is known. */
  readonly likely?: (size: Size) => number;
  /** The size the vendor's published rule makes of it, the same where it fits. Undefined where no rule is known. */
  readonly scaledTo?: (size: Size) => Size | undefined;
}

/** Squares of that side that cover the picture; what scaling leaves in the last binary digits does not open another one. */
const squares = ({ width, height }: Size, side: number): number =>
  Math.ceil(width / side - 1e-9) * Math.ceil(height / side - 1e-9);

const scaled = ({ width, height }: Size, factor: number): Size => ({ width: width * factor, height: height * factor });

/** Made smaller, never larger, until the long side fits. */
const fitLong = (size: Size, longest: number): Size => scaled(size, Math.min(1, longest / Math.max(size.width, size.height)));
const fitShort = (size: Size, shortest: number): Size => scaled(size, Math.min(1, shortest / Math.min(size.width, size.height)));

/** Anthropic: one token for 28 x 28 pixels after the long side was made to fit. */
const claude =
  (longest: number) =>
  (size: Size): number =>
    squares(fitLong(size, longest), 28);

/** Older texts of the same guide say width x height / 750, a little more. */
const claudeUpper =
  (longest: number) =>
  (size: Size): number => {
    const { width, height } = fitLong(size, longest);
    return Math.max(claude(longest)(size), (width * height) / 750);
  };

/** OpenAI, tiles: fit into 2048, short side to 768, then a base and a price for each tile of 512 pixels. */
const tiles =
  (base: number, perTile: number) =>
  (size: Size): number =>
    base + perTile * squares(fitShort(fitLong(size, 2048), 768), 512);

/** OpenAI, patches of 32 x 32 pixels up to a budget, times a multiplier that depends on the model. */
const patches =
  (budget: number, multiplier: number) =>
  (size: Size): number =>
    Math.min(squares(size, 32), budget) * multiplier;

/** Google: 258 for each tile of 768 pixels; since Gemini 3 a resolution may be chosen, of at most 2240 tokens. */
const gemini = (size: Size): number => 258 * (Math.max(size.width, size.height) <= 384 ? 1 : squares(fitLong(size, 3072), 768));

const whole = ({ width, height }: Size): Size => ({
  width: Math.max(1, Math.round(width)),
  height: Math.max(1, Math.round(height)),
});

/** Anthropic: the largest size of that shape within the long side and the tokens ("Images and vision", "Evaluate image size"). */
const claudeSees =
  (longest: number, mostTokens: number) =>
  (size: Size): Size => {
    const long = Math.max(size.width, size.height);
    for (let side = Math.min(long, longest); side > 1; side--) {
      const fitting = whole(scaled(size, side / long));
      if (squares(fitting, 28) <= mostTokens) return fitting;
    }
    return size;
  };

const tilesSee = (size: Size): Size => whole(fitShort(fitLong(size, 2048), 768));

/** OpenAI: within 2048 pixels and the budget, shrunk once more so that whole patches stay within it ("Images and vision"). */
const patchesSee =
  (budget: number) =>
  (size: Size): Size => {
    const { width, height } = fitLong(size, 2048);
    if (squares({ width, height }, 32) <= budget) return whole({ width, height });
    const shrink = Math.sqrt((32 ** 2 * budget) / (width * height));
    const inPatches = (length: number): number => Math.floor((length * shrink) / 32) / ((length * shrink) / 32);
    return whole(scaled({ width, height }, shrink * Math.min(inPatches(width), inPatches(height))));
  };

/** Since GPT-5.6 `detail: auto` means `original`: as it is, up to 30,000 patches. */
const originalSees = (size: Size): Size | undefined => (squares(size, 32) <= 30_000 ? size : undefined);

const UNKNOWN_FAMILY: Formula = {
  family: /./,
  upper: (size) =>
    Math.max(patches(10_000, 2.46)(size), patches(30_000, 1.2)(size), claudeUpper(2576)(size), tiles(85, 170)(size), 2240),
};

const FORMULAS: readonly Formula[] = [
  // Up to 4.6 the long side is at most 1568 pixels and a picture about 1560 tokens; since 4.7 the long side is at most 2576.
  {
    family: /claude-(?:instant|[123]\b|[a-z]+-[34]-20\d{6}|[a-z]+-4[.-][0-6]\b|[a-z]+-4$)/i,
    upper: claudeUpper(1568),
    likely: (size) => Math.min(claude(1568)(size), 1568),
    scaledTo: claudeSees(1568, 1568),
  },
  { family: /claude/i, upper: claudeUpper(2576), likely: claude(2576), scaledTo: claudeSees(2576, 4784) },
  { family: /gpt-4o-mini/i, upper: tiles(2833, 5667), scaledTo: tilesSee },
  { family: /gpt-(?:4\.1|5)-nano/i, upper: patches(1536, 2.46), scaledTo: patchesSee(1536) },
  { family: /gpt-(?:4\.1|5)-mini/i, upper: patches(1536, 1.62), scaledTo: patchesSee(1536) },
  { family: /gpt-5\.4-(?:mini|nano)/i, upper: patches(2500, 2.46), likely: patches(1536, 1.62) },
  { family: /o4-mini|codex-mini/i, upper: patches(1536, 1.72), scaledTo: patchesSee(1536) },
  { family: /gpt-5\.[6-9]/i, upper: patches(30_000, 1.2), scaledTo: originalSees },
  { family: /gpt-5\.[45]/i, upper: patches(10_000, 1.2), likely: patches(2500, 1.2) },
  {
    family: /gpt-5\.[0-3]/i,
    upper: (size) => Math.max(patches(1536, 1.2)(size), tiles(85, 170)(size)),
    likely: patches(1536, 1.2),
  },
  { family: /gpt-4o|gpt-4\.1|gpt-4-turbo|gpt-5|(?:^|\/)o[134](?:-|$)/i, upper: tiles(85, 170), scaledTo: tilesSee },
  { family: /gemini/i, upper: (size) => Math.max(gemini(size), 2240), likely: gemini },
];

/**
 * Width and height in pixels, from the header of a PNG, JPEG, GIF or WebP file. The bytes decide, not the media type that came with them.
 * Undefined when the file is none of these, is cut short, or says a size that no picture has.
 */
export function readImageSize(base64: string): Size | undefined {
  const head = decode(base64.slice(0, 64));
  const format = head && formatOf(head);
  if (!head || !format) return undefined;
  const size = format === 'image/jpeg' ? readJpeg(base64) : READERS[format](head);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

function decode(base64: string): DataView | undefined {
  try {
    return new DataView(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
  } catch {
    return undefined; // not base64
  }
}

const ascii = (view: DataView, at: number, length: number): string =>
  at + length > view.byteLength ? '' : String.fromCharCode(...new Uint8Array(view.buffer, at, length));

function formatOf(head: DataView): ImageMediaType | undefined {
  if (ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n' && ascii(head, 12, 4) === 'IHDR') return 'image/png';
  if (/^GIF8[79]a/.test(ascii(head, 0, 6))) return 'image/gif';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') return 'image/webp';
  return ascii(head, 0, 2) === '\xff\xd8' ? 'image/jpeg' : undefined;
}

/** Each reads a head of 48 bytes, or what there is. */
const READERS: Record<Exclude<ImageMediaType, 'image/jpeg'>, (head: DataView) => Size | undefined> = {
  'image/png': (head) => (head.byteLength < 24 ? undefined : { width: head.getUint32(16), height: head.getUint32(20) }),
  'image/gif': (head) => (head.byteLength < 10 ? undefined : { width: head.getUint16(6, true), height: head.getUint16(8, true) }),
  'image/webp': readWebp,
};

/** RFC 9649: a lossy (`VP8 `), lossless (`VP8L`) or extended (`VP8X`) first chunk. */
function readWebp(head: DataView): Size | undefined {
  if (head.byteLength < 30) return undefined;
  switch (ascii(head, 12, 4)) {
    case 'VP8 ':
      return { width: head.getUint16(26, true) & 0x3fff, height: head.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = head.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X': {
      const uint24 = (at: number): number => head.getUint16(at, true) | (head.getUint8(at + 2) << 16);
      return { width: uint24(24) + 1, height: uint24(27) + 1 };
    }
    default:
      return undefined;
  }
}

/** The frame header may stand behind long comments, thumbnails and colour profiles: look at a little first, then at everything. */
function readJpeg(base64: string): Size | undefined {
  for (const length of [64 * 1024, base64.length]) {
    const file = decode(base64.slice(0, length));
    const size = file && findFrame(file);
    if (size) return size;
  }
  return undefined;
}

/** ITU-T T.81, B.1.1: segments of marker and length; SOF0 to SOF15 hold the size, except DHT (C4), JPG (C8) and DAC (CC). */
function findFrame(file: DataView): Size | undefined {
  for (let at = 2; at + 9 <= file.byteLength; ) {
    if (file.getUint8(at) !== 0xff) return undefined;
    const marker = file.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { height: file.getUint16(at + 5), width: file.getUint16(at + 7) };
    }
    if (marker === 0xd9 || marker === 0xda) return undefined; // the picture's data began, or it ended
    const standsAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    at += standsAlone ? 2 : 2 + Math.max(2, file.getUint16(at + 2));
  }
  return undefined;
}
