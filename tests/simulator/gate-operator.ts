import type { Evacuation } from '#weir/facts/index.ts'
import { evacuate } from './evacuate.ts'
import type { SimFleet } from './fleet.ts'
import type { Kubernetes } from './kubernetes.ts'
import type { SimNode } from './node.ts'
import { setsOf } from './sets.ts'
import type { World } from './world.ts'

/** The operator of line 2.2.29 for EMQX 5: conditions, readiness gates, a look every second (docs/contract/operator.md#v2beta1-gates). */
export class GateOperator {
  readonly #world: World
  readonly #fleet: SimFleet
  readonly #kube: Kubernetes
  /** In whole seconds, as Kubernetes keeps the transition of a condition. */
  #availableT?: number
  #evacuating: SimNode[] = []
  #left: SimNode[] = []
  #deletedT = 0
  settledT?: number

  constructor(world: World, fleet: SimFleet, kube: Kubernetes) {
    this.#world = world
    this.#fleet = fleet
    this.#kube = kube
  }

  /** The change was accepted: the first pass comes at once, and makes the new cores. */
  trigger(): void {
    const { random, agenda } = this.#world
    this.#left = inTurn(this.#world.old(), this.#world.fault('wrong-order') ? -1 : 1)
    agenda.after(random.between(0.05, 0.3), () => {
      this.#kube.createNewSet(setsOf(this.#world, 'new')[0])
      this.#say([])
      this.#again()
    })
  }

  #again(): void {
    const { random, agenda, settings } = this.#world
    agenda.after(settings.parameters.pollIntervalSeconds, () => {
      if (this.#world.finished || this.settledT !== undefined) return
      const told = this.#told()
      // A pass reads first and writes its status last.
      agenda.after(random.between(0.05, settings.passSeconds), () => {
        this.#pass(told)
        this.#again()
      })
    })
  }

  #told(): Evacuation[] {
    return this.#evacuating.flatMap((node) => node.told(this.#world.asked))
  }

  #pass(told: Evacuation[]): void {
    if (this.#availableT === undefined) {
      this.#prepare()
      return
    }
    this.#say(told)
    if (this.#left.length === 0 && this.#evacuating.length === 0) {
      this.#finish()
      return
    }
    const done = this.#evacuating.find((node) => this.#isDone(node, told))
    if (done) this.#remove(done)
    else this.#startNext()
  }

  /** Replicants are made only when the cores are ready; when all are, the resource is available. */
  #prepare(): void {
    const fresh = this.#world.fresh()
    const missing = setsOf(this.#world, 'new').find(({ name }) => !fresh.some(({ set }) => set === name))
    this.#say([])
    if (!fresh.every((node) => node.isReady)) return
    if (missing) {
      this.#kube.createNewSet(missing)
      return
    }
    const { agenda, random } = this.#world
    this.#availableT = Math.floor(this.#world.now)
    this.#say([])
    // The gates are closed in the same pass or in the next.
    agenda.after(random.between(0.1, 1.2), () => this.#kube.closeGates())
  }

  #say(evacuations: Evacuation[]): void {
    const early = this.#world.fault('status-early') && evacuations.length > 0
    this.#kube.status({
      settled: early,
      updating: !early,
      evacuations,
      condition: this.#availableT === undefined ? 'CoreNodesProgressing' : 'Available',
      ...(this.#availableT !== undefined && { startedUnixMs: this.#availableT * 1000 }),
    })
  }

  #isDone(node: SimNode, told: Evacuation[]): boolean {
    const read = told.find((one) => one.node === node.name)
    if (!read) return false
    if (this.#world.fault('delete-undrained'))
      return read.state === 'evicting_conns' && read.currentConnected > 0
    return read.state === 'prohibiting' && read.currentConnected === 0 && read.currentSessions === 0
  }

  #startNext(): void {
    const [next] = this.#left
    const parallel = this.#world.fault('parallel-evacuation') && this.#evacuating.length < 2
    if (!next || (this.#evacuating.length > 0 && !parallel)) return
    const since = this.#world.now - (this.#availableT ?? 0)
    if (since <= this.#world.asked.initialDelaySeconds && !this.#world.fault('no-initial-delay')) return
    if (next.sessions === 0) {
      // Nobody to move: it is taken away as it is, once the last one has been gone for a takeover wait.
      if (this.#world.now - this.#deletedT < this.#world.asked.waitTakeoverSeconds) return
      this.#left.shift()
      this.#remove(next)
      return
    }
    this.#left.shift()
    this.#evacuating.push(next)
    const wrong = this.#world.fault('wrong-recipients')
    const recipients = (wrong ? this.#world.old() : this.#world.fresh()).filter((node) =>
      this.#world.serves(node),
    )
    evacuate(this.#world, this.#fleet, next, recipients)
  }

  #remove(node: SimNode): void {
    this.#evacuating = this.#evacuating.filter((one) => one !== node)
    this.#deletedT = this.#world.now
    this.#kube.deletePod(node, this.#fleet)
    if (this.#world.fault('half-upgrade') && this.#left.length === 1) this.#settle()
  }

  #finish(): void {
    if (this.#world.old().every((node) => node.isGone)) this.#settle()
  }

  #settle(): void {
    this.settledT = this.#world.now
    this.#kube.status({ settled: true, updating: false, evacuations: [], condition: 'Ready' })
  }
}

/** Replicants before cores; of a StatefulSet the highest ordinal, of a ReplicaSet the greatest name first. */
function inTurn(nodes: SimNode[], sense: 1 | -1): SimNode[] {
  const byName = (a: SimNode, b: SimNode) => sense * (a.pod < b.pod ? 1 : -1)
  return [
    ...nodes.filter(({ role }) => role === 'replicant').sort(byName),
    ...nodes.filter(({ role }) => role !== 'replicant').sort((a, b) => sense * (b.ordinal - a.ordinal)),
  ]
}
