import { type Clock, ClockAdjustment, fleetClock } from '#weir/bench/engine/clock.ts'
import { descriptorReadings } from '#weir/bench/fleet/descriptors.ts'
import { runShards, type ShardsHere } from '#weir/bench/fleet/hosts/run-shards.ts'
import type { FromProcess, ShardAssignment } from '#weir/bench/fleet/hosts/shard-host.ts'
import { resolveTargets } from '#weir/bench/fleet/resolve-target.ts'
import { chooseSources } from '#weir/bench/fleet/sources/choose-sources.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { type Orders, readBegin } from '../order.ts'
import type { PodAccess } from '../pod-access.ts'
import { encode } from '../wire.ts'
import { Outbox } from './outbox.ts'

/** Files, pipes and sockets that a pod has open besides its clients, with room for sockets that are closing. */
const RESERVE = 128

/** The part of a fleet that one pod runs: it is told what, and keeps what happens until its owner has it. */
export class FleetPodShards {
  readonly outbox = new Outbox()
  readonly #access: PodAccess
  readonly #adjustment = ClockAdjustment.memory()
  readonly #ended = Promise.withResolvers<void>()
  #shards: ShardsHere | undefined
  #numbers: readonly number[] = []
  #clockZeroNs: bigint | undefined
  #clock: Clock | undefined
  #lastOrder = 0

  constructor(access: PodAccess) {
    this.#access = access
  }

  /** Resolves when every client has left, and rejects when one of the shards died. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  get hasBegun(): boolean {
    return this.#shards !== undefined
  }

  /** Starts the shards, which then wait for their start. Asked twice, it does it once. Throws WEIR_DESCRIPTORS, WEIR_PORTS, WEIR_BROKER. */
  async begin(text: string): Promise<{ warning?: string }> {
    if (this.#shards) return {}
    const assignments = readBegin(text, this.#access)
    const clients = assignments.reduce((sum, { spec }) => sum + spec.clients.index.length, 0)
    checkDescriptors(clients)
    const { targets = [] } = assignments[0]?.spec ?? {}
    // A name may be another address in the cluster than where the run is made.
    const here = await resolveTargets(targets)
    const { warning } = await chooseSources({ clients }, here)
    if (this.#shards) return {}
    this.#clockZeroNs = assignments[0]?.clockZeroNs ?? 0n
    this.#clock = fleetClock(this.#clockZeroNs, this.#adjustment)
    this.#numbers = assignments.map(({ shard }) => shard)
    this.#shards = runShards(
      assignments.map(
        (one): ShardAssignment => ({
          ...one,
          spec: { ...one.spec, targets: here },
          clockAdjustment: this.#adjustment,
        }),
      ),
      (message, sent) => this.outbox.push(encode(message), sent),
    )
    this.#shards.ended.then(this.#ended.resolve, (error: unknown) => {
      this.say({ type: 'died', what: messageOf(error) })
      this.#ended.reject(error)
    })
    this.#ended.promise.catch(() => undefined)
    return warning === undefined ? {} : { warning }
  }

  order({ number, messages }: Orders): void {
    if (number <= this.#lastOrder) return
    this.#lastOrder = number
    for (const { shard, message } of messages) this.#shards?.send(shard, message)
  }

  /** This pod's clock: the fleet's once it is known, before that hrtime in nanoseconds. */
  clock(): { fleetMs: number } | { ns: bigint } {
    return this.#clock ? { fleetMs: this.#clock.nowMs() } : { ns: process.hrtime.bigint() }
  }

  /** Up to when the events here have been handed over, on the fleet's clock, while the first that has not has waited for so long. */
  reachesMs(waitedMs: number): number {
    return this.#clock ? this.#clock.nowMs() - waitedMs : 0
  }

  /** The fleet's clock here is ahead by so much. */
  slew(aheadMs: number): void {
    if (this.#clockZeroNs === undefined) return
    const rawMs = Number(process.hrtime.bigint() - this.#clockZeroNs) / 1e6
    new ClockAdjustment(this.#adjustment).slew(rawMs, aheadMs)
  }

  say(message: FromProcess): void {
    this.outbox.push(encode(message))
  }

  /** Its owner is gone: every client leaves, and its session is ended where the fleet says so. */
  leave(graceMs: number): void {
    this.outbox.abandon()
    if (!this.#shards) this.#ended.resolve()
    for (const shard of this.#numbers) this.#shards?.send(shard, { type: 'stop', graceMs })
  }
}

function checkDescriptors(clients: number): void {
  const { limit, open } = descriptorReadings()
  const needed = open + clients + RESERVE
  if (needed > limit)
    throw new WeirError(
      'WEIR_DESCRIPTORS',
      `${clients} clients need ${needed} open files, and a process of this pod may open ${limit}: use more pods, or raise the limit of the container runtime`,
    )
}
