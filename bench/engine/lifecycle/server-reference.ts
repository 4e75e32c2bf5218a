import { isIPv6 } from 'node:net'
import type { Target } from '../../types.ts'

/** A target as records name it. */
export function targetName({ host, port }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/**
 * The servers of a Server Reference: host[:port], separated by spaces, IPv6 in brackets (MQTT 5 §4.11). `port`: the
 * default, that of the referring server. Invalid entries are skipped.
 */
export function parseServerReference(text: string, port: number): Target[] {
  return text
    .split(' ')
    .map((word) => parseOne(word, port))
    .filter((target) => target !== undefined)
}

function parseOne(word: string, defaultPort: number): Target | undefined {
  if (isIPv6(word)) return { host: word, port: defaultPort }
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(word)
  if (!match) return undefined
  const port = match[3] === undefined ? defaultPort : Number(match[3])
  return port > 0 && port <= 0xffff ? { host: (match[1] ?? match[2])!, port } : undefined
}
