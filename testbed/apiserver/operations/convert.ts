import { randomUUID } from 'node:crypto'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { Context } from '../context.ts'
import { unexplained } from '../errors.ts'
import { at, isObject, listAt, textAt } from '../json.ts'
import { apiVersionOf, type Conversion, type ResourceType } from '../resource-type.ts'
import { postToWebhook } from '../webhooks/post.ts'

/** A conversion webhook answers within so long (apiextensions-apiserver, conversion/webhook_converter.go). */
const TIMEOUT_SECONDS = 30

/** As this version shows an object that is stored in another. Throws a 500 when the conversion webhook fails. */
export const present = async (
  context: Context,
  type: ResourceType,
  object: KubeObject,
): Promise<KubeObject> =>
  presentAtOnce(type, object) ?? convert(context, type.conversion!, object, apiVersionOf(type))

/** The same, or undefined when the conversion webhook has to be called. */
export function presentAtOnce(type: ResourceType, object: KubeObject): KubeObject | undefined {
  const apiVersion = apiVersionOf(type)
  if (object.apiVersion === apiVersion) return object
  return type.conversion ? undefined : { ...object, apiVersion }
}

/** As it is stored. Throws a 500 when the conversion webhook fails. */
export async function storable(
  context: Context,
  type: ResourceType,
  object: KubeObject,
): Promise<KubeObject> {
  if (type.version === type.storageVersion) return object
  const apiVersion = apiVersionOf({ group: type.group, version: type.storageVersion })
  return type.conversion ? convert(context, type.conversion, object, apiVersion) : { ...object, apiVersion }
}

/** What was written, as its client sees it: with the version that the store gave it. */
export function asWritten(type: ResourceType, object: KubeObject, stored: KubeObject): KubeObject {
  if (type.version === type.storageVersion) return stored
  const { resourceVersion } = stored.metadata
  return { ...object, metadata: { ...object.metadata, resourceVersion } }
}

async function convert(
  { store }: Context,
  { clientConfig, reviewVersions }: Conversion,
  object: KubeObject,
  desiredAPIVersion: string,
): Promise<KubeObject> {
  const webhook = `conversion webhook for ${gvkOf(object)}`
  const version = reviewVersions.find((one) => one === 'v1' || one === 'v1beta1') ?? 'v1'
  const typeMeta = { kind: 'ConversionReview', apiVersion: `apiextensions.k8s.io/${version}` }
  const uid = randomUUID()
  const review = { ...typeMeta, request: { uid, desiredAPIVersion, objects: [object] } }
  let converted: unknown[]
  try {
    const answer = await postToWebhook(store, clientConfig, review, TIMEOUT_SECONDS)
    converted = convertedIn(answer, typeMeta, uid)
  } catch (error) {
    throw unexplained(`${webhook} failed: ${messageOf(error)}`)
  }
  if (converted.length !== 1) throw unexplained(`${webhook} returned ${converted.length} objects, expected 1`)
  const problem = problemOf(object, converted[0], desiredAPIVersion)
  if (problem) throw unexplained(`${webhook} returned invalid converted object at index 0: ${problem}`)
  return restoreMetadata(object, converted[0] as KubeObject)
}

/** `apps.emqx.io/v1beta3, Kind=EmqxEnterprise`, as Go prints it. */
const gvkOf = ({ apiVersion, kind }: { apiVersion?: unknown; kind?: unknown }) =>
  `${apiVersion}, Kind=${kind}`

/** The objects of a review's response. Throws an Error with what is wrong with it. */
function convertedIn(
  answer: unknown,
  typeMeta: { apiVersion: string; kind: string },
  uid: string,
): unknown[] {
  const got = isObject(answer) ? answer : {}
  if (got.kind !== typeMeta.kind || got.apiVersion !== typeMeta.apiVersion)
    throw new Error(`expected webhook response of ${gvkOf(typeMeta)}, got ${gvkOf(got)}`)
  if (!isObject(got.response)) throw new Error('no response provided')
  if (got.response.uid !== uid)
    throw new Error(`expected response.uid="${uid}", got ${JSON.stringify(got.response.uid ?? '')}`)
  const status = textAt(got, 'response', 'result', 'status') ?? ''
  if (status !== 'Success')
    throw new Error(
      textAt(got, 'response', 'result', 'message') ||
        `response.result.status was '${status}', expected 'Success'`,
    )
  return listAt<unknown>(got, 'response', 'convertedObjects')
}

function problemOf(original: KubeObject, converted: unknown, desired: string): string | undefined {
  if (!isObject(converted) || converted.apiVersion !== desired) {
    const received = isObject(converted) ? (converted.apiVersion ?? '') : ''
    return `invalid groupVersion (expected ${desired}, received ${received})`
  }
  if (!isObject(converted.metadata)) return 'missing metadata in converted object'
  for (const [named, ...path] of [
    ['kind', 'kind'],
    ['name', 'metadata', 'name'],
    ['namespace', 'metadata', 'namespace'],
    ['UID', 'metadata', 'uid'],
  ] as const) {
    const [before, after] = [at(original, ...path) ?? '', at(converted, ...path) ?? '']
    if (before !== after) return `must have the same ${named}: ${before} != ${after}`
  }
  return undefined
}

/** A webhook may change labels and annotations, and no other metadata. */
function restoreMetadata(original: KubeObject, converted: KubeObject): KubeObject {
  const metadata = { ...original.metadata }
  for (const field of ['labels', 'annotations'] as const) {
    if (converted.metadata[field] === undefined) delete metadata[field]
    else metadata[field] = converted.metadata[field]
  }
  return { ...converted, metadata }
}
