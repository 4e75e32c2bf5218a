import { usageError } from '#weir/errors/index.ts'
import type { LedgerIdentity } from '../ledger/shard-ledger.ts'
import { PAYLOAD_STREAM, uniform } from '../random/uniform.ts'
import type { Payload } from './payload.ts'
import { type TopicOwner, topicOf } from './topic.ts'

/** Digits of a time in milliseconds since 1970, until the year 2286; characters of the same in ISO 8601. */
const DIGITS = 13
const ISO = 24
const LONGEST_HEX = 1024

/** What a template says, piece by piece. */
type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'counter' }
  | { kind: 'time' }
  | { kind: 'isotime' }
  | { kind: 'random' }
  | { kind: 'integer'; low: number; high: number }
  | { kind: 'hex'; length: number }

const PIECE = /%\{([a-z]+)(?::([^}]*))?\}/g

/**
 * The pieces of one template: `%{counter}` (from 1), `%{time}` and `%{isotime}` (of the planned instant), `%{random}` (0 to 1),
 * `%{random:LOW-HIGH}` (a whole number) and `%{hex:LENGTH}`. The variables of topics stay in its texts. Throws WEIR_USAGE for others.
 */
export function readTemplate(template: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const match of template.matchAll(PIECE)) {
    pieces.push(
      { kind: 'text', text: template.slice(from, match.index) },
      pieceOf(match[0], match[1]!, match[2]),
    )
    from = match.index + match[0].length
  }
  pieces.push({ kind: 'text', text: template.slice(from) })
  return pieces.filter((piece) => piece.kind !== 'text' || piece.text !== '')
}

function pieceOf(whole: string, name: string, argument: string | undefined): Piece {
  if (
    argument === undefined &&
    (name === 'counter' || name === 'time' || name === 'isotime' || name === 'random')
  )
    return { kind: name }
  const [, low, high] = /^(-?\d+)-(-?\d+)$/.exec(argument ?? '') ?? []
  if (
    name === 'random' &&
    low !== undefined &&
    Number(low) <= Number(high) &&
    Number(high) - Number(low) < 2 ** 32
  )
    return { kind: 'integer', low: Number(low), high: Number(high) }
  const length = /^\d{1,4}$/.test(argument ?? '') ? Number(argument) : 0
  if (name === 'hex' && length > 0 && length <= LONGEST_HEX) return { kind: 'hex', length }
  throw usageError(
    `${whole} is not a variable of a template: use %{counter}, %{time}, %{isotime}, %{random}, %{random:1-100}, %{hex:8}, %i, %{i+1}, %c or %u`,
  )
}

/** The messages of one publisher by templates in turn: values of a JSON template are escaped as its strings need. */
export function templatePayload(
  templates: readonly string[],
  owner: TopicOwner,
  seed: number,
  { anchorMicros }: LedgerIdentity,
): Payload {
  const all = templates.map((template) => readTemplate(template).map(filledFor(owner, isJson(template))))
  const message = { sequence: 0, bytes: Buffer.alloc(0), times: [] as { at: number; isIso: boolean }[] }
  const render = (sequence: number) => {
    if (message.sequence === sequence) return
    const pieces = all[(sequence - 1) % all.length]!
    let text = ''
    message.times = []
    for (const [nth, piece] of pieces.entries()) {
      if (piece.kind === 'time' || piece.kind === 'isotime') {
        message.times.push({ at: Buffer.byteLength(text), isIso: piece.kind === 'isotime' })
        text += ' '.repeat(piece.kind === 'time' ? DIGITS : ISO)
      } else
        text += textOfPiece(piece, sequence, (draw) =>
          uniform(seed, PAYLOAD_STREAM, ((owner.index * 4093 + sequence) * 67 + nth) * 131 + draw),
        )
    }
    message.sequence = sequence
    message.bytes = Buffer.from(text)
  }
  return {
    size(sequence) {
      render(sequence)
      return message.bytes.length
    },
    fill(bytes, at, _publisher, sequence, plannedMs) {
      render(sequence)
      message.bytes.copy(bytes, at)
      const epochMs = Math.floor(anchorMicros / 1000 + plannedMs)
      for (const time of message.times)
        bytes.write(time.isIso ? new Date(epochMs).toISOString() : String(epochMs), at + time.at, 'latin1')
    },
  }
}

const filledFor = (owner: TopicOwner, escapes: boolean) => {
  const escaped = escapes
    ? { ...owner, clientId: jsonEscaped(owner.clientId), username: jsonEscaped(owner.username ?? '') }
    : owner
  return (piece: Piece): Piece =>
    piece.kind === 'text' ? { kind: 'text', text: topicOf(piece.text, escaped) } : piece
}

const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Whether a template is JSON once its variables have values. */
function isJson(template: string): boolean {
  if (!/^\s*[{[]/.test(template)) return false
  try {
    JSON.parse(template.replaceAll(PIECE, '1').replaceAll(/%(?:[icu]|\{i\+\d+\})/g, '1'))
    return true
  } catch {
    return false
  }
}

function textOfPiece(
  piece: Exclude<Piece, { kind: 'time' | 'isotime' }>,
  sequence: number,
  draw: (nth: number) => number,
): string {
  switch (piece.kind) {
    case 'text':
      return piece.text
    case 'counter':
      return String(sequence)
    case 'random':
      return draw(0).toFixed(6)
    case 'integer':
      return String(piece.low + Math.floor(draw(0) * (piece.high - piece.low + 1)))
    case 'hex':
      return Array.from({ length: piece.length }, (_, digit) =>
        Math.floor(draw(digit) * 16).toString(16),
      ).join('')
  }
}
