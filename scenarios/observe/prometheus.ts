import { type PrometheusApi, PrometheusError, scrapedQuery, scrapesOf } from '#weir/cluster/index.ts'
import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'

const INTERVAL_SECONDS = 30
/** A Prometheus stores a scrape under the time at which it began: a reading begins before the end of the one before. */
const OVERLAP_MS = 60_000
/** As short as the shortest interval at which Prometheus scrapes in practice, so that no sample falls between two steps. */
const STEP_SECONDS = 1
/** Prometheus answers with at most 11,000 steps; a long answer takes long. */
const MOST_STEPS = 900

/** A Prometheus that takes longer to say its time leaves the times of its scrapes too uncertain. */
const MOST_CLOCK_ERROR_MS = 500
const CLOCK_TRIES = 3
/** Two clocks drift apart during a run: that is no contradiction. */
const DRIFT_MS = 200

/** The run's clock minus that of the Prometheus in milliseconds, up to `errorMs` more or less. */
interface ClockComparison {
  offsetMs: number
  errorMs: number
}

/**
 * Reads what a Prometheus scraped from the run's pods, every half minute and once more at the end, and records it beside weir's own
 * scrapes. The next reading covers a failed one.
 */
export function readPrometheus(run: Run, api: PrometheusApi): { stop(): Promise<void> } {
  const reader = new Reader(run, api)
  const ticker = every(run.clock, INTERVAL_SECONDS, () => reader.read())
  return {
    async stop() {
      await ticker.stop()
      await reader.read()
      reader.end()
    },
  }
}

class Reader {
  readonly #run: Run
  readonly #api: PrometheusApi
  readonly #known = new Set<string>()
  #readToUnixMs: number | undefined
  #comparison: ClockComparison | undefined

  constructor(run: Run, api: PrometheusApi) {
    this.#run = run
    this.#api = api
  }

  async read(): Promise<void> {
    const { clock, live } = this.#run
    const pods = [...live.nodesByPod.keys()]
    if (pods.length === 0) return
    try {
      const startT = clock.now()
      const nowUnixMs = await this.#compareClocks()
      const { offsetMs, errorMs } = this.#comparison!
      const timeOf = (unixMs: number) => (unixMs + offsetMs) * 1e6
      const fromUnixMs = this.#readToUnixMs ?? -offsetMs
      const scrapes = await this.#readRange(pods, fromUnixMs - OVERLAP_MS, nowUnixMs, timeOf)
      this.#readToUnixMs = nowUnixMs
      this.#run.emit({
        type: 'prometheus',
        tookNs: clock.now() - startT,
        fromT: Math.max(0, Math.round(timeOf(fromUnixMs - OVERLAP_MS))),
        toT: Math.max(0, Math.round(timeOf(nowUnixMs))),
        scrapes,
        clockAheadMs: Math.round(clock.fromUnixMs(0) / 1e6 - offsetMs),
        clockErrorMs: Math.ceil(errorMs),
      })
    } catch (error) {
      if (!(error instanceof PrometheusError)) throw error
      this.#failed(error.message, error.status)
    }
  }

  /**
   * Asks the Prometheus for its time, Unix milliseconds, and keeps the most exact comparison of the two clocks: it looked at its clock at
   * some moment between question and answer. One that contradicts the kept one shows that a clock was set, and replaces it.
   *
   * @throws PrometheusError when each answer took too long, so that no comparison is exact enough
   */
  async #compareClocks(): Promise<number> {
    const { clock } = this.#run
    let errorMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < CLOCK_TRIES; i++) {
      const startT = clock.now()
      const nowUnixMs = await this.#api.now()
      const endT = clock.now()
      errorMs = (endT - startT) / 2e6
      const found = { offsetMs: (startT + endT) / 2e6 - nowUnixMs, errorMs }
      const kept = this.#comparison
      const agrees = kept && Math.abs(kept.offsetMs - found.offsetMs) <= kept.errorMs + errorMs + DRIFT_MS
      if (errorMs <= MOST_CLOCK_ERROR_MS && !(agrees && kept.errorMs <= errorMs)) this.#comparison = found
      if (errorMs <= MOST_CLOCK_ERROR_MS || agrees) return nowUnixMs
    }
    const took = ((2 * errorMs) / 1000).toFixed(1)
    throw new PrometheusError(
      `Prometheus ${this.#api.url} took ${took} s to say its time, so that the times of its scrapes are not known: see how loaded it is`,
    )
  }

  /** A Prometheus that answers and has nothing is no source: its reader must know why. */
  end(): void {
    if (this.#known.size > 0 || this.#readToUnixMs === undefined) return
    const { namespace, name } = this.#run.cluster
    this.#failed(
      `Prometheus ${this.#api.url} has no scrape of the pods of ${name}: it must scrape them with the labels namespace="${namespace}" and pod, see its page Status, Targets`,
    )
  }

  async #readRange(
    pods: readonly string[],
    fromUnixMs: number,
    toUnixMs: number,
    timeOf: (unixMs: number) => number,
  ): Promise<number> {
    const { cluster, live, record } = this.#run
    const query = scrapedQuery(cluster.namespace, pods)
    const stepMs = STEP_SECONDS * 1000
    let fresh = 0
    for (let from = fromUnixMs; from <= toUnixMs; from += MOST_STEPS * stepMs) {
      const to = Math.min(toUnixMs, from + (MOST_STEPS - 1) * stepMs)
      const answer = await this.#api.range(query, {
        fromUnixMs: from,
        toUnixMs: to,
        stepSeconds: STEP_SECONDS,
      })
      for (const { pod, atUnixMs, tookSeconds, ok, metrics } of scrapesOf(answer)) {
        const key = `${pod} ${atUnixMs}`
        const askedT = timeOf(atUnixMs)
        if (askedT < 0 || this.#known.has(key)) continue
        this.#known.add(key)
        fresh++
        const tookNs = Math.round(tookSeconds * 1e9)
        const node = live.nodesByPod.get(pod) ?? ''
        const error = ok ? undefined : 'Prometheus could not scrape it (up is 0)'
        record.prometheus({ t: Math.round(askedT) + tookNs, tookNs, pod, node, ok, error, metrics })
      }
    }
    return fresh
  }

  #failed(error: string, status?: number): void {
    this.#run.emit({ type: 'api-failure', api: 'prometheus', via: this.#api.url, status, error })
  }
}
