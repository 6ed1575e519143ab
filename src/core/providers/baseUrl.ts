/**
 * What a base URL may look like. A key is bound to the origin of this address, so everything that makes an address read differently
 * from where it leads (user names, look-alike hosts, trailing dots, hidden characters) is refused rather than cleaned.
 */

/** True for this machine: `localhost`, `*.localhost`, 127.0.0.0/8 and `::1`. Takes a host name as `URL` gives it. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** One sentence on what is wrong with the address, or undefined when a key may be sent there. */
export function validateBaseUrl(text: string): string | undefined {
  if (text.trim() === '') return 'The base URL is empty. Write an address such as https://api.example.com/v1.';
  // Only printable ASCII: no spaces, line breaks, invisible marks or letters that look like others.
  if (!/^[\x21-\x7e]+$/.test(text))
    return `The base URL ${shown(text)} contains spaces or characters outside plain ASCII. Remove them.`;
  if (text.includes('\\')) return `The base URL ${shown(text)} contains a backslash. Use forward slashes.`;
  const url = URL.parse(text);
  if (!url || !/^https?:\/\/[^/]/i.test(text)) {
    return `The base URL ${shown(text)} is not an address. Write it whole, such as https://api.example.com/v1.`;
  }
  if (url.username !== '' || url.password !== '' || /^https?:\/\/[^/?#]*@/i.test(text)) {
    return `The base URL for ${url.hostname} contains a user name or password. Remove it and set the key with "Set API Key".`;
  }
  if (/[?#]/.test(text)) return `The base URL ${shown(text)} contains "?" or "#". Leave out everything from there on.`;
  if (/%/.test(url.hostname) || /(^|\.)xn--/i.test(url.hostname)) {
    return `The host ${url.hostname} is written in another alphabet and may only look like a known name. Use a plain host name.`;
  }
  if (url.hostname.endsWith('.')) return `The host ${url.hostname} ends in a dot. Remove the dot.`;
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return `http:// would send the key to ${url.hostname} unprotected. Use https://; plain http is for this machine only.`;
  }
  return undefined;
}

/** Scheme, host and port: what a key is bound to. Throws a TypeError for what {@link validateBaseUrl} refuses as no address. */
export const originOf = (baseUrl: string): string => new URL(baseUrl).origin;

/** True when the address leads to this machine. */
export function isLoopbackUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && isLoopbackHost(parsed.hostname);
}

const shown = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
