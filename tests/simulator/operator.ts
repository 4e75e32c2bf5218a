import type { Evacuation } from '#weir/facts/index.ts'
import { evacuate } from './evacuate.ts'
import type { SimFleet } from './fleet.ts'
import type { Kubernetes } from './kubernetes.ts'
import type { SimNode } from './node.ts'
import type { World } from './world.ts'

/** The operator of line 2.1.2: it looks, does one step, and sleeps until its next look (docs/contract/operator.md#v1beta4-passes). */
export class SimOperator {
  readonly #world: World
  readonly #fleet: SimFleet
  readonly #kube: Kubernetes
  #startedT?: number
  #switched = false
  #moved = false
  #begun = false
  #evacuating: SimNode[] = []
  #left: SimNode[] = []
  settledT?: number

  constructor(world: World, fleet: SimFleet, kube: Kubernetes) {
    this.#world = world
    this.#fleet = fleet
    this.#kube = kube
  }

  /** The change was accepted: the first pass comes at once. */
  trigger(): void {
    const { random, agenda } = this.#world
    this.#left = [...this.#world.old()].sort((a, b) => b.ordinal - a.ordinal)
    if (this.#world.fault('wrong-order')) this.#left.reverse()
    agenda.after(random.between(0.2, 0.6), () => {
      this.#kube.createNewSet()
      this.#again()
    })
  }

  #again(seconds = this.#world.settings.parameters.pollIntervalSeconds): void {
    const { random, agenda, settings } = this.#world
    agenda.after(seconds, () => {
      if (this.#world.finished || this.settledT !== undefined) return
      const told = this.#told()
      // A pass reads first and writes its status last.
      agenda.after(random.between(0.05, settings.passSeconds), () => this.#again(this.#pass(told)))
    })
  }

  #told(): Evacuation[] {
    return this.#evacuating.flatMap((node) => node.told(this.#world.asked))
  }

  /** One pass. Returns when the next is to come, when sooner than the usual poll. */
  #pass(told: Evacuation[]): number | undefined {
    const fresh = this.#world.fresh()
    if (!fresh.every((node) => node.joined)) {
      this.#kube.status({ settled: true, updating: false, evacuations: [] })
      return undefined
    }
    if (!this.#switched) return this.#switch()
    if (!this.#begun && !this.#world.fault('no-initial-delay')) return this.#begin()
    if (this.#world.fault('status-early') && told.length > 0)
      this.#kube.status({ settled: true, updating: false, evacuations: told })
    else this.#kube.status({ settled: false, updating: true, evacuations: told })
    const done = this.#evacuating.find((node) => this.#isDone(node, told))
    if (done) return this.#scaleDown(done)
    return this.#startNext()
  }

  #switch(): number | undefined {
    this.#switched = true
    this.#kube.status({ settled: false, updating: true, evacuations: [] })
    // The pass ends by writing when it saw that the endpoints had moved, when they do so soon enough.
    const untilT = this.#world.now + 0.5
    this.#kube.switchEndpoints(() => {
      this.#moved = true
      if (this.#world.now <= untilT) this.#begin()
    })
    return this.#world.fault('no-initial-delay') ? 0 : undefined
  }

  /** The delay counts from here, in whole seconds. */
  #begin(): undefined {
    if (!this.#moved) return
    this.#begun = true
    this.#startedT = Math.floor(this.#world.now)
  }

  /** It decides by what it read when the pass began. */
  #isDone(node: SimNode, told: Evacuation[]): boolean {
    const read = told.find((one) => one.node === node.name)
    if (!read) return false
    if (this.#world.fault('delete-undrained')) return read.currentConnected > 0
    return read.state === 'prohibiting' && read.currentConnected === 0 && read.currentSessions === 0
  }

  #startNext(): number | undefined {
    const { repeatsDelay } = this.#world.settings
    const next = this.#left[0]
    const parallel = this.#world.fault('parallel-evacuation') && this.#evacuating.length < 2
    if (!next || (this.#evacuating.length > 0 && !parallel)) return undefined
    this.#startedT ??= Math.floor(this.#world.now)
    const wait = this.#world.asked.initialDelaySeconds - Math.floor(this.#world.now - this.#startedT)
    if (wait > 0 && !this.#world.fault('no-initial-delay')) return wait
    this.#left.shift()
    this.#evacuating.push(next)
    const recipients = this.#world.fault('wrong-recipients') ? this.#world.old() : this.#world.fresh()
    evacuate(this.#world, this.#fleet, next, recipients)
    if (repeatsDelay) this.#startedT = undefined
    if (this.#world.fault('parallel-evacuation') || this.#world.fault('delete-undrained')) return 1
    return undefined
  }

  #scaleDown(node: SimNode): number | undefined {
    this.#evacuating = this.#evacuating.filter((one) => one !== node)
    this.#kube.deletePod(node, this.#fleet)
    const half = this.#world.fault('half-upgrade') && this.#left.length === 1
    if (half || (this.#left.length === 0 && this.#evacuating.length === 0)) {
      this.settledT = this.#world.now
      this.#kube.status({ settled: true, updating: false, evacuations: [] })
    } else this.#kube.status({ settled: false, updating: true, evacuations: this.#told() })
    return undefined
  }
}
