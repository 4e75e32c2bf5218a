import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Strings } from '#weir/cluster/kubernetes/kinds.ts'
import { WeirError } from '#weir/errors/index.ts'
import { environmentOf, nodeNameOf } from '../kubelet/emqx-pod.ts'
import type { Place } from '../kubelet/program.ts'
import type { ImageContent } from './process-program.ts'
import type { Mount } from './sandbox.ts'

/** Where EMQX's own image has it. */
const HOME = '/opt/emqx'
/** What a node writes to: each gets its own. */
const OWN = ['etc', 'data', 'log']
const LISTENERS = { TCP: 1883, SSL: 8883, WS: 8083, WSS: 8084 }
const DASHBOARD_PORT = 18083

const refused = (message: string) => new WeirError('WEIR_EMQX', message)

/** An unpacked EMQX 5 installation as the content of an image. Throws WEIR_EMQX where it is none. */
export function emqxImage(installation: string, dir: string): ImageContent & { version: string } {
  const version = checkInstallation(installation)
  return {
    version,
    entrypoint: [`${HOME}/bin/emqx`, 'foreground'],
    mounts: ({ pod }) => mountsOf(installation, join(dir, pod.metadata.uid ?? pod.metadata.name)),
    env: environment,
    // Nodes that boot take all processors there are, and weir must see on time what they do.
    niceness: 10,
  }
}

/** The version of an installation that weir can run. Throws WEIR_EMQX where it is none. */
export function checkInstallation(installation: string): string {
  if (!existsSync(join(installation, 'bin', 'emqx')))
    throw refused(
      `${installation} is no EMQX installation: it has no bin/emqx; unpack the tar.gz of an EMQX 5 release and name its folder`,
    )
  const file = join(installation, 'releases', 'emqx_vars')
  const version = existsSync(file)
    ? /^(?:export )?REL_VSN="?([\w.-]+)"?/m.exec(readFileSync(file, 'utf8'))?.[1]
    : undefined
  if (version === undefined)
    throw refused(`${installation} does not say which EMQX it is: releases/emqx_vars has no REL_VSN`)
  if (!version.startsWith('5.')) throw refused(`${installation} is EMQX ${version}: weir runs EMQX 5`)
  const applications = existsSync(join(installation, 'lib')) ? readdirSync(join(installation, 'lib')) : []
  for (const wanted of ['emqx_node_rebalance', 'emqx_eviction_agent'])
    if (!applications.some((name) => name === wanted || name.startsWith(`${wanted}-`)))
      throw refused(
        `${installation} is an EMQX without evacuation (no ${wanted} in lib): use EMQX Enterprise, whose nodes the operator evacuates`,
      )
  return version
}

/** The installation, but for what a node writes to. */
function mountsOf(installation: string, dir: string): Mount[] {
  const shared = readdirSync(installation)
    .filter((name) => !OWN.includes(name))
    .map((name) => ({ from: join(installation, name), at: `${HOME}/${name}` }))
  const own = OWN.map((name) => {
    const from = join(dir, 'emqx', name)
    mkdirSync(from, { recursive: true })
    if (name === 'etc') cpSync(join(installation, name), from, { recursive: true })
    return { from, at: `${HOME}/${name}` }
  })
  return [...shared, ...own]
}

/**
 * Every listener on the pod's own address, since all pods share this machine's, and the node's name as EMQX's own image derives it. The
 * wishes of the container stand where they name a whole address.
 */
function environment({ pod, container, podIp }: Place): Strings {
  const given = environmentOf(pod, container, podIp)
  const bind = (variable: string, port: number): [string, string] => {
    const asked = given.get(variable) ?? String(port)
    return [variable, /^\d+$/.test(asked) ? `${podIp}:${asked}` : asked]
  }
  return Object.fromEntries([
    ['EMQX_NODE__NAME', nodeNameOf({ pod, env: given })],
    ...Object.entries(LISTENERS).map(([kind, port]) => bind(`EMQX_LISTENERS__${kind}__DEFAULT__BIND`, port)),
    bind('EMQX_DASHBOARD__LISTENERS__HTTP__BIND', DASHBOARD_PORT),
    ['EMQX_RPC__LISTEN_ADDRESS', podIp],
    ['EMQX_RPC__PORT_DISCOVERY', 'manual'],
    ['EMQX_LOG__CONSOLE__ENABLE', 'true'],
    ['ERL_FLAGS', `-kernel inet_dist_use_interface {${podIp.replaceAll('.', ',')}}`],
    // Which release a build plays is its image's to say.
    ['WEIR_IMAGE_VERSION', /:([\w.-]+)$/.exec(container.image)?.[1] ?? ''],
  ])
}
