import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { parse, stringify } from 'yaml'
import yargs from 'yargs'
import type { BenchRequest } from '#weir/bench/index.ts'
import { messageOf, usageError, WeirError } from '#weir/errors/index.ts'
import { isSecretName } from '#weir/record/secret-names.ts'
import { refuseNonNumbers } from '../command.ts'
import { explainUsage } from '../usage.ts'
import { type BenchOptions, benchParser, type Given, givenFlags } from './parse.ts'

type CommandName = BenchRequest['command']

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
export function loadSaved(command: CommandName, given: Given, options: BenchOptions): Given {
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
  const saved = parseSaved(path, section as Given, options)
  for (const [one, other] of RIVALS) {
    if (isGiven(given, one)) delete saved[other]
    if (isGiven(given, other)) delete saved[one]
  }
  return { ...saved, ...given }
}

/** `--no-verify` replaces nothing. */
function isGiven(given: Given, name: string): boolean {
  return name in given && given[name] !== false
}

function parseSaved(path: string, section: Given, options: BenchOptions): Given {
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
    for (const name of OF_FILES) delete saved[name]
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
export function saveGiven(command: CommandName, given: Given): string[] {
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

function readFile(path: string): Given {
  try {
    const text = readFileSync(path, 'utf8')
    const content: unknown = isYaml(path) ? parse(text) : JSON.parse(text)
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Given
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

/** A header may carry a secret under any name. */
const NEVER_SAVED: readonly string[] = ['password', 'ws-headers']
/** Lists of "name: value". */
const PAIRS: readonly string[] = ['user-properties', 'conn-user-properties', 'will-user-properties']

/**
 * The flags that may be saved, and a note for each that may not: passwords, headers, and user properties with the name of a
 * secret.
 */
function withoutSecrets(given: Readonly<Record<string, unknown>>): {
  kept: Record<string, unknown>
  notes: string[]
} {
  const kept: Record<string, unknown> = {}
  const notes: string[] = []
  for (const [name, value] of Object.entries(given)) {
    if (NEVER_SAVED.includes(name)) {
      const instead = name === 'password' ? ', or set WEIR_MQTT_PASSWORD' : ''
      notes.push(
        `--${name} is not saved, because it ${name === 'password' ? 'is' : 'may contain'} a secret: enter it again${instead}`,
      )
    } else if (PAIRS.includes(name) && Array.isArray(value)) {
      const secret = value.map((pair) => nameOf(String(pair))).filter(isSecretName)
      const open = value.filter((pair) => !isSecretName(nameOf(String(pair))))
      if (open.length > 0) kept[name] = open
      if (secret.length > 0)
        notes.push(
          `--${name} is not saved for ${secret.join(', ')}, because it is a secret: enter it again with all others of ${name}`,
        )
    } else kept[name] = value
  }
  return { kept, notes }
}

function nameOf(pair: string): string {
  return pair.split(':', 1)[0]!.trim()
}

/** MQTTX writes versions as numbers: 3 is 3.1, 4 is 3.1.1. */
const VERSIONS: Readonly<Record<string, string>> = { '3': '3.1', '4': '3.1.1' }

/** MQTTX writes these into every file, given or not; they mean nothing. */
const IMPLIED: Readonly<Record<string, unknown>> = {
  path: '/mqtt',
  reqProblemInfo: true,
  maximumReconnectTimes: 10,
  message: 'Hello From MQTTX CLI',
}

/** The command line of a saved section, so that one parser checks both. */
function wordsOf(section: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(section).flatMap(([key, value]) => {
    const name = kebabCase(key)
    if (value === null || value === undefined || value === IMPLIED[key]) return []
    if (value === true) return [`--${name}`]
    if (value === false)
      return [name === 'no_local' || name === 'retain-as-published' ? `--${name}=false` : `--no-${name}`]
    if (name === 'mqtt-version') return [`--${name}=${VERSIONS[String(value)] ?? value}`]
    if (Array.isArray(value)) return value.map((item) => `--${name}=${item}`)
    if (typeof value === 'object') return pairsOf(value).map((pair) => `--${name}=${pair}`)
    return [`--${name}=${value}`]
  })
}

/** MQTTX writes user properties and headers as objects: { name: value } or { name: [value, …] }. */
function pairsOf(object: object): string[] {
  return Object.entries(object).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name}: ${one}`),
  )
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
