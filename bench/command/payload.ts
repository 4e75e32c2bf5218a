import { readFileSync } from 'node:fs'
import { messageOf, usageError } from '#weir/errors/index.ts'
import { MOST_VARIABLE } from '../codec/fields.ts'
import { HEADER_BYTES } from '../ledger/header.ts'
import { readTemplate } from '../traffic/template.ts'
import type { PayloadSpec } from '../types.ts'
import { exclusive, requires } from './check-flags.ts'
import type { OutputFlags, PublishFlags } from './flags.ts'

const DEFAULT_MESSAGE = 'Hello From weir'

/**
 * The payload: `--verify` and `-S` set its size, `--file-read` and `-m` its text. MQTTX ignores -S next to a text; this
 * refuses it. Throws WEIR_USAGE.
 */
export function payloadOf(flags: PublishFlags & OutputFlags): PayloadSpec {
  exclusive(flags, ['message', 'file-read', 'payload-size'])
  if (flags.verify) {
    exclusive(flags, ['verify', 'message'])
    exclusive(flags, ['verify', 'file-read'])
  }
  if (flags['file-read'] === undefined) requires(flags, ['split'], '--file-read', 'it splits that file')
  const size = flags['payload-size']
  const bytes = size === undefined ? undefined : sizeInBytes('--payload-size', size)
  if (flags.template) return templateOf(flags)
  if (flags.verify) return { kind: 'ledger', bytes: ledgerBytes(bytes) }
  if (bytes !== undefined) return { kind: 'random', bytes }
  if (flags['file-read'] !== undefined) return fromFile(flags['file-read'], flags.split)
  return { kind: 'text', text: flags.message ?? DEFAULT_MESSAGE }
}

/** `-m` or the file with variables. Throws WEIR_USAGE for a variable that there is not. */
function templateOf(flags: PublishFlags & OutputFlags): PayloadSpec {
  exclusive(flags, ['template', 'payload-size'])
  const plain: PayloadSpec =
    flags['file-read'] === undefined
      ? { kind: 'text', text: flags.message ?? '' }
      : fromFile(flags['file-read'], flags.split)
  const templates = plain.kind === 'lines' ? plain.lines : [(plain as { text: string }).text]
  if (templates.every((template) => template === ''))
    throw usageError('--template requires -m or --file-read: they hold the text with its variables')
  for (const template of templates) readTemplate(template)
  return { kind: 'template', templates }
}

function ledgerBytes(bytes = HEADER_BYTES): number {
  if (bytes >= HEADER_BYTES) return bytes
  throw usageError(
    `--payload-size is ${bytes} bytes, but --verify needs ${HEADER_BYTES} for publisher, number and time in each message`,
  )
}

function fromFile(path: string, split: string | undefined): PayloadSpec {
  const text = textOf(path)
  if (split === undefined) return { kind: 'text', text }
  const separator = split === '' ? '\n' : split.replaceAll('\\n', '\n').replaceAll('\\t', '\t')
  const lines = text.split(separator)
  // The last line of a file ends as well, and no message follows it.
  if (lines.at(-1) === '') lines.pop()
  if (lines.length === 0) throw usageError(`--file-read ${path} is empty: there is nothing to publish`)
  return { kind: 'lines', lines }
}

function textOf(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    const why = messageOf(cause)
    throw usageError(`--file-read ${path} cannot be read (${why}): check the path`, cause)
  }
  if (bytes.length > LARGEST_BYTES)
    throw usageError(
      `--file-read ${path} has ${bytes.length} bytes, but MQTT allows at most ${LARGEST_BYTES}`,
    )
  const text = bytes.toString('utf8')
  if (!Buffer.from(text).equals(bytes))
    throw usageError(`--file-read ${path} is not UTF-8 text: use a text file, or -S for random bytes`)
  return text
}

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
/** The longest packet of MQTT (§2.1.4); the largest payload is a little shorter. */
const LARGEST_BYTES = MOST_VARIABLE

/** Bytes of "512", "512B", "1KB", "2.5MB": 1 KB is 1024 bytes, as with MQTTX. Throws WEIR_USAGE. */
function sizeInBytes(flag: string, text: string): number {
  const [, figure, unit = ''] = /^(\d+(?:\.\d+)?)\s*([BKMG]?)B?$/i.exec(text.trim()) ?? []
  if (figure === undefined)
    throw usageError(`${flag} "${text}" is not a size: use a form such as 512B, 1KB or 2.5MB`)
  const bytes = Math.round(Number(figure) * UNITS[unit.toUpperCase()]!)
  if (bytes > LARGEST_BYTES)
    throw usageError(`${flag} is ${bytes} bytes, but MQTT allows at most ${LARGEST_BYTES}`)
  return bytes
}
