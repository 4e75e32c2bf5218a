import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { FILES } from './paths.ts'

/** Which docker daemon it is: containers of one are not another's, whatever their names. */
export interface EngineIdentity {
  /** What docker calls itself; daemons of one machine may share it. `own` for weir's. */
  id: string
  /** Where it answers, e.g. "unix:///var/run/docker.sock". */
  host: string
}

export const SOCKET = 'docker.sock'

/** The daemon that weir starts where none answers. */
export const ownEngine = (home: string): EngineIdentity => ({
  id: 'own',
  host: `unix://${join(home, FILES.engine, SOCKET)}`,
})

/** The daemon that answers in this environment; `own` also where that leads to weir's. */
export function engineIn(env: NodeJS.ProcessEnv, home: string): EngineIdentity {
  const ask = (...args: string[]) =>
    spawnSync('docker', args, { env, encoding: 'utf8', timeout: 10_000 }).stdout.trim()
  // DOCKER_HOST, or that of the context in use.
  const host = ask('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}')
  const own = ownEngine(home)
  return host === own.host ? own : { id: ask('info', '--format', '{{.ID}}'), host }
}

export const isSameEngine = (a: EngineIdentity, b: EngineIdentity): boolean =>
  a.id === b.id && a.host === b.host
