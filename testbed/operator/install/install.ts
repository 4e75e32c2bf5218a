import { isAlreadyExists } from '#weir/cluster/kubernetes/api-errors.ts'
import { conditionOf, type Deployment, type Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { waitUntilEstablished } from '../established.ts'
import type { PreparedOperator } from './program.ts'

/** Before the objects that need them; all others after these, in the order of the manifests. */
const FIRST = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'Secret', 'ConfigMap', 'Service']
/** Once the operator answers them. */
const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

const rank = ({ kind = '' }: KubeObject) =>
  FIRST.includes(kind) ? FIRST.indexOf(kind) - FIRST.length : LAST.includes(kind) ? 1 : 0

const POLL_MS = 100
const AVAILABLE_MS = 60_000

/**
 * Creates an operator's objects in the order in which they need each other, and waits until its Deployment is available. Objects of kinds
 * that this cluster does not serve, such as a ServiceMonitor, are left out and logged. Throws WEIR_OPERATOR.
 */
export async function installOperator(
  kube: KubeApi,
  { objects, deployment }: PreparedOperator,
  log: (line: string) => void,
  lastWords: () => string | Promise<string>,
): Promise<void> {
  const kinds = new Kinds(kube)
  const ordered = objects.toSorted((a, b) => rank(a) - rank(b))
  const last = ordered.filter((object) => rank(object) > 0)
  for (const object of ordered.filter((one) => rank(one) <= 0)) await create(kube, kinds, object, log)
  await waitUntilEstablished(
    kube,
    objects.filter(({ kind }) => kind === 'CustomResourceDefinition').map(({ metadata }) => metadata.name),
  )
  await waitUntilAvailable(kube, deployment, lastWords)
  for (const object of last) await create(kube, kinds, object, log)
}

async function create(
  kube: KubeApi,
  kinds: Kinds,
  object: KubeObject,
  log: (line: string) => void,
): Promise<void> {
  const resource = await kinds.find(object)
  const name = `${object.kind} ${object.metadata.name}`
  if (resource === undefined) {
    log(`${name} is left out: this cluster does not serve ${object.apiVersion}`)
    return
  }
  try {
    await kube.create(resource, object)
  } catch (error) {
    if (isAlreadyExists(error)) return
    throw new WeirError('WEIR_OPERATOR', `the operator's ${name} is refused: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

async function waitUntilAvailable(
  kube: KubeApi,
  { metadata }: Deployment,
  lastWords: () => string | Promise<string>,
): Promise<void> {
  const { namespace, name } = metadata
  for (const endMs = Date.now() + AVAILABLE_MS; ; ) {
    const deployment = await kube.get<Deployment>(resources.deployments, namespace, name)
    if (conditionOf(deployment, 'Available')?.status === 'True') return
    const { items } = await kube.list<Pod>(resources.pods, { ...(namespace !== undefined && { namespace }) })
    const crashing = items
      .flatMap(({ status }) => status?.containerStatuses ?? [])
      .find(({ restartCount = 0 }) => restartCount > 2)
    if (crashing !== undefined || Date.now() > endMs)
      throw new WeirError(
        'WEIR_OPERATOR',
        crashing !== undefined
          ? `the operator ends as soon as it is started: ${await lastWords()}`
          : `the operator is not ready after ${AVAILABLE_MS / 1000} s: ${await lastWords()}`,
      )
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** The resources of an API server by the kinds of their objects. */
class Kinds {
  readonly #kube: KubeApi
  readonly #lists = new Map<string, Promise<Resource[]>>()

  constructor(kube: KubeApi) {
    this.#kube = kube
  }

  async find({ apiVersion = 'v1', kind }: KubeObject): Promise<Resource | undefined> {
    let list = this.#lists.get(apiVersion)
    if (list === undefined) {
      list = this.#read(apiVersion)
      this.#lists.set(apiVersion, list)
    }
    return (await list).find((resource) => resource.kind === kind)
  }

  async #read(apiVersion: string): Promise<Resource[]> {
    const [version = '', group = ''] = apiVersion.split('/').reverse()
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
    const { status, body } = await this.#kube.raw('GET', path)
    if (status !== 200) return []
    const { resources: served = [] } = body as {
      resources?: { name: string; kind: string; namespaced: boolean }[]
    }
    return served
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced }) => ({ group, version, plural: name, kind, namespaced }))
  }
}
