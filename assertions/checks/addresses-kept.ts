import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { type AddressChange, addressLedger } from '../evidence/address-ledger.ts'
import { clientsThrough } from '../evidence/fleet-address.ts'
import { judgedSpan } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['addresses-kept']
const { settle, shared } = MESSAGES

/** From the change on every Service is reached where it was before, but for what the operation announces. */
export const addressesKept: Check<'addresses-kept'> = (run, bounds) => {
  const { fromT, toT } = judgedSpan(run)
  const bound = text.bound(bounds)
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  if (run.moments.trigger === undefined) return open(text.noChange, settle.upgrade)
  const { services, addresses, changes } = addressLedger(run, fromT, toT)
  if (services === 0) return open(text.noServices, text.noServicesSettle)
  const { announced, wrong } = sorted(run, changes, bounds)
  const cut = changes.reduce((most, change) => Math.max(most, clientsThrough(run, change)), 0)
  const figures = { services, addresses, changed: wrong.length, announced: announced.length, clientsCut: cut }
  const seen = [evidence('events.ndjson', wrong[0]?.t ?? fromT, toT, text.seen)]
  const [first] = wrong
  if (first)
    return fail({
      ...{ bound, figures, evidence: seen },
      measured: text.measured({ changes: wrong }),
      sentence: text.changed({
        ...worded(run, first),
        others: wrong.length - 1,
        clients: clientsThrough(run, first),
      }),
    })
  if (blindTo(run, 'services', fromT, toT)) return open(text.blind, settle.watches)
  return pass({
    ...{ bound, figures, evidence: seen },
    measured: announced.length === 0 ? text.measuredHeld(figures) : text.measured({ changes: announced }),
    sentence:
      announced.length === 0
        ? text.held({ services, addresses, ns: toT - fromT })
        : text.heldBut({
            announced: announced.map((change) => ({
              ...worded(run, change),
              clients: clientsThrough(run, change),
            })),
          }),
  })
}

const worded = (run: RunView, change: AddressChange) => ({ ...change, at: moment(run, change.t) })

/** Those that the operation announces, the earliest first, and all others. */
function sorted(
  run: RunView,
  changes: readonly AddressChange[],
  { loadBalancers, types, removed }: Bounds<'addresses-kept'>,
): { announced: AddressChange[]; wrong: AddressChange[] } {
  const firstOf = (what: AddressChange['what'], most: number) =>
    changes.filter((change) => change.what === what).slice(0, most)
  const retyped = firstOf('type', types)
  const announced = new Set([
    ...retyped,
    ...firstOf('load-balancer', loadBalancers),
    ...firstOf('removed', removed),
    ...changes.filter((change) => isAsked(run, change)),
    // What a Service of another type does not have.
    ...changes.filter(
      ({ what, to, service }) =>
        (what === 'node-port' || what === 'load-balancer') &&
        to === '' &&
        retyped.some((one) => one.service === service),
    ),
  ])
  return {
    announced: changes.filter((change) => announced.has(change)),
    wrong: changes.filter((change) => !announced.has(change)),
  }
}

/** What a change of the network asks of its Service. Clients inside keep the cluster IP, and ports that are asked for again stay what they were. */
function isAsked(run: RunView, { service, what, port, to, t }: AddressChange): boolean {
  const asked = run.of('network').filter((one) => one.service === service && one.t - one.tookNs <= t)
  const last = asked.at(-1)
  if (last === undefined || what === 'cluster-ip' || what === 'external-ip') return false
  if (what === 'removed') return last.network === 'ClusterIP' && last.by === 'weir'
  if (what === 'type') return to === last.network || to === ''
  if (what === 'load-balancer') return last.otherAnnotations || last.network !== 'LoadBalancer'
  const kept = last.ports.find(({ name }) => name === port)
  return last.network === 'ClusterIP' || kept === undefined || String(kept.nodePort) === to
}
