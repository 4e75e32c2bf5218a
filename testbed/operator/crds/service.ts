import {
  anything,
  boolean,
  fields,
  int32,
  intOrString,
  listMap,
  metadata,
  object,
  string,
  stringMap,
  strings,
} from './shapes.ts'

const port = object(
  {
    appProtocol: string,
    name: string,
    nodePort: int32,
    port: int32,
    protocol: { type: 'string', default: 'TCP' },
    targetPort: intOrString,
  },
  ['port'],
)

export const serviceTemplate = object({
  metadata,
  spec: object({
    allocateLoadBalancerNodePorts: boolean,
    publishNotReadyAddresses: boolean,
    ...fields(
      string,
      `clusterIP externalName externalTrafficPolicy internalTrafficPolicy ipFamilyPolicy
        loadBalancerClass loadBalancerIP sessionAffinity type`,
    ),
    ...fields(strings, 'clusterIPs externalIPs ipFamilies loadBalancerSourceRanges'),
    healthCheckNodePort: int32,
    selector: stringMap,
    sessionAffinityConfig: anything,
    ports: listMap(['port', 'protocol'], port),
  }),
})
