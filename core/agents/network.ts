import { z } from 'zod';

/** A place in the network that an agent may want to reach. */
export interface Destination {
  /** A name in lower case, or an IPv4 address. */
  readonly host: string;
  readonly port: number;
}

/** What a list allows a destination: `tls`: encrypted, for exactly that name, at a public address; `exact`: it is listed with its port. */
export type Reach = 'tls' | 'exact';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** Its last part begins with a letter: what does not, is an address in one of its many spellings. */
const name = `(?:${label}\\.)*(?=[a-z])${label}`;
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const address = `${octet}(?:\\.${octet}){3}`;
const port = '[1-9]\\d{0,4}';

const entryShape = new RegExp(`^(?:(?:\\*\\.)?${name}|(?:${name}|${address}):${port})$`);
const authorityShape = new RegExp(`^(${name}|${address}):(${port})$`);
const addressShape = new RegExp(`^${address}$`);

/** A host that an agent may reach: "api.example.org", "*.example.org", or one with its port, such as "10.0.0.5:11434". */
export const hostEntry = z
  .string({ error: 'must be a host' })
  .max(260, 'must be at most 260 characters')
  .regex(entryShape, 'must be a host in lower case, "*.example.org", or a host or IPv4 address with its port');

/**
 * Reads the target of a CONNECT. Only one spelling of a host counts: lower case, ASCII, no dot at its end, no other form of an
 * address; everything else is `undefined`, for programs disagree about what it means.
 */
export function readDestination(authority: string): Destination | undefined {
  if (authority.length > 260) return undefined;
  const [, host, digits] = authorityShape.exec(authority) ?? [];
  const number = Number(digits);
  return host === undefined || number > 65_535 ? undefined : { host, port: number };
}

/** Whether a list allows a destination, and how; an address only where it stands in the list itself. */
export function reachOf(destination: Destination, allowed: readonly string[]): Reach | undefined {
  const { host, port: number } = destination;
  if (allowed.includes(`${host}:${number}`)) return 'exact';
  if (isAddress(host) || number !== 443) return undefined;
  const fits = (entry: string) => (entry.startsWith('*.') ? host.endsWith(entry.slice(1)) : entry === host);
  return allowed.some(fits) ? 'tls' : undefined;
}

/** An IPv4 address in its usual form. */
export function isAddress(host: string): boolean {
  return addressShape.test(host);
}
