import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { fault } from './fault.ts'

const DASHBOARD = { name: 'http-dashboard', protocol: 'TCP', port: 18083, targetPort: 18083 }

export const managementOpened = fault({
  name: 'management-opened',
  part: 'apiserver',
  summary: "Services for clients from outside get a port for EMQX's dashboard as well",
  shownBy: 'network-nodeport',
  caughtBy: ['exposure'],
  apiserver: () => ({
    admitted(plural, object) {
      const { spec } = object as Service
      if (plural !== 'services' || !['NodePort', 'LoadBalancer'].includes(spec.type ?? '')) return object
      const ports = spec.ports ?? []
      if (ports.some(({ port }) => port === DASHBOARD.port)) return object
      return { ...object, spec: { ...spec, ports: [...ports, DASHBOARD] } }
    },
  }),
})
