import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { parse, stringify } from 'yaml'
import yargs from 'yargs'
import type { BenchRequest } from '#weir/bench/index.ts'
import { messageOf, usageError, WeirError } from '#weir/errors/index.ts'
import { refuseNonNumbers } from '../command.ts'
import { explainUsage } from '../usage.ts'
import { type BenchOptions, benchParser, type Given, givenFlags } from './parse.ts'
import { withoutSecrets } from './saved-secrets.ts'
import { camelCase, wordsOf } from './saved-words.ts'

type CommandName = BenchRequest['command']
type Saved = Record<string, unknown>

/** As in MQTTX. */
const DEFAULT_FILE = 'mqttx-cli-options.json'
/** MQTTX keeps the flags of each command under one of these. */
const SECTION = { conn: 'benchConn', sub: 'benchSub', pub: 'benchPub' } as const
/** Flags that exclude each other: a given one replaces the other in the file. */
const RIVALS = [
  ['interval', 'rate'],
  ['interval', 'schedule'],
  ['rate', 'schedule'],
  ['reconnect', 'reconnect-period'],
  ['reconnect', 'maximum-reconnect-times'],
  ['message', 'payload-size'],
  ['message', 'file-read'],
  ['payload-size', 'file-read'],
  ['verify', 'message'],
  ['verify', 'file-read'],
  ['verbose', 'json'],
] as const
const OF_FILES = ['save-options', 'load-options']

/** `-lo`: adds the flags of a file, checked like given ones. Throws WEIR_USAGE. */
export function loadSaved<O extends BenchOptions>(
  command: CommandName,
  given: Given<O>,
  options: O,
): Given<O> {
  const { 'load-options': place } = given as { 'load-options'?: string }
  if (place === undefined) return given
  const path = place || DEFAULT_FILE
  if (!existsSync(path))
    throw usageError(
      `--load-options ${path} does not exist: create it with --save-options, or use another file`,
    )
  const section = readFile(path)[SECTION[command]]
  if (typeof section !== 'object' || section === null || Array.isArray(section))
    throw usageError(
      `--load-options ${path} has no flags for bench ${command}: it needs an object "${SECTION[command]}"`,
    )
  const saved: Saved = parseSaved(path, section as Saved, options)
  for (const [one, other] of RIVALS) {
    if (isGiven(given, one)) delete saved[other]
    if (isGiven(given, other)) delete saved[one]
  }
  return { ...(saved as Given<O>), ...given }
}

/** `--no-verify` replaces nothing. */
function isGiven(given: Saved, name: string): boolean {
  return name in given && given[name] !== false
}

function parseSaved<O extends BenchOptions>(path: string, section: Saved, options: O): Given<O> {
  const parser = benchParser(yargs().help(false).version(false), options)
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error && error.name !== 'YError' ? error : explainUsage(message ?? error?.message ?? '', parser)
    })
  try {
    const args: Record<string, unknown> = parser.parseSync(wordsOf(section))
    refuseNonNumbers(args)
    const saved = givenFlags(args, options)
    for (const name of OF_FILES) delete saved[name as keyof typeof saved]
    return saved
  } catch (cause) {
    const why = messageOf(cause)
    throw usageError(`--load-options ${path}: ${why}`, cause)
  }
}

/**
 * `-so`: saves valid flags without secrets, next to those of other commands. Returns notes for the user. Throws WEIR_USAGE,
 * WEIR_DISK.
 */
export function saveGiven(command: CommandName, given: Saved): string[] {
  const { 'save-options': place } = given as { 'save-options'?: string }
  if (place === undefined) return []
  const path = place || DEFAULT_FILE
  const { kept, notes } = withoutSecrets(given)
  const saved = Object.entries(kept).filter(([name]) => !OF_FILES.includes(name))
  const content = {
    ...(existsSync(path) ? readFile(path) : {}),
    [SECTION[command]]: Object.fromEntries(saved.map(([name, value]) => [camelCase(name), value])),
  }
  try {
    writeFileSync(path, isYaml(path) ? stringify(content) : `${JSON.stringify(content, null, 2)}\n`, {
      mode: 0o600,
    })
    // An existing file keeps its mode, and MQTTX may have saved a password in it.
    chmodSync(path, 0o600)
  } catch (cause) {
    const why = messageOf(cause)
    throw new WeirError('WEIR_DISK', `--save-options ${path} cannot be written (${why}): use another path`, {
      cause,
    })
  }
  return [`the flags are saved in ${path}`, ...notes]
}

function readFile(path: string): Saved {
  try {
    const text = readFileSync(path, 'utf8')
    const content: unknown = isYaml(path) ? parse(text) : JSON.parse(text)
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Saved
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw usageError(
      `the options file ${path} cannot be read (${why}): it must be ${isYaml(path) ? 'YAML' : 'JSON'}`,
      cause,
    )
  }
  throw usageError(`the options file ${path} must contain an object with a section per command`)
}

function isYaml(path: string): boolean {
  return ['.yaml', '.yml'].includes(extname(path))
}
