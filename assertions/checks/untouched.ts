import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { generationsMade, type Rewritten, rewritten } from '../evidence/kept-objects.ts'
import { localPorts } from '../evidence/local-ports.ts'
import { judgedSpan } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { clientId, moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.untouched
const { settle, shared } = MESSAGES

/** Nothing that was there before the change notices it: no client, no pod, no set. */
export const untouched: Check<'untouched'> = (run, bounds) => {
  const bound = text.bound(bounds)
  const { fromT, toT } = judgedSpan(run)
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const isWatched = run.parameters.clients > 0
  if (run.moments.trigger === undefined || (isWatched && run.connections.length === 0))
    return open(text.noClients, settle.clientEvents)
  const old = run.nodes.filter(({ firstSeenT, deletedT }) => firstSeenT <= fromT && !(deletedT! <= fromT))
  const pods = podsTouched(run, old, bounds.sets, fromT, toT)
  const all = run.record.fleet.ids.length
  const ports = localPorts(run, fromT)
  const objects = rewritten(run, fromT, toT)
  const changes = generationsMade(run, fromT, toT)
  const lost = new Set(run.evictions.client)
  const figures = {
    clientsLost: lost.size,
    podsTouched: pods.length,
    samePorts: ports.same,
    unknownPorts: ports.unknown,
    rewritten: objects.rewritten.length,
  }
  const wrong = {
    bound,
    measured: text.measured({
      clients: lost.size,
      ports: ports.changed.length,
      pods: pods.length,
      objects: objects.rewritten.length,
      changes: changes && changes.made > bounds.generations ? changes.made : 0,
    }),
    figures,
  }
  if (lost.size > bounds.clients) return fail({ ...wrong, ...firstLost(run, lost.size, all, toT) })
  const [moved] = ports.changed
  if (ports.changed.length > bounds.clients && moved)
    return fail({
      ...wrong,
      sentence: text.ported({
        ...moved,
        clients: ports.changed.length,
        all,
        client: clientId(run, moved.client),
      }),
      evidence: [evidence('clients.arrow', fromT, moved.t, text.clientsSeen)],
    })
  const [pod] = [...pods, ...objectsTouched(run, bounds.generations, changes, objects.rewritten)]
  if (pod)
    return fail({
      ...wrong,
      sentence: pod.sentence,
      evidence: [evidence('events.ndjson', pod.t, toT, pod.what)],
    })
  if ((['pods', 'sets', 'services', 'cr'] as const).some((what) => blindTo(run, what, fromT, toT)))
    return open(text.blind, settle.watches)
  return pass({
    ...wrong,
    sentence: text.held({
      clients: isWatched ? all : undefined,
      pods: old.length,
      ns: toT - fromT,
      ports: ports.same,
      objects: objects.kept,
    }),
    evidence: [
      evidence(
        isWatched ? 'clients.arrow' : 'events.ndjson',
        fromT,
        toT,
        isWatched ? text.clientsSeen : text.podsSeen,
      ),
    ],
  })
}

function firstLost(
  run: RunView,
  clients: number,
  all: number,
  toT: number,
): Pick<AssertionResult, 'sentence' | 'evidence'> {
  const { t, client, node } = run.evictions
  return {
    sentence: text.lost({
      clients,
      all,
      client: clientId(run, client[0]!),
      node: shortName(run, node[0]!),
      at: moment(run, t[0]!),
    }),
    evidence: [evidence('clients.arrow', t[0]!, toT, text.clientsSeen)],
  }
}

interface Touched {
  t: number
  sentence: string
  what: string
}

/** Pods that were there and were deleted, restarted or evacuated, and sets that came and got pods, beside as many as may. */
function podsTouched(
  run: RunView,
  old: RunView['nodes'],
  setsAllowed: number,
  fromT: number,
  toT: number,
): Touched[] {
  const touched: Touched[] = []
  for (const { pod, deletingT } of old)
    if (deletingT !== undefined && deletingT > fromT && deletingT < toT)
      touched.push({
        t: deletingT,
        sentence: text.deleted({ pod, at: moment(run, deletingT) }),
        what: text.podSeen({ pod }),
      })
  for (const { t, pod } of restarts(run, old, fromT, toT))
    touched.push({ t, sentence: text.restarted({ pod, at: moment(run, t) }), what: text.podSeen({ pod }) })
  for (const { t, node } of evacuated(run, fromT, toT))
    touched.push({ t, sentence: text.evacuated({ node, at: moment(run, t) }), what: text.evacuationSeen })
  let added = 0
  const known = new Set(run.of('set').flatMap(({ t, name }) => (t <= fromT ? [name] : [])))
  for (const { t, name, specReplicas } of run.of('set')) {
    if (t <= fromT || t >= toT || known.has(name) || specReplicas === 0) continue
    known.add(name)
    if (++added <= setsAllowed) continue
    touched.push({
      t,
      sentence: text.replaced({ set: name, at: moment(run, t) }),
      what: text.setSeen({ set: name }),
    })
  }
  return touched.sort((a, b) => a.t - b.t)
}

/** The resource, if it was changed oftener than by the operation, and sets and Services that were written anew. */
function objectsTouched(
  run: RunView,
  most: number,
  changes: ReturnType<typeof generationsMade>,
  objects: readonly Rewritten[],
): Touched[] {
  return [
    ...(changes && changes.made > most
      ? [
          {
            t: changes.t,
            sentence: text.generations({ made: changes.made, most, at: moment(run, changes.t) }),
            what: shared.resourceStatus,
          },
        ]
      : []),
    ...objects.map((one) => ({
      t: one.t,
      sentence: text.rewritten({ ...one, at: moment(run, one.t) }),
      what: text.rewrittenSeen(one),
    })),
  ].sort((a, b) => a.t - b.t)
}

/** Nodes whose evacuation EMQX begins to list after the change. What its first answer lists may be older than the change. */
function evacuated(run: RunView, fromT: number, toT: number): { t: number; node: string }[] {
  const [first, ...later] = run.of('evacuation').filter(({ t }) => t > fromT && t < toT)
  const known = new Set(first?.evacuations.map(({ node }) => node))
  return later.flatMap(({ t, evacuations }) =>
    evacuations.flatMap(({ node }) => {
      if (known.has(node)) return []
      known.add(node)
      return [{ t, node }]
    }),
  )
}

function restarts(
  run: RunView,
  old: RunView['nodes'],
  fromT: number,
  toT: number,
): { t: number; pod: string }[] {
  const before = new Map<string, number>()
  const pods = new Set(old.map(({ pod }) => pod))
  const seen: { t: number; pod: string }[] = []
  for (const { t, uid, name, container } of run.of('pod')) {
    if (!container || !pods.has(name) || t >= toT) continue
    const known = before.get(uid)
    if (t > fromT && known !== undefined && container.restarts > known) seen.push({ t, pod: name })
    before.set(uid, container.restarts)
  }
  return seen
}
