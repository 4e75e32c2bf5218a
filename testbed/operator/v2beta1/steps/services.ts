import { createOrUpdate } from '../../apply.ts'
import { find } from '../conditions.ts'
import { configOf, dashboardPorts, listenerPorts } from '../config.ts'
import { getConfigs } from '../emqx/api.ts'
import { parseHocon } from '../hocon/parse.ts'
import type { HoconObject } from '../hocon/value.ts'
import { dashboardService, listenersService } from '../objects/services.ts'
import type { Requester, Step } from '../pass.ts'

/** What EMQX says of its listeners; when it says nothing, the operator's own four. */
async function configured(ask: Requester): Promise<HoconObject> {
  try {
    const config = parseHocon(await getConfigs(ask))
    return listenerPorts(config).length > 0 ? config : configOf()
  } catch {
    return configOf()
  }
}

/** Written only while the cores are ready; so they are frozen while new cores start (docs/contract/operator.md#v2beta1-configuration). */
export const addServices: Step = async (pass) => {
  if (find(pass.cr.status, 'CoreNodesReady') === undefined || pass.ask === undefined) return undefined
  const config = await configured(pass.ask)
  const wishes = [
    dashboardService(pass.cr, dashboardPorts(config)),
    listenersService(pass.cr, listenerPorts(config)),
  ]
  for (const wish of wishes) if (wish !== undefined) await createOrUpdate(pass, wish)
  return undefined
}
