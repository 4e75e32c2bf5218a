import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { createEmqxCluster, type EmqxCluster } from '#weir/testbed/emqx/index.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { startKubelet } from '#weir/testbed/kubelet/index.ts'
import { follow, testServer } from './api-server.ts'

export const NODE = 'weir-node'

export interface PodEvent extends KubeObject {
  involvedObject: { name: string; fieldPath?: string }
  reason: string
  message: string
  type: string
  count: number
}

export function emqxPod(name: string, more: { image?: string; gates?: string[]; secret?: string } = {}): Pod {
  const { image = 'emqx/emqx-ee:4.4.14', gates, secret } = more
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      labels: { 'apps.emqx.io/instance': 'emqx-ee' },
    },
    spec: {
      nodeName: NODE,
      hostname: name,
      subdomain: 'emqx-ee-headless',
      terminationGracePeriodSeconds: 30,
      ...(gates !== undefined && { readinessGates: gates.map((conditionType) => ({ conditionType })) }),
      containers: [
        {
          name: 'emqx',
          image,
          env: [
            { name: 'EMQX_NAME', value: 'emqx-ee' },
            { name: 'EMQX_CLUSTER__DNS__NAME', value: 'emqx-ee-headless.default.svc.cluster.local' },
            ...(secret === undefined
              ? []
              : [{ name: 'EMQX_MANAGEMENT__BOOTSTRAP_APPS_FILE', value: '/opt/emqx/data/bootstrap_user' }]),
          ],
          volumeMounts:
            secret === undefined
              ? []
              : [
                  { name: 'data', mountPath: '/opt/emqx/data' },
                  {
                    name: 'bootstrap-user',
                    mountPath: '/opt/emqx/data/bootstrap_user',
                    subPath: 'bootstrap_user',
                  },
                ],
        },
        { name: 'reloader', image: 'emqx/emqx-operator-reloader:0.0.2' },
      ],
      volumes:
        secret === undefined
          ? []
          : [
              { name: 'data', emptyDir: {} },
              { name: 'bootstrap-user', secret: { secretName: secret } },
            ],
    },
  }
}

export async function bed() {
  const server = await testServer()
  const cluster = createEmqxCluster({ faults: makeFaults([]), seed: 3 })
  const complaints: string[] = []
  const kubelet = await startKubelet(server.kube, {
    nodeName: NODE,
    nodeIp: server.nodeIp,
    podIpPrefix: server.podIpPrefix,
    cluster,
    bootMs: 50,
    terminateMs: 50,
    log: (line) => complaints.push(line),
  })
  const pods = await follow<Pod>(server.kube, resources.pods)
  const events = await follow<PodEvent>(server.kube, resources.events)
  return {
    ...server,
    cluster,
    pods,
    events,
    complaints,
    reasons: (name: string) =>
      events.seen
        .filter(({ type, object }) => type === 'ADDED' && object.involvedObject.name === name)
        .map(({ object }) => `${object.reason}: ${object.message}`),
    async close() {
      pods.stop()
      events.stop()
      kubelet.stop()
      cluster.close()
      await server.close()
    },
  }
}

export const condition = (pod: Pod | undefined, type: string) =>
  pod?.status?.conditions?.find((each) => each.type === type)

export function isUp(cluster: EmqxCluster, ip: string | undefined): boolean {
  return ip !== undefined && cluster.find(ip) !== undefined
}
