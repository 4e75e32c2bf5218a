import { WeirError } from '#weir/errors/index.ts'
import { removeCluster } from './cluster/create.ts'
import { abandonedStates, type ClusterState, stateFile } from './cluster/state.ts'
import { answers, type Engine, startEngine, startOwnEngine } from './engine.ts'
import { isSameEngine, ownEngine } from './identity.ts'
import { kindHome } from './paths.ts'
import { inTurn } from './turn.ts'

/** Removes kind clusters that weir made and whose process was killed. Returns how many there were. Throws WEIR_KIND. */
export async function removeAbandonedClusters(home = kindHome()): Promise<number> {
  if (abandonedStates(home).length === 0) return 0
  return inTurn(home, () => removeAbandoned(home))
}

/** The same, for one whose turn it is. */
export async function removeAbandoned(home: string): Promise<number> {
  const states = abandonedStates(home)
  for (const state of states) {
    const engine = await engineOf(state, home)
    try {
      await removeCluster(engine, home, state.name)
    } finally {
      await engine.release()
    }
  }
  return states.length
}

/** The daemon in which a cluster was made. Nothing is started to find out that it is another one. */
async function engineOf({ name, engine }: ClusterState, home: string): Promise<Engine> {
  if (isSameEngine(engine, ownEngine(home))) return startOwnEngine(home)
  if (answers()) return startEngine(home)
  throw new WeirError(
    'WEIR_KIND',
    `the kind cluster ${name} is in the docker daemon at ${engine.host}, and none answers: start it, or delete ${stateFile(home, name)} if that daemon is gone for good`,
  )
}
