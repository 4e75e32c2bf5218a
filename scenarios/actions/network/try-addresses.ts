import { setTimeout as sleep } from 'node:timers/promises'
import { insideAddresses, type TriedAddress } from '#weir/cluster/index.ts'
import { expectedOf } from '#weir/facts/index.ts'
import { StepFailure } from '../../run/endings.ts'
import type { Run } from '../../run/run.ts'
import type { Step } from '../../types.ts'
import { audited } from '../audited.ts'
import { addressesOutside, listenersService, servicesOf } from './services.ts'
import { keyOf, Trials } from './trials.ts'

const PAUSE_MS = 500

/** Every address of the cluster: outside as its Services name it, inside by the operator's Service. */
export async function addressesNow(run: Run): Promise<TriedAddress[]> {
  const outside = await addressesOutside(run, await servicesOf(run))
  const own = await listenersService(run)
  return own ? [...outside, ...insideAddresses(own)] : outside
}

/**
 * Tries every address of the cluster from this machine, and those from before the change. Those that are to serve are tried again until they do; then
 * those that are to be closed, since a proxy or a cloud may open them as late. Records each outcome, and when it changes.
 */
export async function tryAddresses(
  run: Run,
  { forSeconds }: Extract<Step, { action: 'try-addresses' }>,
  signal: AbortSignal,
): Promise<void> {
  const { network } = run.state
  if (!network) throw new StepFailure('failed', 'the network has not been changed')
  const { asked, before } = network
  await audited(run, 'try-addresses', 'every address', async () => {
    const trials = new Trials(run, signal)
    const untilMs = performance.now() + forSeconds * 1000
    for (;;) {
      const now = new Map((await addressesNow(run)).map((one) => [keyOf(one), one]))
      // What no Service names any more.
      const past = before.flatMap(({ address, served }) =>
        now.has(keyOf(address)) ? [] : [{ ...address, isPast: true as const, served }],
      )
      const servedBefore = new Set(before.flatMap(({ address, served }) => (served ? [keyOf(address)] : [])))
      const all = [...now.values(), ...past].map((address) => ({
        address,
        expected: expectedOf(address, asked, servedBefore.has(keyOf(address))),
      }))
      const of = (wanted: string) =>
        all.flatMap(({ address, expected }) => (expected === wanted ? [address] : []))
      const wrong = (wanted: 'served' | 'closed') =>
        of(wanted).filter((address) => trials.outcomeOf(address) !== wanted)
      await trials.make(wrong('served'))
      const isLast = performance.now() >= untilMs || signal.aborted
      if (wrong('served').length === 0 || isLast) await trials.make(of('closed'))
      const others = wrong('served').length + wrong('closed').length
      if (others === 0 || isLast) return `${all.length} addresses, ${others} of them not as asked`
      await sleep(PAUSE_MS)
    }
  })
}
