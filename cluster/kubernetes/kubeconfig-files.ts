import { existsSync, statSync } from 'node:fs'
import { delimiter } from 'node:path'
import { type Cluster, type Context, KubeConfig, type User } from '@kubernetes/client-node'

/** The files of a list as in KUBECONFIG: joined by ":" (";" on Windows). A file whose own name has that in it is one file. */
export const filesOf = (list: string): string[] =>
  existsSync(list) ? [list] : list.split(delimiter).filter((file) => file !== '')

/**
 * Reads files as kubectl does: of two entries of one name the first counts, the first current context is the current one, and files that are
 * not there are passed over while one is. Throws what reading one of them throws.
 */
export function loadFiles(list: string): KubeConfig {
  const files = filesOf(list)
  const there = files.length > 1 ? files.filter(hasText) : files
  const read = (there.length > 0 ? there : files).map((file) => {
    const config = new KubeConfig()
    config.loadFromFile(file)
    return config
  })
  const [only] = read
  if (only && read.length === 1) return only
  const merged = new KubeConfig()
  merged.loadFromOptions({
    clusters: firstOfEach<Cluster>(read.map(({ clusters }) => clusters)),
    users: firstOfEach<User>(read.map(({ users }) => users)),
    contexts: firstOfEach<Context>(read.map(({ contexts }) => contexts)),
    currentContext: read.find(({ currentContext }) => currentContext)?.currentContext ?? '',
  })
  return merged
}

/** An empty file is none, as for kubectl. */
const hasText = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0

function firstOfEach<Named extends { name: string }>(lists: readonly (readonly Named[])[]): Named[] {
  const byName = new Map<string, Named>()
  for (const one of lists.flat()) if (!byName.has(one.name)) byName.set(one.name, one)
  return [...byName.values()]
}
