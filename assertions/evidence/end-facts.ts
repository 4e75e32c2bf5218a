import { sameVersion, tagOf, tellsVersion } from '#weir/facts/index.ts'
import type { NodeView, RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { blockerOf } from './blocker.ts'
import { mustGo } from './new-set.ts'
import { targetVersionOf } from './target-version.ts'

const text = MESSAGES['all-new']

/** Something that must be true at the end; `t` is when its state began, or was first seen. */
export interface EndFact {
  state: 'true' | 'false' | 'unknown'
  t: number
  /** Of what is sampled: when it was last seen otherwise. Its state began some time after. */
  notBeforeT?: number
  what: string
}

/** What must be true when an upgrade has ended, as it stands at `lastT`. */
export function endFacts(run: RunView, lastT: number, staleNs: number): EndFact[] {
  return [
    ...podFacts(run, lastT),
    ...setFacts(run, lastT),
    crFact(run, lastT),
    membershipFact(run, lastT, staleNs),
  ]
}

function podFacts(run: RunView, lastT: number): EndFact[] {
  const facts: EndFact[] = []
  const { nodes: wanted } = run.parameters
  const targetVersion = targetVersionOf(run, lastT)
  const goneT = (node: RunView['nodes'][number]) =>
    node.deletedT !== undefined && node.deletedT <= lastT ? node.deletedT : undefined
  const old = run.nodes.filter((node) => mustGo(run, node))
  const left = old.filter((node) => goneT(node) === undefined)
  const leftBehind = left.filter((node) => replicasAt(run, node.set, lastT) !== 0)
  facts.push(
    left.length > 0 && leftBehind.length === 0
      ? {
          state: 'unknown',
          t: lastT,
          what: text.podsDisagree({ pod: left[0]?.pod }),
        }
      : left.length > 0
        ? {
            state: 'false',
            t: left[0]?.firstSeenT ?? 0,
            what: text.oldPods({ pods: left.map(({ pod }) => pod) }),
          }
        : {
            state: 'true',
            t: Math.max(0, ...old.map((node) => goneT(node) ?? 0)),
            what: text.noOldPods,
          },
  )
  const fresh = run.nodes.filter((node) => !mustGo(run, node) && goneT(node) === undefined)
  const ready = fresh.map((node) => readySince(run, node.pod, lastT))
  const unready = ready.filter((since) => since === undefined).length
  const doubted = fresh.filter((_, i) => ready[i] === undefined)
  if (fresh.length >= wanted && unready > 0 && doubted.every((node) => vouched(run, node, fresh, lastT)))
    facts.push({
      state: 'unknown',
      t: lastT,
      what: text.readinessDisagrees,
    })
  else if (fresh.length < wanted || unready > 0)
    facts.push({
      state: 'false',
      t: lastT,
      what: text.notReady({ ready: fresh.length - unready, wanted, blocked: blockerOf(run, lastT) }),
    })
  else
    facts.push({
      state: 'true',
      t: Math.max(0, ...ready.map((since) => since ?? 0)),
      what: text.ready,
    })
  if (targetVersion !== undefined) {
    const other = fresh.find(({ image }) => image !== undefined && !isImageOf(image, targetVersion))
    facts.push(
      other
        ? {
            state: 'false',
            t: other.firstSeenT,
            what: text.wrongImage({ pod: other.pod, image: other.image, version: targetVersion }),
          }
        : { state: 'true', t: 0, what: text.rightImage({ version: targetVersion }) },
    )
  }
  return facts
}

/** Whether another source shows the pod as ready: the Service, which lists ready pods only, or its set, which counts them. */
function vouched(run: RunView, node: NodeView, fresh: readonly NodeView[], lastT: number): boolean {
  const members = run.of('endpoints').findLast(({ t }) => t <= lastT)?.ready ?? []
  const set = run.of('set').findLast(({ t, name }) => t <= lastT && name === node.set)
  const siblings = fresh.filter((one) => one.set === node.set).length
  return members.includes(node.pod) || (set !== undefined && set.readyReplicas >= siblings)
}

/** "emqx/emqx-enterprise:5.8.9-alpine" is an image of 5.8.9. */
const isImageOf = (image: string, version: string) => sameVersion(tagOf(image) ?? '', version)

/** The replicas of a set; undefined without an event of it. */
function replicasAt(run: RunView, set: string, lastT: number): number | undefined {
  const event = run.of('set').findLast(({ t, name }) => name === set && t <= lastT)
  return event?.deleted ? 0 : event?.replicas
}

function readySince(run: RunView, pod: string, lastT: number): number | undefined {
  let since: number | undefined
  for (const event of run.of('pod')) {
    if (event.name !== pod || event.t > lastT) continue
    since = event.ready && !event.deleting && !event.deleted ? (since ?? event.t) : undefined
  }
  return since
}

function setFacts(run: RunView, lastT: number): EndFact[] {
  // A set whose pods were replaced one by one has new ones.
  const kept = new Set(run.nodes.filter((node) => !mustGo(run, node)).map(({ set }) => set))
  const old = new Set(run.nodes.flatMap((node) => (mustGo(run, node) && !kept.has(node.set) ? node.set : [])))
  return [...old].map((name) => {
    let emptySince: number | undefined
    let replicas = -1
    for (const event of run.of('set')) {
      if (event.name !== name || event.t > lastT) continue
      replicas = event.deleted ? 0 : Math.max(event.specReplicas, event.replicas)
      emptySince = replicas === 0 ? (emptySince ?? event.t) : undefined
    }
    if (emptySince !== undefined) return { state: 'true', t: emptySince, what: text.setEmpty({ set: name }) }
    const pods = run.nodes.filter((node) => node.set === name)
    if (
      replicas > 0 &&
      pods.length > 0 &&
      pods.every(({ deletedT }) => deletedT !== undefined && deletedT <= lastT)
    )
      return {
        state: 'unknown',
        t: 0,
        what: text.setDisagrees({ set: name }),
      }
    if (replicas < 0) return { state: 'unknown', t: 0, what: text.setUnknown({ set: name }) }
    return {
      state: 'false',
      t: 0,
      what: text.setLeft({ set: name, replicas }),
    }
  })
}

function crFact(run: RunView, lastT: number): EndFact {
  let since: number | undefined
  let isKnown = false
  for (const event of run.of('cr')) {
    // What it reported before the change is of an earlier one.
    if (event.t > lastT || event.t < (run.moments.trigger ?? 0)) continue
    isKnown = true
    since = event.settled && !event.deleted ? (since ?? event.t) : undefined
  }
  if (!isKnown) return { state: 'unknown', t: 0, what: text.noResource }
  const { changeDone } = run.moments
  const lastSeenT = run.of('cr').findLast(({ t }) => t <= lastT)?.t ?? 0
  // The harness marks the end only after it has read a settled resource, so the event of that status is missing.
  if (since === undefined && changeDone !== undefined && changeDone <= lastT && lastSeenT < changeDone)
    return {
      state: 'unknown',
      t: 0,
      what: text.doneUnreported,
    }
  return since === undefined
    ? { state: 'false', t: lastT, what: text.notSettled }
    : { state: 'true', t: since, what: text.settled }
}

/**
 * EMQX's own membership: the running nodes are the new ones, on the target version. A sample older than `staleNs` says nothing about
 * the end.
 */
function membershipFact(run: RunView, lastT: number, staleNs: number): EndFact {
  const targetVersion = targetVersionOf(run, lastT)
  const fresh = run.nodes.filter(
    (node) => !mustGo(run, node) && !(node.deletedT !== undefined && node.deletedT <= lastT),
  )
  const names = fresh
    .map(({ name }) => name)
    .sort()
    .join()
  const nameless = fresh.find(({ name }) => name === '')
  if (nameless) return { state: 'unknown', t: 0, what: text.nameUnknown(nameless) }
  const looks = run.of('nodes').flatMap(({ t, nodes }) => (t <= lastT ? [{ t, nodes }] : []))
  let since: number | undefined
  let wrongT: number | undefined
  let wrong = ''
  for (const { t, nodes } of looks) {
    const running = nodes.filter((node) => node.running)
    const same =
      running
        .map(({ node }) => node)
        .sort()
        .join() === names
    const stale =
      targetVersion === undefined || !tellsVersion(targetVersion)
        ? undefined
        : running.find(({ version }) => !sameVersion(version, targetVersion))
    if (same && !stale) since ??= t
    else {
      since = undefined
      wrongT = t
      wrong = stale
        ? text.wrongVersion({ ...stale, wanted: targetVersion })
        : text.wrongMembers({ running: running.length, wanted: fresh.length })
    }
  }
  const last = looks.at(-1)
  if (!last) return { state: 'unknown', t: 0, what: text.neverListed }
  if (lastT - last.t > staleNs)
    return { state: 'unknown', t: 0, what: text.listedLongAgo({ ns: lastT - last.t }) }
  if (since === undefined) return { state: 'false', t: last.t, what: wrong }
  return { state: 'true', t: since, notBeforeT: wrongT, what: text.members }
}
