import { removeAbandoned } from './cluster/create.ts'
import { abandonedStates } from './cluster/state.ts'
import { startEngine } from './engine.ts'
import { kindHome } from './paths.ts'

/** Removes kind clusters that weir made and whose process was killed. Returns how many there were. Throws WEIR_KIND. */
export async function removeAbandonedClusters(): Promise<number> {
  const home = kindHome()
  if (abandonedStates(home).length === 0) return 0
  const engine = await startEngine(home)
  try {
    return (await removeAbandoned(engine, home)).length
  } finally {
    await engine.release()
  }
}
