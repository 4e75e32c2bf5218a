import type { Evacuation } from '#weir/record/index.ts'
import type { SimFleet } from './fleet.ts'
import { SimNode } from './node.ts'
import { NEW_SET, OLD_SET, type World } from './world.ts'

const SERVICE = 'emqx-ee'

/** Sets, pods, endpoints and the resource, as their watches tell of them: a little late, each kind in its own order. */
export class Kubernetes {
  readonly #world: World
  #generation = 1
  #sets = new Map<string, { spec: number; replicas: number; ready: number }>()
  #cr = ''

  constructor(world: World) {
    this.#world = world
  }

  /** The cluster as the run finds it. */
  begin(): void {
    const { nodes } = this.#world.settings.parameters
    this.#world.nodes = this.#makeNodes(OLD_SET, '4.4.14', this.#world.settings.liveGauge.old)
    this.#world.members = [...this.#world.nodes]
    for (const node of this.#world.nodes) {
      node.joined = true
      this.#pod(node, { phase: 'Running', ready: true })
    }
    this.#set(OLD_SET, { spec: nodes, replicas: nodes, ready: nodes })
    this.#endpoints()
    this.status({ settled: true, updating: false, evacuations: [] })
  }

  changed(): void {
    this.#generation++
  }

  createNewSet(): void {
    const { random, agenda, settings } = this.#world
    const { nodes } = settings.parameters
    const made = this.#makeNodes(NEW_SET, '4.4.15', settings.liveGauge.new)
    this.#world.nodes = [...this.#world.nodes, ...made]
    this.#set(NEW_SET, { spec: nodes, replicas: 0, ready: 0 })
    let ready = 0
    for (const node of made) {
      this.#pod(node, { phase: 'Pending', ready: false })
      agenda.after(random.between(2, 6), () => {
        ready++
        this.#pod(node, { phase: 'Running', ready: true })
        this.#set(NEW_SET, { spec: nodes, replicas: nodes, ready })
        agenda.after(random.between(0.5, 3), () => {
          node.joined = true
          if (this.#world.fault('early-drop')) this.#dropSome(node)
        })
      })
    }
  }

  #dropSome(joined: SimNode): void {
    const victim = this.#world.old()[joined.ordinal]
    if (victim) for (const client of [...victim.connected].slice(0, 3)) this.onDrop?.(client, victim)
  }

  /** Set by the run: how a node that drops a client does so. */
  onDrop?: (client: number, node: SimNode) => void

  /** The Service's selector is rewritten; its endpoints follow at once. */
  switchEndpoints(done: () => void): void {
    const { agenda, random } = this.#world
    const fresh = this.#world.fresh()
    if (this.#world.fault('switch-late')) {
      this.#world.members = [...this.#world.nodes]
      this.#endpoints()
      done()
      return
    }
    if (this.#world.fault('endpoints-empty')) {
      this.#world.members = []
      this.#endpoints()
    }
    agenda.after(this.#world.fault('endpoints-empty') ? 2 : random.between(0.02, 0.4), () => {
      this.#world.members = [...fresh]
      this.#endpoints()
      done()
    })
  }

  /** The set shrinks, the pod gets its deletion timestamp, its process ends, the object goes. */
  deletePod(node: SimNode, fleet: SimFleet): void {
    const { random, agenda } = this.#world
    const left = this.#world.old().filter((one) => one !== node && !one.stopped).length
    this.#set(OLD_SET, { spec: left, replicas: left + 1, ready: left + 1 })
    this.#pod(node, { phase: 'Running', ready: true, deleting: true })
    agenda.after(random.between(0.02, 0.2), () => {
      node.stopped = true
      this.#world.members = this.#world.members.filter((one) => one !== node)
      for (const client of [...node.connected]) fleet.evict(client, node, random.between(0, 0.3))
      fleet.loseSessions(node)
    })
    agenda.after(random.between(1.7, 3), () => {
      node.evacuation = undefined
      this.#pod(node, { phase: 'Succeeded', ready: false, deleting: true })
      this.#pod(node, { phase: 'Succeeded', ready: false, deleting: true, deleted: true })
      this.#set(OLD_SET, { spec: left, replicas: left, ready: left })
      if (this.#world.fault('switch-late')) this.#endpoints()
    })
  }

  status(told: { settled: boolean; updating: boolean; evacuations: Evacuation[] }): void {
    const text = JSON.stringify(told)
    if (text === this.#cr) return
    this.#cr = text
    this.#hear('cr', {
      t: 0,
      type: 'cr',
      generation: this.#generation,
      ...told,
      nodes: this.#world.nodes
        .filter((node) => node.joined)
        .map((node) => ({ node: node.name, running: !node.stopped, version: node.version })),
      deleted: false,
    })
  }

  #makeNodes(set: string, version: string, live: boolean): SimNode[] {
    const { nodes } = this.#world.settings.parameters
    return Array.from({ length: nodes }, (_, ordinal) => new SimNode(set, ordinal, version, live))
  }

  #hear(kind: string, event: Parameters<World['recorder']['heard']>[2]): void {
    const { random, recorder, now } = this.#world
    recorder.heard(kind, now + random.latency(0.02, 0.3), event)
  }

  #set(name: string, { spec, replicas, ready }: { spec: number; replicas: number; ready: number }): void {
    this.#sets.set(name, { spec, replicas, ready })
    this.#hear('set', {
      t: 0,
      type: 'set',
      kind: 'StatefulSet',
      name,
      createdUnixMs: name === OLD_SET ? 1 : 2,
      specReplicas: spec,
      replicas,
      readyReplicas: ready,
      deleted: false,
    })
  }

  #pod(node: SimNode, state: { phase: string; ready: boolean; deleting?: boolean; deleted?: boolean }): void {
    this.#hear('pod', {
      t: 0,
      type: 'pod',
      name: node.pod,
      uid: node.pod,
      set: node.set,
      node: node.name,
      image: `emqx/emqx-ee:${node.version}`,
      deleting: false,
      deleted: false,
      ...state,
    })
  }

  #endpoints(): void {
    const ready = this.#world.members.map(({ pod }) => pod).sort()
    this.#hear('endpoints', { t: 0, type: 'endpoints', service: SERVICE, ready })
  }
}
