import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '#weir/errors/index.ts'
import type { StoredCounts } from '#weir/facts/index.ts'
import { type Connect, loadConnect } from '../probe/single-client.ts'
import { LeftOnBroker } from './left-on-broker.ts'
import { type Visit, visit } from './session.ts'
import type { FoundData, StoredData, StoredDataSpec } from './types.ts'

/** What nobody removes goes by itself after so long. */
const KEPT_SECONDS = 24 * 3600
const QUIET_MS = 5000
const POLL_MS = 50
const MISSING_TOLD = 8

/** Where the parts of it are, by their number. */
interface Places {
  clientId(i: number): string
  queue(i: number): string
  retained(i: number): string
  allRetained: string
  text(i: number): string
}

/** How many of each a broker has, or may have: those that it refused are not among them. */
type Taken = Pick<StoredDataSpec, 'sessions' | 'retained'>

/**
 * Gives a broker something to keep: retained messages, and sessions of clients that go away, with messages that wait for them. All of it
 * has QoS 1 and was acknowledged. Rejects when the broker does not take it: what it took until then is removed, or the error is a
 * LeftOnBroker. Uses the `mqtt` package, as the probe does.
 */
export async function storeData(spec: StoredDataSpec): Promise<StoredData> {
  const connect = await loadConnect()
  const id = randomBytes(4).toString('hex')
  const places: Places = {
    clientId: (i) => `weir_stored_${id}_${i}`,
    queue: (i) => `weir/stored/${id}/queue/${i}`,
    retained: (i) => `weir/stored/${id}/retained/${i}`,
    allRetained: `weir/stored/${id}/retained/+`,
    text: (i) => `${id} ${i}`,
  }
  const taken: Taken = { sessions: 0, retained: 0 }
  const leave = () => clear(connect, spec, places, taken)
  try {
    await store(connect, spec, places, taken)
  } catch (error) {
    await leave().catch((left: unknown) => {
      throw new LeftOnBroker(messageOf(error), { cause: error, left: messageOf(left) })
    })
    throw error
  }
  return { find: () => find(connect, spec, places), clear: leave }
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
const kept = { sessionExpiryInterval: KEPT_SECONDS }
const retain = { qos: 1, retain: true } as const

/** The broker was not there, or answered with a reason code: it has nothing of it. Without an answer it may have it. */
const isRefused = (error: unknown): boolean => {
  const { code } = error as { code?: unknown }
  return typeof code === 'number' || code === 'ECONNREFUSED'
}

async function store(connect: Connect, spec: StoredDataSpec, places: Places, taken: Taken): Promise<void> {
  for (const i of numbers(spec.sessions)) {
    let isThere = false
    taken.sessions = i + 1
    await visit(
      connect,
      spec,
      // EMQX 4.4 before 4.4.24 moves no session that began with clean start (docs/contract/emqx.md#evacuation-states).
      { clientId: places.clientId(i), clean: false, properties: kept },
      async ({ client }) => {
        isThere = true
        await client.subscribeAsync(places.queue(i), { qos: 1 })
      },
    ).catch((error: unknown) => {
      if (!isThere && isRefused(error)) taken.sessions = i
      throw error
    })
  }
  await visit(
    connect,
    spec,
    { clientId: places.clientId(spec.sessions), clean: true },
    async ({ client }) => {
      const properties = { messageExpiryInterval: KEPT_SECONDS }
      for (const i of numbers(spec.retained)) {
        taken.retained = i + 1
        await client
          .publishAsync(places.retained(i), places.text(i), { ...retain, properties })
          .catch((error: unknown) => {
            if (isRefused(error)) taken.retained = i
            throw error
          })
      }
      for (const session of numbers(spec.sessions))
        for (const i of numbers(spec.queuedEach))
          await client.publishAsync(places.queue(session), places.text(i), { qos: 1 })
    },
  )
}

/** The clients come back for what waited, and a subscriber that was never there asks for what is retained. */
async function find(connect: Connect, spec: StoredDataSpec, places: Places): Promise<FoundData> {
  const counts: StoredCounts = { retained: 0, sessions: 0, queued: 0 }
  const missing: string[] = []
  for (const i of numbers(spec.sessions)) {
    const wanted = numbers(spec.queuedEach).map(places.text)
    const options = { clientId: places.clientId(i), clean: false, properties: kept }
    await visit(connect, spec, options, async ({ sessionPresent, received }) => {
      const came = () => new Set(received.get(places.queue(i)) ?? [])
      if (sessionPresent) await quiet(spec, received, () => came().size >= wanted.length)
      const found = wanted.filter((text) => came().has(text)).length
      counts.sessions += Number(sessionPresent)
      counts.queued += found
      if (!sessionPresent) missing.push(places.clientId(i))
      if (found < wanted.length) missing.push(places.queue(i))
    })
  }
  const reader = `${places.clientId(spec.sessions)}_reader`
  await visit(connect, spec, { clientId: reader, clean: true }, async ({ client, received }) => {
    await client.subscribeAsync(places.allRetained, { qos: 1 })
    await quiet(spec, received, () => received.size >= spec.retained)
    for (const i of numbers(spec.retained))
      if (received.get(places.retained(i))?.includes(places.text(i))) counts.retained++
      else missing.push(places.retained(i))
  })
  return { ...counts, missing: missing.slice(0, MISSING_TOLD) }
}

async function quiet(
  { quietMs = QUIET_MS }: StoredDataSpec,
  received: Visit['received'],
  isAll: () => boolean,
): Promise<void> {
  let [last, sinceMs] = [-1, performance.now()]
  while (!isAll() && performance.now() - sinceMs < quietMs) {
    const now = [...received.values()].reduce((sum, { length }) => sum + length, 0)
    if (now !== last) [last, sinceMs] = [now, performance.now()]
    await sleep(POLL_MS)
  }
}

/** Leaves nothing on the broker. */
async function clear(
  connect: Connect,
  spec: StoredDataSpec,
  places: Places,
  { sessions, retained }: Taken,
): Promise<void> {
  for (const i of numbers(sessions))
    await visit(connect, spec, { clientId: places.clientId(i), clean: true }, async () => undefined)
  if (retained === 0) return
  await visit(
    connect,
    spec,
    { clientId: places.clientId(spec.sessions), clean: true },
    async ({ client }) => {
      for (const i of numbers(retained)) await client.publishAsync(places.retained(i), '', retain)
    },
  )
}
