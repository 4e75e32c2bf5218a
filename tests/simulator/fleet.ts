import type { FleetTable } from '#weir/facts/index.ts'
import type { ClientEventRow } from '#weir/record/index.ts'
import type { SimNode } from './node.ts'
import { ns } from './recorder.ts'
import { SimTraffic } from './traffic.ts'
import type { World } from './world.ts'

/** Where the fleet connects: a NodePort. */
const SERVICE = '127.0.0.1:32010'

/** The clients: they come by schedule, come back by policy, and write down what they see. */
export class SimFleet {
  readonly table: FleetTable
  readonly traffic: SimTraffic
  readonly #world: World
  readonly #nodeOf: (SimNode | undefined)[] = []
  readonly #sessionOf = new Map<number, SimNode>()
  readonly #lost = new Set<number>()
  readonly #bounced = new Set<number>()
  /** Clients whose SUBSCRIBE is never answered: they say so when their connection ends. */
  readonly #unanswered = new Set<number>()
  readonly #attempts: number[] = []
  online = 0

  constructor(world: World) {
    const { parameters, groups } = world.settings
    const ids = Array.from({ length: parameters.clients }, (_, k) => `weir-${k}`)
    this.#world = world
    this.table = { ids, group: ids.map((_, k) => k % groups.length), groups }
    this.traffic = new SimTraffic(world, this.table)
  }

  arrive(): void {
    const { arrivalSeconds } = this.#world.settings
    this.table.ids.forEach((_, client) => {
      const t = this.#world.now + client * arrivalSeconds
      this.#world.agenda.at(t, () => {
        this.#write({ t: 0, client, kind: 'scheduled' })
        this.#attempt(client)
      })
    })
  }

  /** Everybody disconnects of their own will, `delay` seconds from now. */
  leave(delay: number): void {
    const t = ns(this.#world.now + delay)
    this.table.ids.forEach((_, client) => {
      if (this.#unanswered.delete(client))
        this.#world.recorder.rows.push({ t, client, kind: 'subscribe-unanswered' })
      if (this.#nodeOf[client])
        this.#world.recorder.rows.push({ t, client, kind: 'left', reason: 'stopped', target: SERVICE })
    })
  }

  isPersistent(client: number): boolean {
    return this.table.groups[this.table.group[client] ?? 0]?.persistent ?? false
  }

  /** A node closes a connection, `delay` seconds from now as the client sees it. */
  evict(client: number, node: SimNode, delay: number): void {
    const { random, agenda, settings } = this.#world
    if (!node.connected.delete(client)) return
    if (this.isPersistent(client) && !node.stopped) node.parked.add(client)
    else this.#sessionOf.delete(client)
    if (this.#world.fault('lost-client') && client % 50 === 7) this.#lost.add(client)
    if (this.#world.fault('ghost-client') && client % 50 === 9) node.ghosts.add(client)
    this.#nodeOf[client] = undefined
    this.traffic.ended(client, this.#attempts[client] ?? 0, node)
    agenda.after(delay + random.latency(settings.networkSeconds, 0.1), () => {
      const five = this.table.groups[this.table.group[client] ?? 0]?.protocol === '5'
      const reason = five ? { reason: 'disconnect-packet', code: 0x9c } : { reason: 'closed' }
      if (this.#unanswered.delete(client)) this.#write({ t: 0, client, kind: 'subscribe-unanswered' })
      this.#write({ t: 0, client, kind: 'disconnected', ...reason })
      this.online--
      this.#comeBack(client)
    })
  }

  #comeBack(client: number): void {
    const { random, agenda, settings } = this.#world
    const { minMs, maxMs } = settings.parameters.reconnect
    agenda.after(random.between(minMs, maxMs) / 1000, () => this.#attempt(client))
  }

  #attempt(client: number): void {
    const { random, agenda, settings, members } = this.#world
    if (this.#world.finished) return
    this.#write({ t: 0, client, kind: 'attempt' })
    this.#attempts[client] = (this.#attempts[client] ?? 0) + 1
    if (members.length === 0) {
      this.#write({ t: 0, client, kind: 'failed', reason: 'connection-refused' })
      this.#comeBack(client)
      return
    }
    const node = random.pick(members)
    const slow =
      this.#world.fault('slow-accept') && node.version === settings.parameters.targetVersion ? 8 : 0
    agenda.after(slow + 2 * random.latency(settings.networkSeconds, 0.15), () => this.#arriveAt(client, node))
  }

  #arriveAt(client: number, node: SimNode): void {
    const { random, agenda, settings } = this.#world
    if (this.#world.finished) return
    const isNew = node.version === settings.parameters.targetVersion
    const refused =
      node.stopped ||
      (node.evacuation !== undefined && node.evacuation.state !== 'waiting_health_check') ||
      this.#lost.has(client) ||
      (this.#world.fault('refuse-some') && isNew && random.chance(0.2))
    if (refused) {
      this.#write({ t: 0, client, kind: 'refused', reason: 'connack', code: 0x9c })
      this.#comeBack(client)
      return
    }
    const session = this.#sessionOf.get(client)
    const lost = this.#world.fault('session-lost') && isNew && random.chance(0.02)
    const present = this.isPersistent(client) && session !== undefined && !lost
    for (const other of this.#world.nodes) other.parked.delete(client)
    if (this.isPersistent(client)) this.#sessionOf.set(client, node)
    node.connected.add(client)
    this.#nodeOf[client] = node
    this.online++
    agenda.after(random.latency(settings.networkSeconds, 0.1), () => {
      if (this.#nodeOf[client] !== node) return
      this.#write({ t: 0, client, kind: 'connected', sessionPresent: present })
      if (!present) this.#subscribe(client, node, isNew)
      if (this.#world.fault('bounce') && isNew && client % 10 === 3 && !this.#bounced.has(client)) {
        this.#bounced.add(client)
        agenda.after(4, () => this.evict(client, node, 0))
      }
    })
  }

  #subscribe(client: number, node: SimNode, isNew: boolean): void {
    const { random, agenda, settings } = this.#world
    if (!this.table.groups[this.table.group[client] ?? 0]?.subscribed) return
    if (this.#world.fault('ignore-subscribe') && isNew) {
      this.#unanswered.add(client)
      return
    }
    const slow = this.#world.fault('slow-suback') && isNew ? 5 : 0
    const answer: Pick<ClientEventRow, 'kind' | 'code'> =
      this.#world.fault('refuse-subscribe') && isNew
        ? { kind: 'subscribe-refused', code: 0x87 }
        : { kind: 'subscribed' }
    agenda.after(slow + 2 * random.latency(settings.networkSeconds, 0.1), () => {
      if (this.#nodeOf[client] === node) this.#write({ t: 0, client, ...answer })
    })
  }

  /** Where a session without its client goes when EMQX moves it. */
  moveSession(client: number, to: SimNode): void {
    this.#sessionOf.set(client, to)
    to.parked.add(client)
    this.traffic.sessionMoved(client)
  }

  loseSessions(node: SimNode): void {
    for (const client of node.parked) this.#sessionOf.delete(client)
    node.parked.clear()
  }

  #write(row: ClientEventRow): void {
    if (this.#world.finished) return
    let t = this.#world.now
    // A harness that is stopped for 300 ms in every second writes late what happened meanwhile.
    if (this.#world.fault('starved-generator') && t % 1 < 0.3) t = Math.floor(t) + 0.3
    this.#world.recorder.rows.push({ ...row, t: ns(t), target: SERVICE })
  }
}
