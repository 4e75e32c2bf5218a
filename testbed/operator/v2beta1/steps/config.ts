import type { ConfigMap } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { printHocon } from '#weir/facts/hocon.ts'
import { createMissing } from '../../apply.ts'
import { putConfigs } from '../../emqx5/api.ts'
import { withoutReadOnly } from '../../emqx5/config.ts'
import { configMap } from '../../emqx5/config-map.ts'
import { LAST_CONFIG } from '../../emqx5/names.ts'
import type { NodesTemplate, ServiceTemplate } from '../../emqx5/types.ts'
import { wrapping } from '../../runtime/errors.ts'
import { find } from '../condition-machine.ts'
import type { Pass, Step } from '../pass.ts'
import type { Emqx } from '../types.ts'

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
  const wanted = asWrittenBack({ ...cr, metadata: { ...cr.metadata, annotations } })
  pass.cr = await env.kube.replace<Emqx>(resources.emqxes, wanted)
}

async function tellEmqx(pass: Pass): Promise<boolean> {
  const { cr, env, requester } = pass
  if (find(cr.status, 'CoreNodesReady') === undefined || requester === undefined) return false
  const { rest, stripped } = ignoresReadOnly(pass)
    ? { rest: pass.config, stripped: [] }
    : withoutReadOnly(pass.config)
  for (const root of stripped) {
    const message = `Won't update \`${root}\` config, because it's readonly config`
    env.recorder.emit(cr, 'Normal', 'WontUpdateReadOnlyConfig', message)
  }
  await wrapping(
    'failed to put emqx config',
    putConfigs(requester, cr.spec.config?.mode ?? 'Merge', printHocon(rest)),
  )
  return true
}

/**
 * A changed configuration goes to the running nodes by their API, without a restart, and to the ConfigMap for later ones,
 * which thereby loses its owner and outlives the resource (docs/contract/operator.md#v2beta1-configuration).
 */
export const syncConfig: Step = async (pass) => {
  const { cr, env } = pass
  const wanted = configMap(cr, printHocon(pass.config))
  if (await createMissing(pass, wanted)) return undefined
  const last = cr.metadata.annotations?.[LAST_CONFIG]
  const isNew = last !== undefined && last !== (cr.spec.config?.data ?? '')
  if (last !== undefined && !isNew) return undefined
  if (isNew) {
    if (!(await tellEmqx(pass))) return undefined
    await env.kube.replace<ConfigMap>(resources.configMaps, wanted)
  }
  await annotate(pass)
  return undefined
}

/** Go writes structures that hold nothing as empty objects, and the API server fills in their defaults. */
const nodes = ({ metadata = {}, spec }: NodesTemplate): NodesTemplate => ({
  metadata,
  spec: { resources: {}, ...spec },
})

const service = ({ metadata = {}, spec = {}, ...rest }: ServiceTemplate): ServiceTemplate => ({
  ...rest,
  metadata,
  spec,
})

/**
 * The resource as the operator writes it: the same, with empty structures where it had nothing. So an updateStrategy
 * without rates gets them from the schema only now (docs/contract/operator.md#v2beta1-resource).
 */
export function asWrittenBack(cr: Emqx): Emqx {
  const { spec } = cr
  const core = nodes(spec.coreTemplate)
  return {
    ...cr,
    spec: {
      ...spec,
      config: { ...spec.config },
      coreTemplate: {
        ...core,
        spec: { ...core.spec, volumeClaimTemplates: { resources: {}, ...core.spec.volumeClaimTemplates } },
      },
      ...(spec.replicantTemplate && { replicantTemplate: nodes(spec.replicantTemplate) }),
      ...(spec.dashboardServiceTemplate && {
        dashboardServiceTemplate: service(spec.dashboardServiceTemplate),
      }),
      ...(spec.listenersServiceTemplate && {
        listenersServiceTemplate: service(spec.listenersServiceTemplate),
      }),
      updateStrategy: {
        ...spec.updateStrategy,
        evacuationStrategy: { ...spec.updateStrategy.evacuationStrategy },
      },
    },
  }
}
