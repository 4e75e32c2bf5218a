import { WeirError } from '#weir/errors/index.ts'
import { dialects } from './dialects/index.ts'
import { serverName } from './failure.ts'
import { type KubeApi, KubeApiError } from './kubernetes/types.ts'
import { noneServed, servedVersions } from './served-versions.ts'
import type { ClusterOptions, Dialect } from './types.ts'

export interface FoundResource {
  dialect: Dialect
  name: string
}

interface Listing {
  dialect: Dialect
  /** The resources; undefined when the server does not know the kind. */
  found: { name: string; uid: string | undefined }[] | undefined
  refused?: KubeApiError
}

async function list(kube: KubeApi, dialect: Dialect): Promise<Listing> {
  try {
    const { items } = await kube.list(dialect.resource, { namespace: kube.namespace })
    return { dialect, found: items.map(({ metadata: { name, uid } }) => ({ name, uid })) }
  } catch (error) {
    if (!(error instanceof KubeApiError)) throw error
    if (error.status === 404) return { dialect, found: undefined }
    // One of the kinds is enough when that one is found (leave may be given for it alone, a webhook of the other may be
    // broken); else the refusal is what the user must hear.
    return { dialect, found: [], refused: error }
  }
}

const unfit = (message: string) => new WeirError('WEIR_CLUSTER_UNFIT', message)

/**
 * The custom resource under test: the only one of the namespace, or the one that `name` says. One that is named need not
 * exist yet when it is clear of which kind it will be. Where there are several, those of the kind that is preferred count.
 *
 * @throws WeirError WEIR_CLUSTER_UNFIT, or KubeApiError as the server refused
 */
export async function findResource(
  kube: KubeApi,
  wanted: Pick<ClusterOptions, 'dialect' | 'prefers' | 'name'>,
): Promise<FoundResource> {
  const asked = wanted.dialect ? [dialects[wanted.dialect]] : Object.values(dialects)
  const listings = await Promise.all(asked.map((dialect) => list(kube, dialect)))
  const served = listings.filter(({ found }) => found !== undefined)
  if (served.length === 0) {
    const { says, todo } = noneServed(kube, await servedVersions(kube))
    throw unfit(`${says}: ${todo}`)
  }
  const named = onceEach(served).filter(({ name }) => wanted.name === undefined || name === wanted.name)
  const preferred = named.filter(({ dialect }) => dialect.id === wanted.prefers)
  const found = preferred.length > 0 ? preferred : named
  if (found.length === 1) return found[0]!
  if (found.length === 0 && wanted.name !== undefined && served.length === 1 && !served[0]!.refused)
    return { dialect: served[0]!.dialect, name: wanted.name }
  const refused = served.find((listing) => listing.refused)?.refused
  if (found.length === 0 && refused) throw refused
  throw unfit(`${counted(found, wanted.name, served)} in ${where(kube)}: ${advice(found, wanted.name)}`)
}

/** A server shows one object in every version that it serves: it counts in the latest of those that weir knows. */
function onceEach(served: readonly Listing[]): FoundResource[] {
  const latest = new Map<string, FoundResource>()
  for (const { dialect, found = [] } of served)
    for (const { name, uid } of found)
      latest.set(`${dialect.resource.plural} ${uid ?? `${dialect.id} ${name}`}`, { dialect, name })
  return [...latest.values()]
}

const where = (kube: KubeApi) => `namespace ${kube.namespace} of ${serverName(kube.server)}`

function counted(found: FoundResource[], name: string | undefined, served: Listing[]): string {
  const kinds = [...new Set(served.map(({ dialect }) => dialect.kind))].join(' or ')
  if (found.length === 0) return `there is no ${kinds}${name === undefined ? '' : ` named ${name}`}`
  const same = new Set(found.map(({ dialect }) => dialect.kind)).size === 1
  const told = found.map((one) => (same ? one.name : `${one.dialect.kind} ${one.name}`)).join(', ')
  return `there are ${found.length} ${same ? found[0]!.dialect.kind : 'resources'} (${told})`
}

function advice(found: FoundResource[], name: string | undefined): string {
  if (found.length === 0) return 'select one with --name and --namespace, or create one'
  if (name !== undefined) return 'use a scenario for the right kind, or another --namespace'
  const kinds = new Set(found.map(({ dialect }) => dialect.id))
  if (kinds.size === 1) return 'select one with --name'
  return 'select one with --name or --namespace, or use a scenario for its kind'
}
