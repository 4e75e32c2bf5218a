import { REDACTED } from './redacted.ts'
import { isSecretArgument } from './secret-arguments.ts'
import { isSecretName } from './secret-names.ts'
import { mayHoldValue, withoutSecretValues } from './secret-values.ts'

export { REDACTED }

/** Only such strings are examined: most strings of an object are names, times and addresses. */
const SUSPICIOUS =
  /pass|pwd|psk|secret|token|cookie|licen[sc]e|credential|key|auth|header|signature|sig=|sasl|dsn|connection|salt|private|\bx-[\w-]+["']?[ \t]*[:=]|bootstrap_user|:\/\/|-----BEGIN|LS0tLS1CRUdJTi|(?:^|[\s"'])-/i

const PEM = /-----BEGIN [A-Z0-9 ]*(?:KEY|CERTIFICATE)(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*-----|$)/g
/** "-----BEGIN" in base64. */
const PEM_BASE64 = /LS0tLS1CRUdJTi[A-Za-z0-9+/=]*/g
/** Headers in HOCON, JSON and Erlang: `headers { a = "b" }`, `headers => #{<<"a">> => <<"b">>}`, `headers = [{"a","b"}]`. */
const HEADERS = /(\bheaders\\?["']?(?:>>)?[ \t]*(?:=>|[=:,])?[ \t]*#?)(\{[^{}]*\}|\[[^\]]*\])/gi
/** A header in a line of a request. */
const HEADER_LINE =
  /((?:^|\n)[ \t]*["']?(?:x-[\w-]*|[\w-]*-(?:key|token|auth|signature))["']?[ \t]*[:=][ \t]*)[^\n]+/gi
// Both begin at a word boundary, so that a long word is scanned once, not from each of its letters.
// The signs are also those of Erlang: `name => value`, and `{name,value}`, each name and value perhaps a binary, `<<"…">>`.
const NAME = /(?<![\w.$-])([\w.$-]+)(?:\\?["'])?(?:(?:\/utf8)?>>)?[ \t]*/.source
const ASSIGNMENT = new RegExp(`${NAME}(=>\\s*|,\\s*|[=:][ \\t]*)`, 'g')
const ASSIGNMENT_AT_END = new RegExp(`${NAME}(=>|[,=:])\\s*$`)
/** No name that ends a line is longer. */
const MOST_NAME = 200
const TUPLE = /\{\s*(?:<<)?(?:\\?["'])?$/
const OPTION = /(?<![^\s"'`(])(-{1,2}[A-Za-z][\w.-]*)[ \t]+("[^"\n]*"|'[^'\n]*'|[^\s"';|&]+)/g
const USER_IN_ONE_WORD = /(?<![^\s"'`(])(-u)[^\s=:"'-][^\s:"']*:[^\s"']+/g

const VALUES = {
  /** A binary, one in a string of JSON, one of numbers; a string that is printed as a list of numbers. */
  erlang:
    /<<\\"[\s\S]*?(?:\\"(?:\/utf8)?>>|$)|<<"(?:[^"\\]|\\[\s\S])*(?:"(?:\/utf8)?>>|$)|<<[^>]*(?:>>|$)|\[[^\]]*(?:\]|$)/y,
  /** Quotes of HOCON, of JSON, of JSON inside a string, and of YAML; then YAML's block of lines. */
  quoted:
    /"""[\s\S]*?(?:"""|$)|\\"[\s\S]*?(?:\\"|$)|"(?:[^"\\]|\\[\s\S])*(?:"|$)|'[^'\n]*'|[|>][+-]?[ \t]*(?:\n[ \t]+[^\n]*)+/y,
  line: /[^\n]+/y,
  word: /(?:(?:Basic|Bearer)[ \t]+)?[^\s"']+/iy,
  inline: /(?:(?:Basic|Bearer)[ \t]+)?[^\s,}"']+/iy,
}

/** Fields of events that hold words of others: of servers, operators, libraries. */
const TEXTS = ['error', 'detail', 'text', 'lastMismatch', 'message', 'reason', 'why'] as const

/** An event without the secrets in such words. Does not change its argument. */
export function withoutSecretsInTexts<E extends object>(event: E): E {
  let kept: E | undefined
  for (const field of TEXTS) {
    const said = (event as Record<string, unknown>)[field]
    if (typeof said !== 'string') continue
    const without = withoutSecretsInText(said)
    if (without !== said) kept = { ...(kept ?? event), [field]: without }
  }
  return kept ?? event
}

/** Replaces each secret in the text by REDACTED. */
export function withoutSecretsInText(text: string): string {
  if (!SUSPICIOUS.test(text)) return mayHoldValue(text) ? withoutSecretValues(text) : text
  let kept = text
  if (kept.includes('-----BEGIN')) kept = kept.replace(PEM, REDACTED)
  if (kept.includes('LS0tLS1CRUdJTi')) kept = kept.replace(PEM_BASE64, REDACTED)
  kept = kept.replace(
    HEADERS,
    (_all, name: string, block: string) => `${name}${block[0]}${REDACTED}${block.at(-1)}`,
  )
  kept = kept.replace(HEADER_LINE, `$1${REDACTED}`)
  kept = withoutOptions(withoutAssignments(kept))
  return mayHoldValue(kept) ? withoutSecretValues(kept) : kept
}

function withoutOptions(text: string): string {
  if (!/(?:^|[\s"'`(])-/.test(text)) return text
  const portIsUpperCase = /\s-P[ \t]+\d+(?!\S)/.test(text)
  return text
    .replace(USER_IN_ONE_WORD, `$1${REDACTED}`)
    .replace(OPTION, (all: string, option: string, value: string, at: number) => {
      if (value === REDACTED) return all
      const before =
        text
          .slice(Math.max(0, at - 80), at)
          .split(/[;|&\n]/)
          .at(-1) ?? ''
      const isSecret = isSecretArgument(option, value, before, option === '-p' && portIsUpperCase)
      return isSecret ? all.slice(0, all.length - value.length) + REDACTED : all
    })
}

function withoutAssignments(text: string): string {
  let kept = ''
  let copied = 0
  ASSIGNMENT.lastIndex = 0
  for (let found = ASSIGNMENT.exec(text); found; found = ASSIGNMENT.exec(text)) {
    const [all, name = '', sign = ''] = found
    if (!isAssigned(text, found.index, name, sign)) continue
    const from = found.index + all.length
    const erlangEnd = /^[=:]\s*$/.test(sign) ? from : endOf(VALUES.erlang, text, from)
    const to = erlangEnd > from ? erlangEnd : endOfValue(text, found.index, from)
    if (to === from) continue
    kept += text.slice(copied, from) + REDACTED
    copied = to
    ASSIGNMENT.lastIndex = to
  }
  return copied === 0 ? text : kept + text.slice(copied)
}

/** Whether the value of a secret follows on the next line. */
export function endsBeforeSecret(line: string): boolean {
  const end = line.slice(-MOST_NAME)
  const [, name, sign = ''] = ASSIGNMENT_AT_END.exec(end) ?? []
  return name !== undefined && isAssigned(end, end.lastIndexOf(name), name, sign)
}

/** A comma follows a name in a tuple only: elsewhere it is prose, or a list of names. */
function isAssigned(text: string, nameAt: number, name: string, sign: string): boolean {
  if (!assignsSecret(name)) return false
  return !sign.startsWith(',') || TUPLE.test(text.slice(Math.max(0, nameAt - 80), nameAt))
}

/** A licence in a configuration is a plain `key`. */
function assignsSecret(name: string): boolean {
  return /(^|[.-])key$/i.test(name) || name === '--user' || isSecretName(name)
}

/** A setting on its own line extends to the end of the line, `name=value` to the next space, others also to , or }. */
function endOfValue(text: string, nameAt: number, from: number): number {
  const quotedEnd = endOf(VALUES.quoted, text, from)
  if (quotedEnd > from) return quotedEnd
  const before = text.slice(Math.max(0, nameAt - 80), nameAt)
  const isSpaced = /[ \t]/.test(text[from - 1] ?? '')
  if (isSpaced && /(?:^|\n)[ \t]*["']?$/.test(before)) return endOf(VALUES.line, text, from)
  const isWord = nameAt === 0 || /\s/.test(text[nameAt - 1] ?? '')
  return endOf(isWord ? VALUES.word : VALUES.inline, text, from)
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}
