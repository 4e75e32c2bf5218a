import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WeirError } from '#weir/errors/index.ts'
import { isRunning, type Owner, ownerOf } from '../../runtime/owner.ts'
import type { EngineIdentity } from '../identity.ts'
import { FILES } from '../paths.ts'

/** What weir knows of a cluster that it made: nothing else is ever removed. */
export interface ClusterState {
  name: string
  /** The process that ends it. */
  owner: Owner
  /** The docker daemon that has its containers. */
  engine: EngineIdentity
  /** What its containers, and no others, carry; see markOf(). */
  token: string
  /** The full ids of its containers; undefined while it is being made. */
  nodes?: readonly string[]
  /** Whether this machine had no folder of kernel modules, which docker makes for nodes. */
  madeModules: boolean
  /** Whether docker had no network of kind's before. */
  madeNetwork: boolean
}

/** Where the state of a cluster is kept. */
export const stateFile = (dir: string, name: string): string => join(dir, FILES.clusters, `${name}.json`)

/** Throws WEIR_KIND for a file of another version of weir. */
export function readState(dir: string, name: string): ClusterState | undefined {
  let state: Partial<ClusterState>
  try {
    state = JSON.parse(readFileSync(stateFile(dir, name), 'utf8')) as Partial<ClusterState>
  } catch {
    return undefined
  }
  if (state.engine && state.token && state.owner) return state as ClusterState
  throw new WeirError(
    'WEIR_KIND',
    `${stateFile(dir, name)} was written by another version of weir: remove its cluster with "kind delete cluster --name ${name}", and delete the file`,
  )
}

export function writeState(dir: string, name: string, made: Omit<ClusterState, 'name' | 'owner'>): void {
  const file = stateFile(dir, name)
  mkdirSync(join(dir, FILES.clusters), { recursive: true })
  const state: ClusterState = { name, owner: ownerOf(process.pid), ...made }
  writeFileSync(`${file}.unfinished`, `${JSON.stringify(state, null, 2)}\n`)
  renameSync(`${file}.unfinished`, file)
}

export const removeState = (dir: string, name: string): void => rmSync(stateFile(dir, name), { force: true })

/** Clusters whose process has ended without removing them. */
export function abandonedStates(dir: string): ClusterState[] {
  let files: string[]
  try {
    files = readdirSync(join(dir, FILES.clusters))
  } catch {
    return []
  }
  return files
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => readState(dir, file.slice(0, -'.json'.length)) ?? [])
    .filter(({ owner }) => !isRunning(owner))
}
