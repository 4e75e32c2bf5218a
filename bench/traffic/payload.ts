import { HEADER_BYTES, makeHeader, writeHeader } from '../ledger/header.ts'
import type { LedgerIdentity } from '../ledger/shard-ledger.ts'
import { PAYLOAD_STREAM, uniform } from '../random/uniform.ts'
import type { PayloadSpec } from '../types.ts'

/** What the messages of one group are filled with. The same publisher and sequence number always give the same bytes, for a resend. */
export interface Payload {
  /** Bytes of message `sequence` (from 1). */
  size(sequence: number): number
  /** Writes them at `at`. `plannedMs`: on the fleet's clock. */
  fill(bytes: Buffer, at: number, publisher: number, sequence: number, plannedMs: number): void
}

/** Random messages are cut out of a common store, each at another place: to draw every byte anew would cost more than to send it. */
const STORE_EXTRA = 8191

/** `seed`: the fleet's. */
export function makePayload(
  spec: Exclude<PayloadSpec, { kind: 'template' }>,
  seed: number,
  identity: LedgerIdentity,
): Payload {
  switch (spec.kind) {
    case 'text':
      return lines([spec.text])
    case 'lines':
      return lines(spec.lines)
    case 'random':
      return random(spec.bytes, seed)
    case 'ledger':
      return ledger(Math.max(HEADER_BYTES, spec.bytes), seed, identity)
  }
}

function lines(texts: readonly string[]): Payload {
  const all = texts.map((text) => Buffer.from(text))
  const line = (sequence: number) => all[(sequence - 1) % all.length] ?? Buffer.alloc(0)
  return {
    size: (sequence) => line(sequence).length,
    fill: (bytes, at, _publisher, sequence) => {
      line(sequence).copy(bytes, at)
    },
  }
}

function random(size: number, seed: number): Payload {
  const store = randomStore(size, seed)
  return {
    size: () => size,
    fill: (bytes, at, publisher, sequence) => {
      store.copy(bytes, at, placeOf(publisher, sequence), placeOf(publisher, sequence) + size)
    },
  }
}

function ledger(size: number, seed: number, { tag, anchorMicros }: LedgerIdentity): Payload {
  const rest = size - HEADER_BYTES
  const store = randomStore(rest, seed)
  const header = makeHeader(tag)
  return {
    size: () => size,
    fill: (bytes, at, publisher, sequence, plannedMs) => {
      header.publisher = publisher
      header.sequence = sequence
      header.plannedMicros = Math.round(anchorMicros + plannedMs * 1000)
      writeHeader(bytes, at, header)
      const from = placeOf(publisher, sequence)
      if (rest > 0) store.copy(bytes, at + HEADER_BYTES, from, from + rest)
    },
  }
}

function placeOf(publisher: number, sequence: number): number {
  return (publisher * 31 + sequence * 7) % STORE_EXTRA
}

function randomStore(size: number, seed: number): Buffer {
  const store = Buffer.allocUnsafe(size === 0 ? 0 : size + STORE_EXTRA)
  for (let i = 0; i < store.length; i++) store[i] = uniform(seed, PAYLOAD_STREAM, i) * 256
  return store
}
