import type { IncomingMessage } from 'node:http'

export interface Credential {
  username: string
  password: string
}

/** The default user of every EMQX. */
export const DEFAULT_USER: Credential = { username: 'admin', password: 'public' }

/** `user:password` of a Basic Authorization header; undefined when it is none. */
export function basicOf(request: IncomingMessage): string | undefined {
  const match = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? '')
  return match === null ? undefined : Buffer.from(match[1]!, 'base64').toString()
}

export function isOneOf(given: string, known: readonly Credential[]): boolean {
  return known.some(({ username, password }) => given === `${username}:${password}`)
}
