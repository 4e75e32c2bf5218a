import type { Service, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { EmqxEnterprise } from '#weir/testbed/operator/v1beta4/types.ts'
import type { KubeObject } from '../../../cluster/kubernetes/types.ts'
import type { WatchLine } from './recording.ts'

/**
 * One upgrade as facts that do not depend on names and machine. The rules by which a recording and an emulation are made
 * comparable, and nothing else may differ:
 * 1. Names: sets are "blue" and "green" in the order of their creation, nodes and pods follow them.
 * 2. Beat: a status, a Service or a pass that equals the one before it is one fact. How often a poll repeated, and which
 *    states between evicting_conns and prohibiting it happened to see, is a matter of the beat.
 * 3. Joining: a poll may catch a set with only some of its nodes joined. Such statuses, endpoints and passes are left
 *    out, and all complaints before the first set is there are one.
 * 4. Numbers of the scenario: rates, waits and the seconds of "Delay" (whole, so one less when a second boundary falls
 *    between the two readings) are compared as what they stand for.
 */
export interface Aliases {
  /** Name of a set to its colour. */
  sets: Map<string, string>
}

const COLOURS = ['blue', 'green', 'third']

export function aliasesOf(lines: WatchLine[]): Aliases {
  const sets = new Map<string, string>()
  for (const { kind, type, object } of lines)
    if (kind === 'StatefulSet' && type === 'ADDED' && !sets.has(object.metadata.name))
      sets.set(object.metadata.name, COLOURS[sets.size] ?? 'another')
  return { sets }
}

/** Replaces names of sets wherever they stand, with revision hashes after them. */
export function rename(text: string, { sets }: Aliases): string {
  let renamed = text
  for (const [name, colour] of sets)
    renamed = renamed
      .replaceAll(new RegExp(`${name}-(\\d)(?![0-9a-f])`, 'g'), `${colour}-$1`)
      .replaceAll(new RegExp(`${name}(-[0-9a-f]+)?`, 'g'), colour)
  return renamed.replaceAll(/\.emqx-ee-headless\.[a-z0-9-]+\.svc\.cluster\.local/g, '')
}

const BETWEEN = new Set(['waiting_takeover', 'evicting_sessions'])

function statusFact(object: KubeObject, aliases: Aliases): string | undefined {
  const { status } = object as EmqxEnterprise
  if (status === undefined || Object.keys(status).length === 0) return 'status: none'
  const { conditions = [], emqxNodes = [], blueGreenUpdateStatus: update } = status
  const running = emqxNodes.filter((node) => node.node_status === 'Running').length
  const joining = conditions[0]?.type === 'Running' && conditions[0].status === 'False'
  const old = emqxNodes.filter(({ node }) => rename(node, aliases).includes('@blue-')).length
  const partly = emqxNodes.length - old
  if (joining && old === 3 && partly > 0 && partly < 3) return undefined
  const evacuations = update?.evacuationsStatus ?? []
  if (evacuations.some(({ state }) => BETWEEN.has(state))) return undefined
  const words = conditions.map(({ type, status: value, reason, message }) =>
    [type, value, reason, message].filter(Boolean).join('/'),
  )
  const moved = evacuations.map(
    ({ node, state, session_recipients = [] }) => `${node} ${state} to ${session_recipients.join(' ')}`,
  )
  const version = status.currentStatefulSetVersion ?? 'nothing'
  const move =
    update &&
    `${update.originStatefulSet} to ${update.currentStatefulSet} since ${update.startedAt ? 'then' : 'never'}`
  return rename(
    `status: [${words}] ${running} running, ${status.readyReplicas} of ${status.replicas}, ${version}; ${move ?? 'no move'}; ${moved.join('; ')}`,
    aliases,
  )
}

interface EndpointsObject extends KubeObject {
  subsets?: { addresses?: { targetRef?: { name: string } }[]; ports?: { port: number }[] }[]
}

function fact({ kind, type, object }: WatchLine, aliases: Aliases): [key: string, text: string] | undefined {
  const { name } = object.metadata
  if (kind === 'CR') {
    const status = type === 'DELETED' ? undefined : statusFact(object, aliases)
    return status === undefined ? undefined : ['status', status]
  }
  if (type === 'DELETED') return undefined
  if (kind === 'StatefulSet')
    return [name, rename(`set ${name}: ${(object as StatefulSet).spec.replicas} wanted`, aliases)]
  if (kind === 'Service') {
    const { selector = {}, ports = [], type: kindOfService } = (object as Service).spec
    const chosen = selector['controller-revision-hash'] ?? Object.keys(selector).length
    const names = ports.map((port) => `${port.name}=${port.port}>${port.targetPort}`)
    return [
      `service ${name}`,
      rename(`service ${name}: ${kindOfService} to ${chosen}, ${names.join(' ')}`, aliases),
    ]
  }
  if (kind === 'Endpoints' && name === 'emqx-ee') {
    const [subset] = (object as EndpointsObject).subsets ?? []
    const pods = (subset?.addresses ?? [])
      .map(({ targetRef }) => rename(targetRef?.name ?? '?', aliases))
      .sort()
    if (pods.length < 3 && pods.every((pod) => pod.startsWith('blue'))) return undefined
    return ['endpoints', `endpoints: ${pods.join(' ') || 'nobody'}`]
  }
  return undefined
}

/** What the operator changed, in the order in which the API server took it. */
export function objectFacts(lines: WatchLine[], aliases: Aliases): string[] {
  const last = new Map<string, string>()
  const facts: string[] = []
  const ordered = lines
    .filter(({ type }) => type !== 'DELETED')
    .toSorted((a, b) => Number(a.object.metadata.resourceVersion) - Number(b.object.metadata.resourceVersion))
  for (const line of ordered) {
    const found = fact(line, aliases)
    if (found === undefined || last.get(found[0]) === found[1]) continue
    last.set(found[0], found[1])
    facts.push(found[1])
  }
  return facts
}

/** What went with the resource; the order is the garbage collector's. */
export function deleted(lines: WatchLine[], aliases: Aliases): string[] {
  const kinds = new Set(['CR', 'StatefulSet', 'Service'])
  return lines
    .filter(({ kind, type }) => type === 'DELETED' && kinds.has(kind))
    .map(({ kind, object }) => rename(`${kind} ${object.metadata.name}`, aliases))
    .sort()
}

interface EventObject extends KubeObject {
  type: string
  reason: string
  message: string
  count: number
  source?: { component?: string }
  involvedObject?: { kind?: string }
}

const COMBINED = '(combined from similar events): '

/** The operator's Events, each occurrence once, in the order in which they were written. */
export function eventFacts(lines: WatchLine[], aliases: Aliases, delaySeconds: number): string[] {
  const facts: string[] = []
  for (const { kind, type, object } of lines) {
    const event = object as EventObject
    if (kind !== 'Event' || type === 'DELETED' || event.source?.component !== 'emqx-controller') continue
    const message = event.message.startsWith(COMBINED) ? event.message.slice(COMBINED.length) : event.message
    const delay = message.replace(/^Delay (\d+) seconds$/, (text, seconds) =>
      [delaySeconds, delaySeconds - 1].includes(Number(seconds)) ? 'Delay' : text,
    )
    const early = event.reason === 'ReconcileError' && facts.length <= 1
    const words = early ? 'nobody to ask' : delay
    const text = rename(`${event.involvedObject?.kind} ${event.type} ${event.reason}: ${words}`, aliases)
    if (text !== facts.at(-1)) facts.push(text)
  }
  return facts
}

/** How often the operator complained in these words before there was anybody to ask. */
export function complaints(lines: WatchLine[], words: string): number {
  const counts = lines
    .filter(({ kind }) => kind === 'Event')
    .map(({ object }) => object as EventObject)
    .filter(({ reason, message }) => reason === 'ReconcileError' && message.includes(words))
    .map(({ count }) => count)
  return Math.max(0, ...counts)
}

export interface Request {
  /** Unix seconds. */
  t: number
  /** Number of the operator's pass. */
  pass: number
  method: string
  path: string
  body?: string
  /** Name of the pod that answered. */
  pod: string
  status: number
  /** EMQX said within its answer that it does not do it, e.g. because the node has just stopped. Recordings do not tell. */
  isRefused?: true
}

const isOfPlugins = ({ path }: Pick<Request, 'path'>) => path.includes('/plugins')

/** Numbers the passes of a recording, which says nothing of them but the silence between them. */
export function withPasses(requests: Omit<Request, 'pass'>[], silenceSeconds: number): Request[] {
  let pass = 0
  let lastT = 0
  return requests
    .filter((request) => !isOfPlugins(request))
    .map((request) => {
      if (request.t - lastT > silenceSeconds) pass += 1
      lastT = request.t
      return { ...request, pass }
    })
}

function requestFact({ method, path, body, pod, status }: Request, aliases: Aliases): string {
  if (path.endsWith('/availability_check')) return rename(`available? ${pod} ${status}`, aliases)
  const order = body === undefined ? '' : ` ${body.replaceAll(/:\d+/g, ':N')}`
  return rename(`${method} ${path.replace('/api/v4/', '')}${order}`, aliases)
}

const STARTED = /load_rebalance\/[^/]*@([^./]+)[^/]*\/evacuation\/start$/

/**
 * What nodes answered, once their evacuation had been started, when they were asked whether they are available: one list of codes, of all
 * nodes. Whether a node is still asked then depends on how soon its pod is gone.
 */
export function answersDuringEvacuation(requests: Request[]): number[] {
  const started = new Set<string>()
  return requests.flatMap(({ path, pod, status, isRefused }) => {
    const [, node] = STARTED.exec(path) ?? []
    if (node !== undefined && !isRefused) started.add(node)
    return path.endsWith('/availability_check') && started.has(pod) ? [status] : []
  })
}

/** The pods whose evacuation these requests start. */
const startedIn = (requests: readonly Request[]): Set<string> =>
  new Set(requests.flatMap(({ path }) => STARTED.exec(path)?.[1] ?? []))

/** The requests of each pass of the operator. The plugins have a beat of their own and are left out. */
export function requestFacts(requests: Request[], aliases: Aliases): string[] {
  const passes: Request[][] = []
  let last = Number.NaN
  for (const request of requests) {
    if (isOfPlugins(request)) continue
    if (request.pass !== last) passes.push([])
    last = request.pass
    passes.at(-1)?.push(request)
  }
  const facts: string[] = []
  for (const pass of passes) {
    const started = startedIn(pass)
    const texts = pass.map((request) => requestFact(request, aliases))
    // The order in which pods are asked whether they are available is that of a map.
    const asked = texts.filter((text) => text.startsWith('available?')).sort()
    const green = asked.filter((text) => text.includes('green')).length
    if ((green > 0 && green < 3) || (green === 0 && asked.length > 0 && asked.length < 3)) continue
    const leaving = new Set([...started].map((pod) => rename(pod, aliases)))
    const kept = asked.filter((text) => !leaving.has(text.split(' ')[1] ?? ''))
    const text = [...texts.filter((one) => !one.startsWith('available?')), ...kept].join(' | ')
    if (text !== facts.at(-1)) facts.push(text)
  }
  return facts
}
