import type { ConfigMap } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { createMissing } from '../../apply.ts'
import { wrap } from '../../runtime/errors.ts'
import { find } from '../conditions.ts'
import { withoutReadOnly } from '../config.ts'
import { putConfigs } from '../emqx/api.ts'
import { printHocon } from '../hocon/print.ts'
import { LAST_CONFIG } from '../names.ts'
import { configMap } from '../objects/config-map.ts'
import type { Pass, Step } from '../pass.ts'
import type { Emqx } from '../types.ts'
import { asWrittenBack } from '../write-back.ts'

/** From this release on EMQX itself leaves out what it cannot change. */
const IGNORES_READ_ONLY = [5, 7]

function ignoresReadOnly({ cr }: Pass): boolean {
  const version = cr.status?.coreNodes?.[0]?.version ?? ''
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > IGNORES_READ_ONLY[0]! || (major === IGNORES_READ_ONLY[0] && minor >= IGNORES_READ_ONLY[1]!)
}

/** Writes the resource as the operator understands it, with a note of the configuration that EMQX now has. */
async function annotate(pass: Pass): Promise<void> {
  const { cr, env } = pass
  const annotations = { ...cr.metadata.annotations, [LAST_CONFIG]: cr.spec.config?.data ?? '' }
  const wish = asWrittenBack({ ...cr, metadata: { ...cr.metadata, annotations } })
  pass.cr = await env.kube.replace<Emqx>(resources.emqxes, wish)
}

async function tellEmqx(pass: Pass): Promise<boolean> {
  const { cr, env, ask } = pass
  if (find(cr.status, 'CoreNodesReady') === undefined || ask === undefined) return false
  const { rest, stripped } = ignoresReadOnly(pass)
    ? { rest: pass.config, stripped: [] }
    : withoutReadOnly(pass.config)
  for (const root of stripped) {
    const message = `Won't update \`${root}\` config, because it's readonly config`
    env.recorder.emit(cr, 'Normal', 'WontUpdateReadOnlyConfig', message)
  }
  await putConfigs(ask, cr.spec.config?.mode ?? 'Merge', printHocon(rest)).catch((error: unknown) => {
    throw wrap(error, 'failed to put emqx config')
  })
  return true
}

/**
 * A changed configuration goes to the running nodes by their API, without a restart, and to the ConfigMap for later ones,
 * which thereby loses its owner and outlives the resource (docs/contract/operator.md#v2beta1-configuration).
 */
export const syncConfig: Step = async (pass) => {
  const { cr, env } = pass
  const wish = configMap(cr, printHocon(pass.config))
  if (await createMissing(pass, wish)) return undefined
  const last = cr.metadata.annotations?.[LAST_CONFIG]
  const isNew = last !== undefined && last !== (cr.spec.config?.data ?? '')
  if (last !== undefined && !isNew) return undefined
  if (isNew) {
    if (!(await tellEmqx(pass))) return undefined
    await env.kube.replace<ConfigMap>(resources.configMaps, wish)
  }
  await annotate(pass)
  return undefined
}
