/** Lines that prove themselves whole: the CRC-32 of a JSON text (8 hex digits), a space, the JSON, and the line's end. */
import { crc32 } from 'node:zlib';

/** A value as one line. */
export function checkedLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** The value of a line without its end; undefined when the line is not as it was written. */
export function readChecked(line: string): unknown {
  const json = line.slice(9);
  return line[8] === ' ' && line.slice(0, 8) === checksum(json) ? (JSON.parse(json) as unknown) : undefined;
}

const checksum = (json: string): string => crc32(json).toString(16).padStart(8, '0');
