import { REDACTED } from './redacted.ts'

/** What follows "://" up to an @: a user, a token, or a user and a password. */
const USER_INFO = /(:\/\/)[^\s/@"'?#\\<>]+(?::[^\s/"'?#<>]*)?@/g
/** A password may hold what an address may not: then its colon is what tells it from a path. */
const USER_PASSWORD = /(:\/\/)[^\s/@:"']*:[^\s/"'?#]+@/g
/** `user:password@tcp(host:3306)/db` of Go's MySQL driver. */
const GO_DSN = /(?<![\w:/])[\w.-]+:[^\s"'@]+(@(?:tcp|unix)\()/g
/** Two or three parts of Base64url, the first of which is a JSON object (RFC 7519). */
const JWT = /\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){0,3}/g
/** Keys that say by their beginning whose they are: AWS, Google, GitHub, GitLab, Slack, Stripe, SendGrid, Alibaba and Tencent Cloud, npm, OpenAI, Vault. */
const KNOWN =
  /(?<![A-Za-z0-9])(?:A(?:KIA|SIA|GPA|ROA|IDA)[A-Z0-9]{16}|AIza[\w-]{30,}|ya29\.[\w-]{10,}|gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{8,}|[rsp]k_(?:live|test)_[A-Za-z0-9]{8,}|SG\.[\w-]{10,}\.[\w-]{10,}|LTAI[A-Za-z0-9]{12,}|AKID[A-Za-z0-9]{13,}|npm_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{20,}|hv[sb]\.[\w-]{16,})/g

/** The letters of Base64 in both forms, and of hexadecimal numbers. */
const WORD = /[A-Za-z0-9+/_-]{20,}={0,2}/g
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
/** Digests and ids of containers are random, and no secrets. */
const AFTER_DIGEST = /(?:sha(?:1|256|512):|(?:containerd|docker|cri-o):\/\/)$/
/** Bits per character: of English some 4 at most in words of this length, of random Base64 more than that. */
const LEAST_ENTROPY = 3.3

/** Whether a text may hold such a value at all. */
export const mayHoldValue = (text: string): boolean => /@|eyJ|[A-Za-z0-9+/_-]{16}/.test(text)

/** Replaces what is a secret by its own form, whatever its name: users of addresses, tokens, keys of clouds, random words. */
export function withoutSecretValues(text: string): string {
  let kept = text
  if (kept.includes('@')) {
    if (kept.includes('://'))
      kept = kept.replace(USER_PASSWORD, `$1${REDACTED}@`).replace(USER_INFO, `$1${REDACTED}@`)
    kept = kept.replace(GO_DSN, `${REDACTED}$1`)
  }
  if (kept.includes('eyJ')) kept = kept.replace(JWT, REDACTED)
  return kept
    .replace(KNOWN, REDACTED)
    .replace(WORD, (word: string, at: number, all: string) =>
      isRandom(word) && !AFTER_DIGEST.test(all.slice(Math.max(0, at - 16), at)) ? REDACTED : word,
    )
}

/** Names of objects, paths and identifiers in code are made of words; uids are random, and needed. */
function isRandom(word: string): boolean {
  const bare = word.replace(/=+$/, '')
  if (UUID.test(bare)) return false
  if (/^[0-9a-f]{32,}$/i.test(bare)) return /\d/.test(bare) && entropyOf(bare) > 2.5
  const digits = bare.match(/\d/g)?.length ?? 0
  const isMixed = /[a-z]/.test(bare) && /[A-Z]/.test(bare) && digits > 0
  if (!isMixed || bare.startsWith('/')) return false
  // Parts of CamelCase, of snake_case and of a path are words, or numbers beside words.
  const parts = bare.split(/[/_-]|(?<=[a-z0-9])(?=[A-Z])/)
  const longest = Math.max(...parts.map((part) => part.length))
  const isOfWords = digits <= 3 && parts.every((part) => /^[A-Z]*[a-z]*\d*$/.test(part)) && longest >= 6
  return !isOfWords && entropyOf(bare) > LEAST_ENTROPY
}

/** Shannon's, in bits per character. */
function entropyOf(word: string): number {
  const counts = new Map<string, number>()
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1)
  let sum = 0
  for (const count of counts.values()) sum -= (count / word.length) * Math.log2(count / word.length)
  return sum
}
