import { hash32 } from '../runtime/hash.ts'
import { fault } from './fault.ts'

export const limitByConfig = fault({
  name: 'limit-by-config',
  part: 'operator',
  summary: "another licence changes a listener's limit in emqxConfig, and so the template of the pods",
  dialects: ['v1beta4'],
  shownBy: 'connections-lower',
  caughtBy: ['untouched'],
  alsoFails: ['state-truth', 'limit-holds', 'immediate', 'gauge-truth', 'conservation', 'available'],
  v1beta4: () => ({
    templated(cr) {
      const copy = structuredClone(cr)
      const { emqxContainer } = copy.spec.template.spec
      const limit = String(hash32(JSON.stringify(cr.spec.license ?? {})) >>> 0)
      emqxContainer.emqxConfig = {
        ...emqxContainer.emqxConfig,
        'listener.tcp.external.max_connections': limit,
      }
      return copy
    },
  }),
})
