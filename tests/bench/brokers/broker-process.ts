import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

const LOOK_EVERY_MS = 20
/** Generous: it ends a hang, it does not judge speed. */
const DEADLINE_MS = 120_000
const LOG_CHARACTERS = 8000

/** Linux ends the broker even when the test is killed, which no handler of ours sees. */
const DIES_WITH_US = spawnSync('setpriv', ['--version']).error ? [] : ['setpriv', '--pdeathsig', 'KILL']

export interface Command {
  file: string
  args: readonly string[]
  cwd: string
  env: NodeJS.ProcessEnv
}

/** A child process that a test started, and what it printed last. Ends with the test, whatever becomes of that. */
export class BrokerProcess {
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  readonly #name: string
  #log = ''

  constructor({ file, args, cwd, env }: Command) {
    const [program, ...all] = [...DIES_WITH_US, file, ...args]
    const child = spawn(program!, all, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.#name = file
    this.#gone = new Promise((resolve) => {
      child.once('exit', resolve)
      child.once('error', (error) => {
        this.#add(String(error))
        resolve()
      })
    })
    child.stdout.on('data', (chunk: Buffer) => this.#add(chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => this.#add(chunk.toString()))
    process.once('exit', this.#killNow)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get log(): string {
    return this.#log
  }

  get ended(): boolean {
    return this.pid === 0 || this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Waits until `condition` holds; throws with what the process printed when it ends before, or the condition never comes. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadlineMs = performance.now() + DEADLINE_MS
    while (!(await condition())) {
      if (this.ended || performance.now() > deadlineMs)
        throw new Error(`${this.#name} ${this.ended ? 'ended' : 'hangs'} before ${what}:\n${this.#log}`)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.ended) this.#child.kill(signal)
  }

  async end(): Promise<void> {
    this.signal('SIGKILL')
    await this.#gone
    process.off('exit', this.#killNow)
  }

  readonly #killNow = (): void => this.signal('SIGKILL')

  #add(text: string): void {
    this.#log = (this.#log + text).slice(-LOG_CHARACTERS)
  }
}
