/** FNV-1a, 32 bits. */
export function fnv32a(bytes: Iterable<number>): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash >>> 0
}

/** An order that looks arbitrary and never changes, and seeds derived from names. */
export const hash32 = (text: string): number => fnv32a(Buffer.from(text))

/** Kubernetes' rand.SafeEncodeString: no vowels, nothing that reads as a word. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'

export function safeEncode(text: string): string {
  let encoded = ''
  for (const character of text) encoded += SAFE[character.charCodeAt(0) % SAFE.length]
  return encoded
}

/** The end of a name that a controller derives from a template. */
export const safeHash = (bytes: Iterable<number>): string => safeEncode(String(fnv32a(bytes)))

/** The suffix of a set's name: its pod template, and a count that steps past a name that is taken. */
export function templateSuffix(template: unknown, collisionCount: number): string {
  const count = Buffer.alloc(8)
  count.writeUInt32LE(collisionCount)
  return safeHash(Buffer.concat([Buffer.from(JSON.stringify(template)), count]))
}
