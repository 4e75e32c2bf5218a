import {
  anything,
  boolean,
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
    clusterIP: string,
    clusterIPs: strings,
    externalIPs: strings,
    externalName: string,
    externalTrafficPolicy: string,
    healthCheckNodePort: int32,
    internalTrafficPolicy: string,
    ipFamilies: strings,
    ipFamilyPolicy: string,
    loadBalancerClass: string,
    loadBalancerIP: string,
    loadBalancerSourceRanges: strings,
    ports: listMap(['port', 'protocol'], port),
    publishNotReadyAddresses: boolean,
    selector: stringMap,
    sessionAffinity: string,
    sessionAffinityConfig: anything,
    type: string,
  }),
})
