import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '#weir/errors/index.ts'
import { RECORD_FILES, readRecord } from '#weir/record/index.ts'
import { type LiveEnd, liveUpdate } from '#weir/reports/index.ts'
import { type ListedRun, listedRun } from './list-runs.ts'
import { SERVE_TEXTS as texts } from './texts.ts'

/** What a page that follows a run gets: its record so far, a sentence about the run, or its verdict, after which nothing comes. */
export interface Told {
  event: 'record' | 'state' | 'end'
  /** JSON. */
  data: string
}

/** The record is looked at this often. */
const EVERY_MS = 1500
/** The machine that makes the run has better things to do: at most a fifth of a processor. */
const REST = 4
/** A larger one would take seconds to read each time. */
const MOST_BYTES = 200e6

/** Follows the record of a run while somebody listens: reads it again when it has grown, and tells each listener. */
export class Follower {
  readonly #listeners = new Set<(told: Told) => void>()
  readonly #last = new Map<Told['event'], Told>()
  readonly #folder: string
  readonly #name: string
  readonly #everyMs: number
  #seen = ''
  #running = false

  constructor(folder: string, name: string, everyMs = EVERY_MS) {
    this.#folder = folder
    this.#name = name
    this.#everyMs = everyMs
  }

  /** Returns what ends it. */
  add(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener)
    for (const told of this.#last.values()) listener(told)
    if (!this.#running) void this.#follow()
    return () => this.#listeners.delete(listener)
  }

  get isIdle(): boolean {
    return this.#listeners.size === 0
  }

  async #follow(): Promise<void> {
    this.#running = true
    while (!this.isIdle && !this.#last.has('end')) {
      const startMs = performance.now()
      try {
        await this.#look()
      } catch (error) {
        this.#tell('state', texts.unread(messageOf(error)))
      }
      const tookMs = performance.now() - startMs
      await new Promise((resolve) => setTimeout(resolve, Math.max(this.#everyMs, REST * tookMs)).unref())
    }
    this.#running = false
  }

  async #look(): Promise<void> {
    const run = await listedRun(this.#folder, this.#name)
    const { bytes, stamp } = await this.#size()
    if (stamp !== this.#seen && bytes <= MOST_BYTES) {
      const record = await readRecord(join(this.#folder, this.#name))
      this.#seen = stamp
      this.#tell('record', liveUpdate(record))
    }
    if (isJudged(run)) this.#tell('end', { outcome: run.state, headline: run.words } satisfies LiveEnd)
    else this.#tell('state', sentence(run, bytes))
  }

  /** Of all files together, and what changes with each of them. */
  async #size(): Promise<{ bytes: number; stamp: string }> {
    const files = await Promise.all(
      Object.values(RECORD_FILES).map((name) =>
        stat(join(this.#folder, this.#name, name)).then(
          ({ size, mtimeMs }) => ({ size, mtimeMs }),
          () => ({ size: 0, mtimeMs: 0 }),
        ),
      ),
    )
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    return { bytes, stamp: files.map(({ size, mtimeMs }) => `${size} ${mtimeMs}`).join(' ') }
  }

  #tell(event: Told['event'], content: unknown): void {
    const told: Told = { event, data: JSON.stringify(content) }
    if (this.#last.get(event)?.data === told.data) return
    this.#last.set(event, told)
    for (const listener of this.#listeners) listener(told)
  }
}

const isJudged = (run: ListedRun): run is ListedRun & { state: LiveEnd['outcome'] } =>
  ['pass', 'fail', 'inconclusive'].includes(run.state)

function sentence({ state, words }: ListedRun, bytes: number): string {
  const isTooLarge = state === 'under way' && bytes > MOST_BYTES
  return isTooLarge ? words + texts.tooLarge : words
}
