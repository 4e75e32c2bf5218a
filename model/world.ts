import { uniform } from '#weir/bench/random/uniform.ts'
import { Agenda } from './agenda.ts'
import { ModelFleet } from './fleet.ts'
import { PARTS, type Part, type Prediction, type Setting } from './types.ts'

/** One prediction under way: virtual time, clients, and what the time went to. Nodes are numbers: old ones first, then new ones. */
export class ModelWorld {
  readonly setting: Setting
  readonly agenda = new Agenda()
  readonly fleet: ModelFleet
  readonly old: readonly number[]
  readonly fresh: readonly number[]
  readonly #parts = Object.fromEntries(PARTS.map((part) => [part, 0])) as Record<Part, number>
  #markedT = 0

  constructor(setting: Setting) {
    const { nodes, clients, seed } = setting
    let draws = 0
    this.setting = setting
    this.fleet = new ModelFleet(this.agenda, setting, 2 * nodes, () => uniform(seed, 0, draws++))
    this.old = Array.from({ length: nodes }, (_, i) => i)
    this.fresh = this.old.map((node) => nodes + node)
    this.fleet.endpoints = [...this.old]
    for (let client = 0; client < clients; client++)
      this.fleet.connected.add(client, Math.floor(uniform(seed, 1, client) * nodes))
  }

  /** The time since the last call went to `part`. */
  spent(part: Part): void {
    this.#parts[part] += this.agenda.now - this.#markedT
    this.#markedT = this.agenda.now
  }

  /** Goes on until nothing is left to happen. */
  finish(): Prediction {
    this.agenda.run(() => false)
    return { seconds: this.#markedT, parts: this.#parts, ...this.fleet.figures() }
  }
}
