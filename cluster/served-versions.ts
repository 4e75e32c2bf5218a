import { dialects } from './dialects/index.ts'
import { serverName } from './failure.ts'
import type { KubeApi } from './kubernetes/types.ts'
import type { Dialect, DialectName } from './types.ts'

const known: readonly Dialect[] = Object.values(dialects)
/** The API group of all of them. */
const [{ group }] = known.map(({ resource }) => resource) as [Dialect['resource']]

/** Which of the operator's resources an API server serves. */
export interface Served {
  /** HTTP status of the answer: 404 where it knows no such group. */
  status: number
  /** Versions of the API group, e.g. "v2beta1". */
  versions: readonly string[]
  dialects: readonly DialectName[]
}

export async function servedVersions(kube: KubeApi): Promise<Served> {
  const { status, body } = await kube.raw('GET', `/apis/${group}`)
  const { versions: found = [] } = (status === 200 ? (body ?? {}) : {}) as {
    versions?: { version?: string }[]
  }
  const versions = found.flatMap(({ version }) => version ?? [])
  return {
    status,
    versions,
    dialects: known.flatMap(({ id, resource }) => (versions.includes(resource.version) ? [id] : [])),
  }
}

/** Each kind with the versions that weir knows of it. */
function knownKinds(): string {
  const byKind = Map.groupBy(known, ({ kind }) => kind)
  const told = [...byKind].map(
    ([kind, all]) => `${kind} (${all.map(({ apiVersion }) => apiVersion).join(', ')})`,
  )
  return told.join(' or ')
}

/** What to say of a server that serves none that weir knows, and what to do. */
export function noneServed(kube: KubeApi, { versions }: Served): { says: string; todo: string } {
  const kinds = knownKinds()
  const server = serverName(kube.server)
  return versions.length === 0
    ? {
        says: `${server} does not serve ${kinds}`,
        todo: 'install a release line of the EMQX Operator that serves it',
      }
    : {
        says: `${server} serves the resources of the EMQX Operator in ${versions.map((one) => `${group}/${one}`).join(' and ')}, which this weir does not know: it knows ${kinds}`,
        todo: `use a cluster whose EMQX Operator is of ${linesText(known)}`,
      }
}

const listed = (words: readonly string[]) =>
  new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(words)

/** The operator's release lines that weir knows, e.g. "lines 2.1, 2.2 and 3.0". */
export function linesText(of: readonly Dialect[]): string {
  const all = of.flatMap(({ releaseLines }) => releaseLines.map(({ major, minor }) => `${major}.${minor}`))
  const lines = [...new Set(all)].sort()
  return `${lines.length === 1 ? 'line' : 'lines'} ${listed(lines)}`
}
