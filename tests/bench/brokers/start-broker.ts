import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accepts } from '#weir/bench/fleet/resolve-target.ts'
import type { Broker } from './broker.ts'
import type { BrokerProcess } from './broker-process.ts'
import { freePorts } from './free-ports.ts'

const ADDRESS = '127.0.0.1'
/** A free port may be taken by somebody else before the broker has it. */
const PORT_TRIES = 5

/** What makes one kind of broker. */
export interface BrokerRecipe {
  name: string
  /** Ports of clients: each of them must accept connections before the broker counts as started. */
  listeners: number
  /** Ports of its own. */
  innerPorts?: number
  /** Writes what it reads into `folder` and starts it; `inner` are its own ports. */
  launch(folder: string, ports: readonly number[], inner: readonly number[]): Promise<BrokerProcess[]>
  /** What it prints once it is ready, beside accepting connections. */
  readyLine?: string
}

/** Starts a broker and waits until it is ready. */
export async function startBroker(recipe: BrokerRecipe): Promise<Broker> {
  for (let attempt = 1; ; attempt++) {
    const broker = await RunningBroker.make(recipe)
    try {
      await broker.start()
      return broker
    } catch (error) {
      const log = broker.log()
      await broker.stop()
      if (attempt === PORT_TRIES || !/address already in use|eaddrinuse/i.test(log)) throw error
    }
  }
}

class RunningBroker implements Broker {
  readonly targets: Broker['targets']
  readonly #recipe: BrokerRecipe
  readonly #folder: string
  readonly #inner: readonly number[]
  #processes: BrokerProcess[] = []

  static async make(recipe: BrokerRecipe): Promise<RunningBroker> {
    const ports = await freePorts(recipe.listeners + (recipe.innerPorts ?? 0))
    return new RunningBroker(recipe, await mkdtemp(join(tmpdir(), `weir-${recipe.name}-`)), ports)
  }

  constructor(recipe: BrokerRecipe, folder: string, ports: readonly number[]) {
    this.#recipe = recipe
    this.#folder = folder
    this.targets = ports.slice(0, recipe.listeners).map((port) => ({ host: ADDRESS, port }))
    this.#inner = ports.slice(recipe.listeners)
    process.once('exit', this.#removeNow)
  }

  /** The broker is the last process that its recipe starts. */
  get #main(): BrokerProcess | undefined {
    return this.#processes.at(-1)
  }

  get pid(): number {
    return this.#main?.pid ?? 0
  }

  log(): string {
    return this.#main?.log ?? ''
  }

  async start(): Promise<void> {
    const { launch, readyLine } = this.#recipe
    const ports = this.targets.map(({ port }) => port)
    this.#processes = await launch(this.#folder, ports, this.#inner)
    const main = this.#main!
    if (readyLine) await main.until(`it said "${readyLine}"`, () => main.log.includes(readyLine))
    for (const port of ports) await main.until(`port ${port} was open`, () => accepts(ADDRESS, port))
  }

  async kill(): Promise<void> {
    for (const process of this.#processes.toReversed()) await process.end()
  }

  pause(): void {
    this.#main!.signal('SIGSTOP')
  }

  resume(): void {
    this.#main!.signal('SIGCONT')
  }

  async stop(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
    process.off('exit', this.#removeNow)
  }

  /** A test that dies leaves nothing behind; its processes are killed by the same event. */
  readonly #removeNow = (): void => rmSync(this.#folder, { recursive: true, force: true })
}
