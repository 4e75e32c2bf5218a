import { setTimeout as sleep } from 'node:timers/promises'
import { type ListenerTrial, tryHttp, tryListener } from '#weir/bench/index.ts'
import { insideAddresses, type TriedAddress } from '#weir/cluster/index.ts'
import { isAsExpected, type MqttListener, type TrialEvent } from '#weir/facts/index.ts'
import { StepFailure } from '../../run/endings.ts'
import type { Run } from '../../run/run.ts'
import type { Step } from '../../types.ts'
import { audited } from '../audited.ts'
import { addressesOutside, listenersService, servicesOf } from './services.ts'

const PROTOCOL: Readonly<Record<MqttListener, ListenerTrial['protocol']>> = {
  'mqtt-tcp': 'mqtt',
  'mqtt-ssl': 'mqtts',
  'mqtt-ws': 'ws',
  'mqtt-wss': 'wss',
}
const TIMEOUT_MS = 5000
const PAUSE_MS = 500
/** Each is a client of the generator, with a thread of its own. */
const AT_ONCE = 2

type Trial = Omit<TrialEvent, 't' | 'type'>

const keyOf = ({ kind, host, port, what }: TriedAddress) => `${kind} ${host}:${port} ${what}`

/**
 * Tries every address of the cluster from this machine: what outside is named by a Service or was before the change, and from inside, where
 * the fleet uses it, the operator's Service. Those that are not as the change asks are tried again. Records each outcome, and when it changes.
 */
export async function tryAddresses(
  run: Run,
  { forSeconds }: Extract<Step, { action: 'try-addresses' }>,
  signal: AbortSignal,
): Promise<void> {
  const { network } = run.state
  if (!network) throw new StepFailure('failed', 'the network has not been changed')
  const { asked, before } = network
  await audited(run, 'try-addresses', 'every address from outside', async () => {
    const told = new Map<string, string>()
    const right = new Set<string>()
    const untilMs = performance.now() + forSeconds * 1000
    for (;;) {
      const all = new Map([...(await addressesNow(run)), ...before].map((one) => [keyOf(one), one] as const))
      const open = [...all].filter(([key]) => !right.has(key))
      await inTurns(open, async ([key, address]) => {
        const trial = await attempt(run, address)
        if (told.get(key) !== trial.outcome) run.emit({ type: 'trial', ...trial })
        told.set(key, trial.outcome)
        if (isAsExpected(trial, asked)) right.add(key)
      })
      const others = [...all.keys()].filter((key) => !right.has(key)).length
      if (others === 0 || performance.now() >= untilMs || signal.aborted)
        return `${all.size} addresses, ${others} of them not as asked`
      await sleep(PAUSE_MS)
    }
  })
}

async function addressesNow(run: Run): Promise<TriedAddress[]> {
  const outside = await addressesOutside(run, await servicesOf(run))
  if (run.scenario.fleet.connection !== 'clusterIP') return outside
  const own = await listenersService(run)
  return own ? [...outside, ...insideAddresses(own)] : outside
}

async function attempt(run: Run, { host, port, what, ...address }: TriedAddress): Promise<Trial> {
  const start = run.clock.now()
  const target = { host, port }
  const { outcome, why } =
    what === 'management'
      ? await tryHttp(target, TIMEOUT_MS)
      : await tryListener({ target, protocol: PROTOCOL[what], user: run.mqttUser, timeoutMs: TIMEOUT_MS })
  return {
    ...{ ...address, host, port, what, outcome },
    ...(why !== undefined && { why }),
    tookNs: run.clock.now() - start,
  }
}

/** A few at a time. */
async function inTurns<T>(all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
  const left = [...all]
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await each(next)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
