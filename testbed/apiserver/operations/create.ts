import { randomInt, randomUUID } from 'node:crypto'
import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Context, WriteOptions } from '../context.ts'
import { alreadyExists, badRequest, forbidden, invalid, notFound } from '../errors.ts'
import { invalidValue, required } from '../field-error.ts'
import { clone } from '../json.ts'
import type { ResourceType } from '../resource-type.ts'
import { asWritten, storable } from './convert.ts'
import { decode, objectOf } from './decode.ts'
import { ownerProblems } from './owners.ts'

/** POST: admits, checks and stores a new object; returns it as stored. Throws ApiError. */
export async function createObject(
  context: Context,
  type: ResourceType,
  namespace: string | undefined,
  body: unknown,
  options: WriteOptions,
): Promise<KubeObject> {
  let object = context.hooks.admitted(type.plural, objectOf(type, clone(body)))
  placeInNamespace(type, object, namespace)
  checkNamespace(context, type, object)
  prepareMetadata(type, object)
  decode(type, object, options)
  const { dryRun } = options
  const mutated = await context.admission.mutate({ operation: 'CREATE', type, object, dryRun }, options.warn)
  if (mutated !== object) {
    object = objectOf(type, mutated)
    decode(type, object, { ...options, fieldValidation: 'Ignore' })
  }
  type.strategy.prepareCreate?.(object)
  if (type.hasGeneration) object.metadata.generation = 1
  const { name } = object.metadata
  const problem = (type.strategy.nameProblem ?? nameProblem)(name)
  const errors = [
    ...(problem ? [invalidValue('metadata.name', name, problem)] : []),
    ...ownerProblems(object),
    ...(type.strategy.validate?.(object, undefined) ?? []),
  ]
  if (errors.length > 0) throw invalid(type, name, errors)
  await context.admission.validate({ operation: 'CREATE', type, object, dryRun }, options.warn)
  for (const warning of type.strategy.warnings?.(object) ?? []) options.warn(warning)
  const converted = dryRun ? object : await storable(context, type, object)
  const isThere = context.store.get(type.bucket, object.metadata.namespace, name) !== undefined
  if (isThere && !context.hooks.overlooks(type.plural, name)) throw alreadyExists(type, name)
  checkNamespace(context, type, object)
  const refused = type.strategy.allocate?.(object, undefined) ?? []
  if (refused.length > 0) throw invalid(type, name, refused)
  return dryRun ? object : asWritten(type, object, context.store.put(type.bucket, converted))
}

function placeInNamespace(type: ResourceType, object: KubeObject, namespace: string | undefined): void {
  const { metadata } = object
  if (!type.namespaced) {
    delete metadata.namespace
    return
  }
  if (metadata.namespace && metadata.namespace !== namespace)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`)
  if (!namespace) throw badRequest('an empty namespace may not be set during creation')
  metadata.namespace = namespace
}

function checkNamespace(context: Context, type: ResourceType, object: KubeObject): void {
  if (!type.namespaced) return
  const name = object.metadata.namespace!
  const home = context.store.get('/namespaces', undefined, name)
  if (!home) throw notFound({ group: '', plural: 'namespaces', kind: 'Namespace' }, name)
  if (home.metadata.deletionTimestamp)
    throw forbidden(
      type,
      object.metadata.name,
      `unable to create new content in namespace ${name} because it is being terminated`,
    )
}

function prepareMetadata(type: ResourceType, object: KubeObject): void {
  const { metadata } = object
  const generateName = metadata.generateName as string | undefined
  if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created')
  if (!metadata.name && generateName) metadata.name = `${generateName}${randomSuffix()}`
  if (!metadata.name) throw invalid(type, '', [required('metadata.name', 'name or generateName is required')])
  for (const field of [
    'resourceVersion',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'selfLink',
    'generation',
  ])
    delete metadata[field]
  metadata.uid = randomUUID()
  metadata.creationTimestamp = timestamp()
}

/** Letters and digits of generated names: no vowels, and nothing that looks like another (k8s.io/apimachinery rand). */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'

function randomSuffix(length = 5): string {
  let text = ''
  for (let i = 0; i < length; i++) text += SAFE[randomInt(SAFE.length)]
  return text
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** What is wrong with a name, in the real server's words, or undefined. */
export function nameProblem(name: string): string | undefined {
  if (name.length > 253) return 'must be no more than 253 bytes'
  if (SUBDOMAIN.test(name)) return undefined
  return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
}
