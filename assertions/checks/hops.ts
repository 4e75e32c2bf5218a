import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { atTrigger, count } from '../evidence/wording.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** Each client is asked to move once; one that lands on a node about to be drained moves again. */
export const hops: Check<'hops'> = (run, bounds) => {
  const bound = `at least ${bounds.onceShare * 100} % once, none more than ${bounds.most} times, at most ${bounds.perClient} per client`
  const { length } = run.evictions
  if (length === 0)
    return unknown({
      bound,
      measured: 'no evictions',
      why: 'no client was evicted after the trigger',
      settle: 'a run in which a node is drained',
    })
  const times = evictionsPerClient(run)
  const evicted = times.reduce((sum, one) => sum + (one > 0 ? 1 : 0), 0)
  const once = times.reduce((sum, one) => sum + (one === 1 ? 1 : 0), 0)
  const most = times.reduce((max, one) => Math.max(max, one), 0)
  const clients = Math.max(run.parameters.clients, 1)
  const share = once / evicted
  const figures = {
    evictions: length,
    clientsEvicted: evicted,
    once,
    moreThanOnce: evicted - once,
    mostOfOne: most,
    perClient: Number((length / clients).toFixed(4)),
  }
  const measured = `${(share * 100).toFixed(1)} % once, at most ${most}, ${figures.perClient} per client`
  if (share >= bounds.onceShare && most <= bounds.most && length / clients <= bounds.perClient)
    return pass({
      bound,
      measured,
      sentence: `${count(once, 'client')} of ${evicted} moved exactly once.`,
      evidence: [
        evidence('clients.arrow', run.evictions.t[0]!, run.evictions.t[length - 1]!, 'all evictions'),
      ],
      figures,
    })
  const secondT = secondEvictionT(run)
  return fail({
    bound,
    measured,
    sentence: `${count(evicted - once, 'client')} of ${evicted} were evicted more than once, one of them ${most} times, from ${atTrigger(run, secondT).replace('at ', '')} on: ${length} evictions for ${clients} clients.`,
    evidence: [
      evidence('clients.arrow', secondT, run.evictions.t[length - 1]!, 'second and later evictions'),
    ],
    figures,
  })
}

function evictionsPerClient(run: RunView): Uint32Array {
  const times = new Uint32Array(run.connections.firstOf.length - 1)
  for (const client of run.evictions.client) times[client]!++
  return times
}

function secondEvictionT(run: RunView): number {
  const seen = new Set<number>()
  for (let i = 0; i < run.evictions.length; i++) {
    const client = run.evictions.client[i]!
    if (seen.has(client)) return run.evictions.t[i]!
    seen.add(client)
  }
  return run.evictions.t[0]!
}
