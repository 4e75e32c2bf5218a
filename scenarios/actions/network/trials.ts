import { accessOf, tryHttp, tryListener } from '#weir/bench/index.ts'
import type { TriedAddress } from '#weir/cluster/index.ts'
import { protocolOfListener, type TrialOutcome } from '#weir/facts/index.ts'
import type { Run } from '../../run/run.ts'

const TIMEOUT_MS = 5000
/** Each is a client of the generator, with a thread of its own. */
const AT_ONCE = 2

export const keyOf = ({ kind, host, port, what }: TriedAddress) => `${kind} ${host}:${port} ${what}`

/** An address, and whether no Service has it any more. */
export type Tried = TriedAddress & { isPast?: true }

/** Tries of addresses, each recorded at first and when its outcome is another. */
export class Trials {
  readonly #run: Run
  readonly #signal: AbortSignal
  readonly #outcomes = new Map<string, TrialOutcome>()

  constructor(run: Run, signal: AbortSignal) {
    this.#run = run
    this.#signal = signal
  }

  outcomeOf(address: TriedAddress): TrialOutcome | undefined {
    return this.#outcomes.get(keyOf(address))
  }

  /** Tries each once, a few at a time, until the signal aborts. */
  async make(addresses: readonly Tried[]): Promise<void> {
    const left = [...addresses]
    const worker = async () => {
      for (let next = left.shift(); next !== undefined && !this.#signal.aborted; next = left.shift())
        await this.#attempt(next)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }

  async #attempt({ kind, host, port, service, name, what, isPast }: Tried): Promise<void> {
    const { clock, access } = this.#run
    const start = clock.now()
    const target = { host, port }
    const { outcome, why } =
      what === 'management'
        ? await tryHttp(target, TIMEOUT_MS)
        : await tryListener({
            target,
            protocol: protocolOfListener(what),
            access: accessOf(access),
            timeoutMs: TIMEOUT_MS,
          })
    const key = keyOf({ kind, host, port, what })
    if (this.#outcomes.get(key) === outcome) return
    this.#outcomes.set(key, outcome)
    this.#run.emit({
      ...{ type: 'trial', kind, host, port, what, outcome, tookNs: clock.now() - start },
      ...(service !== undefined && { service }),
      ...(name !== undefined && { name }),
      ...(isPast && { isPast }),
      ...(why !== undefined && { why }),
    })
  }
}
