import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { WeirError } from '#weir/errors/index.ts'

export interface CommandOptions {
  env?: NodeJS.ProcessEnv
  /** Its output is appended here; collected when left out. */
  log?: string
  input?: Readable
  /** Ends it. */
  signal?: AbortSignal | undefined
  /** What it is for, as an error says it, e.g. "the node image cannot be made". */
  what: string
}

/**
 * Runs a command to its end and resolves with what it printed, where that is not logged. It ends with this process. Throws WEIR_KIND with
 * the last line that it printed.
 */
export async function run(
  command: string,
  args: readonly string[],
  { env = process.env, log, input, signal, what }: CommandOptions,
): Promise<string> {
  const file = log === undefined ? undefined : openSync(log, 'a', 0o600)
  // What stands in the log already is of commands before.
  const beginsAt = file === undefined ? 0 : fstatSync(file).size
  let child: ChildProcess
  try {
    const output = file ?? 'pipe'
    const options: SpawnOptions = { env, stdio: [input ? 'pipe' : 'ignore', output, output], signal }
    child = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], options)
  } finally {
    if (file !== undefined) closeSync(file)
  }
  let printed = ''
  let complaint = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const fail = (why: string, cause?: unknown) =>
    new WeirError(
      'WEIR_KIND',
      `${what}: ${command}: ${why}${log === undefined ? '' : `; all of it is in ${log}`}`,
      {
        cause,
      },
    )
  // A command that ends early takes no more input: its exit code says why.
  if (input && child.stdin) await pipeline(input, child.stdin).catch(() => {})
  const [code, endedBy] = await ended.catch((error: Error) => {
    throw fail(error.message, error)
  })
  if (code === 0) return printed
  const said = log === undefined ? complaint || printed : readFileSync(log).toString('utf8', beginsAt)
  throw fail(lastLine(said) || `it ended with ${endedBy ?? code}`)
}

/** The last line that tells of an error, or the last line. */
export function lastLine(text: string): string {
  const lines = text.trim().split('\n')
  const line = lines.findLast((one) => /^\s*(E:|(error|ERROR|fatal)\b)/.test(one)) ?? lines.at(-1) ?? ''
  return line.trim()
}
