import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CLIENT_KIND, type ClientEvents, type TrialOutcome } from '#weir/facts/index.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import { knock } from '../transport/knock.ts'
import type { ClientAccess, FleetSpec, Target, TransportProtocol } from '../types.ts'

export interface ListenerTrial {
  target: Target
  protocol: TransportProtocol
  /** Whose user and certificate the client has. */
  access?: ClientAccess | undefined
  timeoutMs: number
}

export interface ListenerAnswer {
  outcome: TrialOutcome
  why?: string
}

const POLL_MS = 20
/** Longer than any trial: a client tries once. */
const NEVER_MS = 3_600_000

/** One client of the generator has a round trip of one message through a listener. Any certificate will do: who answers is not judged. */
export async function tryListener({
  target,
  protocol,
  access = {},
  timeoutMs,
}: ListenerTrial): Promise<ListenerAnswer> {
  const why = await knock(target)
  if (why !== undefined) return { outcome: 'closed', why }
  const clientId = `weir_trial_${randomBytes(4).toString('hex')}`
  const topic = `weir/trial/${clientId}`
  const { username, password, certificate, transport } = access
  const isSecure = protocol === 'mqtts' || protocol === 'wss'
  const spec: FleetSpec = {
    ...{ clients: 1, seed: 1, targets: [target] },
    transport: { protocol, ...(isSecure && { tls: { ...transport?.tls, insecure: true } }) },
    ...(isSecure && certificate && { credentials: { certificates: [certificate] } }),
    ...{ clientId, arrival: { kind: 'spike' }, keepAliveSeconds: 60, connectsInFlight: 1, workers: 1 },
    groups: [
      {
        ...{ name: 'trial', share: 1, protocol: '3.1.1', persistent: false },
        subscribe: [{ topic, qos: 1 }],
        publish: { topic, qos: 1, everyMs: 1, limit: 1, payload: { kind: 'ledger', bytes: 64 } },
      },
    ],
    trafficStart: 'when-all-ready',
    reconnect: { kind: 'fixed', baseMs: NEVER_MS },
    ...{ connectTimeoutMs: timeoutMs, connackTimeoutMs: timeoutMs },
    clockZeroNs: process.hrtime.bigint(),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  }
  const failures = new FirstFailure()
  const fleet = await startFleet(spec, (batch) => failures.take(batch))
  try {
    const untilMs = performance.now() + timeoutMs
    while (performance.now() < untilMs) {
      const { acknowledged, received } = fleet.counters()
      if (acknowledged > 0 && received > 0) return { outcome: 'served' }
      if (failures.answer) return failures.answer
      await sleep(POLL_MS)
    }
    // A broker that lets the client in and takes none of its messages is the listener all the same.
    const outcome = fleet.counters().connected > 0 ? 'denied' : 'answered'
    return { outcome, why: `no round trip of a message within ${timeoutMs} ms` }
  } finally {
    await fleet.stop()
  }
}

/** What ended the client's only try. */
class FirstFailure {
  answer: ListenerAnswer | undefined

  take({ length, kind, reason, reasons, code }: ClientEvents): void {
    for (let i = 0; i < length && this.answer === undefined; i++) {
      const word = reasons[reason[i]!] ?? ''
      if (kind[i] === CLIENT_KIND.refused)
        this.answer = { outcome: 'denied', why: `CONNACK 0x${code[i]!.toString(16).padStart(2, '0')}` }
      else if (kind[i] === CLIENT_KIND['subscribe-refused'])
        this.answer = { outcome: 'denied', why: 'SUBACK refuses weir/trial/…' }
      else if (kind[i] === CLIENT_KIND.failed || kind[i] === CLIENT_KIND.disconnected)
        this.answer = { outcome: outcomeOf(word, code[i]!), why: codeText(word, code[i]!) }
    }
  }
}

/** A connection that is reset before a word was said led nowhere: a load balancer, or a proxy, accepted it for somebody who is not there. */
const NOBODY: readonly string[] = ['connection-refused', 'reset']

/** An alert is the word of a TLS server, e.g. for want of a certificate, and a status that of an HTTP server: what they want is another client. */
function outcomeOf(word: string, code: number): TrialOutcome {
  if (NOBODY.includes(word)) return 'closed'
  return (word === 'tls-refused' && code >= 0) || word === 'ws-refused' ? 'denied' : 'answered'
}

const codeText = (word: string, code: number): string => (code < 0 ? word : `${word} ${code}`)
