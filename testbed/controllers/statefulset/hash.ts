const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** The value with its keys in order, so that equal templates have equal texts. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, canonical(item)]),
  )
}

export const canonicalText = (value: unknown): string => JSON.stringify(canonical(value))

/** 32-bit FNV-1a of the text, written as the real controllers write hashes: digits moved to letters that spell nothing. */
export function safeHash(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return [...String(hash)].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('')
}
