import type { IncomingMessage, ServerResponse } from 'node:http'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { requestToken } from '../access/token-request.ts'
import type { Context, WriteOptions } from '../context.ts'
import {
  ApiError,
  badRequest,
  invalid,
  methodNotAllowed,
  notFound,
  type StatusObject,
  unknownPath,
} from '../errors.ts'
import { required, unsupported } from '../field-error.ts'
import { equal, isObject } from '../json.ts'
import { bindPod } from '../operations/binding.ts'
import { present } from '../operations/convert.ts'
import { createObject } from '../operations/create.ts'
import { type DeleteOptions, deleteObject } from '../operations/delete.ts'
import { evictPod } from '../operations/evict.ts'
import { APPLY_PATCH, patcher } from '../operations/patch.ts'
import { applyScale, scaleOf } from '../operations/scale.ts'
import { updateObject } from '../operations/update.ts'
import type { ResourceType } from '../resource-type.ts'
import { parseFieldSelector } from '../selectors/fields.ts'
import { parseLabelSelector } from '../selectors/labels.ts'
import { mediaTypeOf, readBody } from './body.ts'
import { serveLog } from './pod-log.ts'
import { proxyTarget, proxyToPod } from './pod-proxy.ts'
import { checkHost, portsOf } from './port-forward.ts'
import { replyJson, warn } from './reply.ts'
import { type Representation, representationFor } from './representation.ts'
import type { ResourceRoute } from './route.ts'
import { parseRevision, serveWatch } from './watch.ts'

/** One request for a resource. */
export interface Exchange {
  context: Context
  route: ResourceRoute
  /** The whole path, without a token, decoded. */
  path: string
  query: URLSearchParams
  request: IncomingMessage
  response: ServerResponse
}

/** Answers a request for a resource. Throws ApiError. */
export async function serveResource(exchange: Exchange): Promise<void> {
  const { route, request } = exchange
  if (route.name === undefined) return serveCollection(exchange)
  if (route.subresource !== undefined && route.subresource !== 'status') return serveSubresource(exchange)
  if (route.subresource === 'status' && !route.type.hasStatus) throw unknownPath()
  switch (request.method) {
    case 'GET':
      return reply(exchange, 200, await read(exchange))
    case 'PUT':
      return reply(exchange, 200, await write(exchange))
    case 'PATCH': {
      if (mediaTypeOf(request) !== APPLY_PATCH) return reply(exchange, 200, await write(exchange))
      const { object, isNew } = await apply(exchange)
      return reply(exchange, isNew ? 201 : 200, object)
    }
    case 'DELETE':
      if (route.subresource) throw methodNotAllowed()
      return serveDelete(exchange)
    default:
      throw methodNotAllowed()
  }
}

async function serveCollection(exchange: Exchange): Promise<void> {
  const { context, route, query, request, response } = exchange
  const { type, namespace } = route
  if (request.method === 'POST') {
    const created = await createObject(
      context,
      type,
      namespace,
      await readBody(request),
      writeOptions(exchange),
    )
    return reply(exchange, 201, created)
  }
  const matches = selection(exchange)
  if (request.method === 'GET') {
    const representation = representationOf(exchange)
    const isWatch = ['1', 'true'].includes(query.get('watch') ?? '')
    if (isWatch) return serveWatch(context, request, response, { type, matches, query, representation })
    checkNotInFuture(exchange)
    const revision = String(context.store.revision)
    const objects = await presentAll(exchange, context.store.list(type.bucket, namespace).filter(matches))
    return replyJson(response, 200, representation.list(type, objects, revision))
  }
  if (request.method !== 'DELETE') throw methodNotAllowed()
  const options = await deleteOptions(exchange)
  const objects = context.store.list(type.bucket, namespace).filter(matches)
  for (const { metadata } of objects)
    await deleteObject(context, type, metadata.namespace, metadata.name, options)
  const deleted = await presentAll(exchange, objects)
  replyJson(response, 200, representationOf(exchange).list(type, deleted, String(context.store.revision)))
}

/** One after the other, as the real server decodes what etcd has. */
async function presentAll({ context, route }: Exchange, objects: KubeObject[]): Promise<KubeObject[]> {
  const presented: KubeObject[] = []
  for (const object of objects) presented.push(await present(context, route.type, object))
  return presented
}

function checkNotInFuture({ context, query }: Exchange): void {
  const asked = parseRevision(query.get('resourceVersion') || '0')
  const current = context.store.revision
  if (asked > current)
    throw new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    })
}

function selection({ route: { type, namespace }, query }: Exchange): (object: KubeObject) => boolean {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '')
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '', type)
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    labels(object.metadata.labels ?? {}) &&
    fields(object)
}

async function read({ context, route }: Exchange): Promise<KubeObject> {
  const { type, namespace, name } = route
  const object = context.store.get(type.bucket, namespace, name!)
  if (!object || context.hooks.overlooks(type.plural, name!)) throw notFound(type, name!)
  return present(context, type, object)
}

async function write(exchange: Exchange): Promise<KubeObject> {
  const { context, route, request } = exchange
  const { type, namespace, subresource } = route
  const target = { namespace, name: route.name!, ...(subresource && { subresource }) }
  const isPut = request.method === 'PUT'
  const apply = isPut ? undefined : patcher(mediaTypeOf(request), type.custom)
  const body = await readBody(request)
  const change = (current: KubeObject) => {
    if (!apply) return body
    const next = apply(current, body)
    if (!isObject(next)) throw badRequest('the patch does not leave an object')
    return next
  }
  return updateObject(context, type, target, { change, isPut }, writeOptions(exchange))
}

async function apply(exchange: Exchange): Promise<{ object: KubeObject; isNew: boolean }> {
  const { context, route, query, request } = exchange
  const { type, namespace, subresource } = route
  if (!query.get('fieldManager'))
    throw invalid({ group: 'meta.k8s.io', plural: '', kind: 'PatchOptions' }, '', [
      required('fieldManager', 'is required for apply patch'),
    ])
  const target = { namespace, name: route.name!, ...(subresource && { subresource }) }
  // Loaded with the first apply, as few clients apply.
  const { applyObject } = await import('../operations/apply.ts')
  const force = ['1', 'true'].includes(query.get('force') ?? '')
  return applyObject(context, type, target, await readBody(request), force, writeOptions(exchange))
}

async function serveDelete(exchange: Exchange): Promise<void> {
  const { context, route, response } = exchange
  const { type, namespace } = route
  const name = route.name!
  const { object, isGone } = await deleteObject(context, type, namespace, name, await deleteOptions(exchange))
  if (!isGone) return reply(exchange, 200, await present(context, type, object))
  const status: StatusObject = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(type.group && { group: type.group }), kind: type.plural, uid: object.metadata.uid },
  }
  replyJson(response, 200, JSON.stringify(status))
}

async function serveSubresource(exchange: Exchange): Promise<void> {
  const { context, route, request, response } = exchange
  const { type, namespace, subresource } = route
  const name = route.name!
  if (subresource === 'scale' && type.scale) return serveScale(exchange, type)
  if (type.bucket === '/pods' && subresource === 'proxy') {
    const target = proxyTarget(name)
    const pod = await read({ ...exchange, route: { ...route, name: target.name } })
    return proxyToPod(pod, target, exchange)
  }
  if (type.bucket === '/pods' && subresource === 'portforward') {
    portsOf(exchange.query)
    checkHost(await read(exchange))
    throw badRequest('Upgrade request required')
  }
  if (type.bucket === '/pods' && subresource === 'log') {
    if (request.method !== 'GET') throw methodNotAllowed()
    return serveLog(await read(exchange), (node) => context.store.get('/nodes', undefined, node), exchange)
  }
  if (type.bucket === '/serviceaccounts' && subresource === 'token') {
    if (request.method !== 'POST') throw methodNotAllowed()
    const issued = requestToken(context.tokens, await read(exchange), await readBody(request))
    return replyJson(response, 201, JSON.stringify(issued))
  }
  if (request.method !== 'POST' || type.bucket !== '/pods') throw unknownPath()
  const body = await readBody(request)
  if (subresource === 'binding') bindPod(context, type, namespace, name, body)
  else if (subresource === 'eviction') await evictPod(context, type, { namespace, name }, body)
  else throw unknownPath()
  replyJson(
    response,
    201,
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }),
  )
}

async function serveScale(exchange: Exchange, type: ResourceType): Promise<void> {
  const { context, route, request, response } = exchange
  const answer = (object: KubeObject) => replyJson(response, 200, JSON.stringify(scaleOf(type, object)))
  if (request.method === 'GET') return answer(await read(exchange))
  if (request.method !== 'PUT' && request.method !== 'PATCH') throw methodNotAllowed()
  const apply = request.method === 'PUT' ? undefined : patcher(mediaTypeOf(request), type.custom)
  const body = await readBody(request)
  const change = (current: KubeObject) => {
    const before = scaleOf(type, current)
    const after = apply ? apply(before, body) : body
    return equal(after, before) ? current : applyScale(type, current, after)
  }
  const target = { namespace: route.namespace, name: route.name! }
  answer(await updateObject(context, type, target, { change }, writeOptions(exchange)))
}

function representationOf({ request, query }: Exchange): Representation {
  return representationFor(request.headers.accept || 'application/json', query.get('includeObject'))
}

function reply(exchange: Exchange, code: number, object: KubeObject): void {
  replyJson(exchange.response, code, representationOf(exchange).one(exchange.route.type, object))
}

function writeOptions({ query, request, response }: Exchange): WriteOptions {
  const fieldValidation = query.get('fieldValidation') ?? 'Warn'
  if (fieldValidation !== 'Ignore' && fieldValidation !== 'Warn' && fieldValidation !== 'Strict')
    throw badRequest(`fieldValidation: Unsupported value: ${JSON.stringify(fieldValidation)}`)
  // Clients that do not name themselves are named by their user agent (apiserver, endpoints/handlers/create.go).
  const agent = (request.headers['user-agent'] ?? '').split('/')[0]
  const fieldManager = query.get('fieldManager') || agent || 'unknown'
  return {
    ...{ dryRun: isDryRun({ query, request }), fieldValidation, fieldManager },
    warn: (message) => warn(response, message),
  }
}

/** The options of a write, by which a refusal of them is named. */
const OPTIONS: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
}

function isDryRun({ query, request }: Pick<Exchange, 'query' | 'request'>): boolean {
  const asked = query.getAll('dryRun').filter((value) => value !== '')
  if (asked.some((value) => value !== 'All'))
    throw invalid({ group: 'meta.k8s.io', plural: '', kind: OPTIONS[request.method ?? ''] ?? '' }, '', [
      unsupported('dryRun', asked, ['All']),
    ])
  return asked.length > 0
}

/** From the body, or from the query where the client sent none. */
async function deleteOptions({ request, query }: Exchange): Promise<DeleteOptions> {
  const body = (await readBody(request)) as (DeleteOptions & { dryRun?: string[] }) | undefined
  const seconds = query.get('gracePeriodSeconds')
  const policy = query.get('propagationPolicy') as DeleteOptions['propagationPolicy'] | null
  const { dryRun, ...asked } = body ?? {}
  return {
    ...(seconds !== null && { gracePeriodSeconds: Number(seconds) }),
    ...(policy !== null && { propagationPolicy: policy }),
    ...asked,
    dryRun: isDryRun({ query, request }) || (Array.isArray(dryRun) && (dryRun as string[]).includes('All')),
  }
}
