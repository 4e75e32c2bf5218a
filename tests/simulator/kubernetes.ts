import type { Evacuation } from '#weir/facts/index.ts'
import type { SimFleet } from './fleet.ts'
import type { SimNode } from './node.ts'
import { nodesIn, type SimSet, setsOf } from './sets.ts'
import type { World } from './world.ts'

interface Status {
  settled: boolean
  updating: boolean
  evacuations: Evacuation[]
  condition?: string
  startedUnixMs?: number
}

/** Sets, pods, endpoints and the resource, as their watches tell of them: a little late, each kind in its own order. */
export class Kubernetes {
  readonly #world: World
  #generation = 1
  #cr = ''
  #told: Status = { settled: true, updating: false, evacuations: [] }

  constructor(world: World) {
    this.#world = world
  }

  /** The cluster as the run finds it. */
  begin(): void {
    for (const set of setsOf(this.#world, 'old')) {
      const made = nodesIn(this.#world, set)
      this.#world.nodes = [...this.#world.nodes, ...made]
      for (const node of made) {
        node.joined = true
        this.#pod(node, { phase: 'Running', ready: true })
      }
      this.#set(set, { spec: set.size, replicas: set.size, ready: set.size })
    }
    this.#world.members = this.#world.nodes.filter((node) => this.#world.serves(node))
    this.#endpoints()
    this.#service('INITIAL')
    this.status(this.#told)
  }

  /** The watch tells of the new generation at once, with the status of before. */
  changed(): void {
    this.#generation++
    this.status(this.#told, 0.1)
  }

  /** Makes one of the new sets, the only one unless it is named. */
  createNewSet(set: SimSet = setsOf(this.#world, 'new')[0]!): void {
    const { random, agenda } = this.#world
    const made = nodesIn(this.#world, set)
    this.#world.nodes = [...this.#world.nodes, ...made]
    this.#set(set, { spec: set.size, replicas: 0, ready: 0 })
    let ready = 0
    for (const node of made) {
      this.#pod(node, { phase: 'Pending', ready: false, isAddressed: false })
      agenda.after(random.between(2, 6), () => {
        // Where there is a readiness gate the pod is ready only when the operator has looked.
        if (!this.#world.isGated) this.#ready(set, node, ++ready)
        agenda.after(random.between(0.5, 3), () => {
          node.joined = true
          if (this.#world.fault('early-drop') && this.#world.serves(node)) this.#dropSome(node)
          if (this.#world.isGated)
            agenda.after(random.between(0.05, 1.2), () => this.#ready(set, node, ++ready))
        })
      })
    }
  }

  #ready(set: SimSet, node: SimNode, ready: number): void {
    node.isReady = true
    this.#pod(node, { phase: 'Running', ready: true })
    this.#set(set, { spec: set.size, replicas: set.size, ready })
    if (!this.#world.isGated || !this.#world.serves(node)) return
    this.#world.members = [...this.#world.members, node]
    this.#endpoints()
  }

  #dropSome(joined: SimNode): void {
    const victims = this.#world.old().filter((node) => this.#world.serves(node))
    const victim = victims[Math.max(joined.ordinal, 0)]
    if (victim) for (const client of [...victim.connected].slice(0, 2)) this.onDrop?.(client, victim)
  }

  /** Set by the run: how a node that drops a client does so. */
  onDrop?: (client: number, node: SimNode) => void

  /** The Service's selector is rewritten; its endpoints follow at once. */
  switchEndpoints(done: () => void): void {
    const { agenda, random } = this.#world
    const fresh = this.#world.fresh()
    this.#service('MODIFIED')
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

  /** The gates of the old pods are closed one after the other; each leaves the Service when its own is. */
  closeGates(): void {
    const { agenda, random } = this.#world
    this.#service('MODIFIED')
    if (this.#world.fault('switch-late')) return
    if (this.#world.fault('endpoints-empty')) {
      this.#world.members = []
      this.#endpoints()
      agenda.after(2, () => {
        this.#world.members = this.#world.fresh().filter((node) => this.#world.serves(node))
        this.#endpoints()
      })
      return
    }
    const within = random.between(0.15, 0.5)
    for (const node of this.#world.old())
      agenda.after(random.between(0, within), () => {
        this.#pod(node, { phase: 'Running', ready: false })
        if (!this.#world.members.includes(node)) return
        this.#world.members = this.#world.members.filter((one) => one !== node)
        this.#endpoints()
      })
  }

  /** The set shrinks, the pod gets its deletion timestamp, its process ends, the object goes. */
  deletePod(node: SimNode, fleet: SimFleet): void {
    const { random, agenda } = this.#world
    const set = setsOf(this.#world, 'old').find(({ name }) => name === node.set)!
    const isReady = !this.#world.isGated
    node.isLeaving = true
    this.#shrunk(set, isReady)
    this.#pod(node, { phase: 'Running', ready: isReady, deleting: true })
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
      node.isGone = true
      this.#shrunk(set, isReady)
      if (this.#world.fault('switch-late')) this.#endpoints()
    })
  }

  #shrunk(set: SimSet, isReady: boolean): void {
    const pods = this.#world.nodes.filter((node) => node.set === set.name)
    const replicas = pods.filter((node) => !node.isGone).length
    const spec = pods.filter((node) => !node.isLeaving).length
    this.#set(set, { spec, replicas, ready: isReady ? replicas : 0 })
  }

  status(told: Status, afterSeconds?: number): void {
    const text = JSON.stringify([this.#generation, told])
    if (text === this.#cr) return
    this.#cr = text
    this.#told = told
    const event = {
      t: 0,
      type: 'cr' as const,
      generation: this.#generation,
      ...told,
      nodes: this.#world.nodes
        .filter((node) => node.joined)
        .map((node) => ({ node: node.name, running: !node.stopped, version: node.version })),
      deleted: false,
    }
    this.#hear('cr', event, afterSeconds)
  }

  #hear(
    kind: string,
    event: Parameters<World['recorder']['heard']>[2],
    afterSeconds = this.#world.random.latency(0.02, 0.3),
  ): void {
    const { recorder, now } = this.#world
    recorder.heard(kind, now + afterSeconds, event)
  }

  #set(
    { name, kind, side }: SimSet,
    { spec, replicas, ready }: { spec: number; replicas: number; ready: number },
  ): void {
    this.#hear('set', {
      t: 0,
      type: 'set',
      kind,
      name,
      createdUnixMs: side === 'old' ? 1 : 2,
      specReplicas: spec,
      replicas,
      readyReplicas: ready,
      deleted: false,
    })
  }

  #pod(
    node: SimNode,
    {
      isAddressed = true,
      ...state
    }: {
      phase: string
      ready: boolean
      deleting?: boolean
      deleted?: boolean
      isAddressed?: boolean
    },
  ): void {
    const image = this.#world.isGated ? 'emqx/emqx-enterprise' : 'emqx/emqx-ee'
    // A replicant is named after the address that it gets later.
    const isNamed = node.ip === undefined || isAddressed
    this.#hear('pod', {
      t: 0,
      type: 'pod',
      name: node.pod,
      uid: node.pod,
      set: node.set,
      node: isNamed ? node.name : '',
      ...(node.role && { role: node.role }),
      ...(node.ip !== undefined && isAddressed && { ip: node.ip }),
      image: `${image}:${node.version}`,
      deleting: false,
      deleted: false,
      ...state,
    })
  }

  /** The Service as an object: what it is reached by is chosen once. No random number is drawn for it. */
  #service(event: 'INITIAL' | 'MODIFIED'): void {
    const name = this.#world.isGated ? 'emqx-listeners' : 'emqx-ee'
    const moved = event === 'MODIFIED' && this.#world.fault('node-ports-move') ? 1 : 0
    const ports = [
      { name: 'mqtt', port: 1883, nodePort: 32_010 },
      { name: 'ws', port: 8083, nodePort: 30_500 + moved },
    ]
    const object = { metadata: { name }, spec: { type: 'NodePort', clusterIP: '10.96.0.7', ports } }
    this.#hear(
      'service',
      { ...{ t: 0, type: 'watch', kind: 'Service', event, namespace: 'default' }, name, object },
      0.1,
    )
  }

  #endpoints(): void {
    const ready = this.#world.members.map(({ pod }) => pod).sort()
    this.#hear('endpoints', {
      t: 0,
      type: 'endpoints',
      service: this.#world.isGated ? 'emqx-listeners' : 'emqx-ee',
      ready,
    })
  }
}
