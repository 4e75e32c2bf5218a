import { randomInt } from 'node:crypto'

/** Letters and digits of generated names: no vowels, and nothing that looks like another (k8s.io/apimachinery rand). */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'

export function randomSuffix(length = 5): string {
  let text = ''
  for (let i = 0; i < length; i++) text += SAFE[randomInt(SAFE.length)]
  return text
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** What is wrong with a name, in the real server's words, or undefined. */
export function nameProblem(name: string): string | undefined {
  if (name.length > 253) return 'must be no more than 253 bytes'
  if (SUBDOMAIN.test(name)) return undefined
  return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
}
