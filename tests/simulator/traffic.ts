import type { FleetTable, Messages, PublisherAccount, Receipt, WillReceipt } from '#weir/facts/index.ts'
import { accountOf, messagesOf, receiptOf } from '../support/messages.ts'
import type { SimNode } from './node.ts'
import { Random } from './random.ts'
import { ns } from './recorder.ts'
import type { World } from './world.ts'

/** One connection as its client saw it, in seconds. */
interface Stay {
  from: number
  to: number
  kept: boolean
}

/** A connection that ended otherwise than by plan. */
interface Ended {
  publisher: number
  attempt: number
  t: number
  isKilled: boolean
}

/**
 * What the fleet says to itself and to itself only: each persistent client publishes to the next one, and whoever has a will has
 * it seen by the next persistent client. Nothing happens while the run goes on but that ends are noted: all of it follows
 * from when who was connected.
 */
export class SimTraffic {
  readonly #world: World
  readonly #table: FleetTable
  readonly #random: Random
  readonly #ended: Ended[] = []
  /** When EMQX moved sessions whose client was gone, by client. */
  readonly #moved = new Map<number, number[]>()
  #beganT = 0

  constructor(world: World, table: FleetTable) {
    this.#world = world
    this.#table = table
    this.#random = new Random(world.settings.seed + 777)
    const watchers = table.ids.map((_, client) =>
      this.#group(client).will ? this.#nextPersistent(client) : [],
    )
    if (watchers.some((of) => of.length > 0)) table.willWatchers = watchers
  }

  begin(): void {
    this.#beganT = this.#world.now
  }

  ended(publisher: number, attempt: number, node: SimNode): void {
    this.#ended.push({ publisher, attempt, t: this.#world.now, isKilled: node.stopped })
  }

  sessionMoved(client: number): void {
    this.#moved.set(client, [...(this.#moved.get(client) ?? []), this.#world.now])
  }

  /** What a ledger would have said when the run ended, or undefined when nobody publishes, listens or has a will. */
  account(): Messages | undefined {
    const { groups } = this.#table
    if (!groups.some((group) => group.publishes || group.will)) return undefined
    const stays = this.#stays()
    const endT = this.#world.now
    const publishers = this.#table.ids.flatMap((_, client) => this.#published(client, stays, endT))
    return messagesOf(publishers, {
      wills: this.#wills(stays, endT),
      beganT: ns(this.#beganT),
      endedT: ns(endT),
    })
  }

  #group(client: number): FleetTable['groups'][number] {
    return this.#table.groups[this.#table.group[client]!]!
  }

  /** The first persistent client after this one, round the fleet. */
  #nextPersistent(client: number): number[] {
    const { length } = this.#table.ids
    for (let ahead = 1; ahead < length; ahead++)
      if (this.#group((client + ahead) % length).persistent) return [(client + ahead) % length]
    return []
  }

  #stays(): Stay[][] {
    const stays: Stay[][] = this.#table.ids.map(() => [])
    for (const { t, client, kind, sessionPresent } of this.#world.recorder.rows) {
      const own = stays[client]!
      if (kind === 'connected')
        own.push({ from: t / 1e9, to: Number.POSITIVE_INFINITY, kept: sessionPresent === true })
      const last = own.at(-1)
      if ((kind === 'disconnected' || kind === 'left') && last) last.to = t / 1e9
    }
    return stays
  }

  #published(publisher: number, stays: Stay[][], endT: number): PublisherAccount[] {
    const { publishes } = this.#group(publisher)
    const [subscriber] = this.#nextPersistent(publisher)
    if (!publishes || subscriber === undefined) return []
    const every = publishes.everyMs / 1000
    const { qos } = publishes
    const account = accountOf(publisher, `weir/fleet/${subscriber}/data`, { qos })
    const receipt = receiptOf(subscriber, { qos })
    const phase = this.#random.between(0, every)
    for (let t = this.#beganT + phase; t < endT - 0.5; t += every) {
      if (!covers(stays[publisher]!, t)) {
        account.skipped++
        continue
      }
      account.sent++
      account.acknowledged++
      this.#deliver(receipt, account.sent, t, stays[subscriber]!)
    }
    account.receipts.push(receipt)
    return [account]
  }

  #deliver(receipt: Receipt, sequence: number, t: number, stays: readonly Stay[]): void {
    const random = this.#random
    if (covers(stays, t)) {
      receipt.received++
      if (receipt.qos === 2 && this.#world.fault('duplicate-qos2') && random.chance(0.05))
        duplicate(receipt, t + 0.01)
      if (this.#world.fault('reorder') && random.chance(0.05)) disorder(receipt, t + 0.01)
      return
    }
    const back = stays.find(({ from }) => from > t)
    const isLost = this.#world.fault('queue-dropped')
    if (back && !back.kept) receipt.missed++
    else if (!back || isLost) {
      receipt.lost++
      receipt.lostSequences = [...receipt.lostSequences, sequence].slice(0, 8)
      receipt.lostT = [receipt.lostT?.[0] ?? ns(t), ns(t)]
    } else {
      receipt.received++
      this.#takenOver(receipt, back.from)
    }
  }

  /** What an honest cluster may do to a message that was under way when a session was taken over. */
  #takenOver(receipt: Receipt, t: number): void {
    const random = this.#random
    const mayDouble = this.#world.settings.parameters.dialect.takeoverMayDuplicate ?? true
    if (receipt.qos === 1 && random.chance(0.2)) {
      receipt.duplicated++
      receipt.redelivered++
    }
    if (mayDouble && random.chance(0.1)) duplicate(receipt, t + random.between(0, 1))
    if (random.chance(0.05)) disorder(receipt, t + random.between(0, 1))
  }

  #wills(stays: Stay[][], endT: number): WillReceipt[] {
    const isWrong = this.#world.fault('will-wrong')
    let wrongs = 0
    return this.#ended.flatMap(({ publisher, attempt, t, isKilled }) => {
      const [watcher] = this.#table.willWatchers?.[publisher] ?? []
      const { will } = this.#group(publisher)
      // Processes that are killed publish nothing.
      if (!will || watcher === undefined || isKilled) return []
      const delay = Math.min(will.delaySeconds, will.sessionSeconds)
      const isBack = stays[publisher]!.some(({ from }) => from > t && from < t + delay)
      const isMoved = this.#moved.get(publisher)?.some((at) => at > t && at < t + delay) ?? false
      // The fault: every other will is not published where it should be, and is where it should not.
      const isOther = isWrong && wrongs++ % 2 === 0
      if (delay > 0 ? (isBack || isMoved) && !isOther : isOther) return []
      const dueT = t + delay + this.#random.between(0, 0.05)
      if (dueT > endT - 0.5) return []
      const arrival = covers(stays[watcher]!, dueT) ? { from: dueT, kept: true } : next(stays[watcher]!, dueT)
      if (!arrival?.kept) return []
      const came = { publisher, attempt, subscriber: watcher, t: ns(arrival.from + 0.01) }
      const again = arrival.from !== dueT && this.#random.chance(0.05)
      if (again) return [came, { ...came, t: came.t + 1e6 }]
      return [came]
    })
  }
}

const covers = (stays: readonly Stay[], t: number) => stays.some(({ from, to }) => from <= t && t < to)
const next = (stays: readonly Stay[], t: number) => stays.find(({ from }) => from > t)

function duplicate(receipt: Receipt, t: number): void {
  receipt.duplicated++
  if (receipt.duplicateT!.length < 8) receipt.duplicateT!.push(ns(t))
}

function disorder(receipt: Receipt, t: number): void {
  receipt.reordered++
  if (receipt.reorderedT!.length < 8) receipt.reorderedT!.push(ns(t))
}
