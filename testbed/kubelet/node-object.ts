import { unlessConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'

/**
 * What the Node has for pods: as much as a scenario may ask for, whatever this machine has, so that a run is the same everywhere. Nothing
 * of it is really taken: pods are emulated.
 */
const CAPACITY = { cpu: '64', memory: '256Gi', pods: '250' }

/** In the words of Go. */
const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch

/** Makes the Node object, or takes over the one that is there, and reports it Ready. `port`: of the kubelet; 0 where it listens nowhere. */
export async function registerNode(
  kube: KubeApi,
  { name, ip, port }: { name: string; ip: string; port: number },
  nowMs: number,
): Promise<void> {
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': ARCHITECTURE,
  }
  const status = nodeStatus(name, ip, port, nowMs)
  const node: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {}, status }
  await unlessConflict(kube.create(resources.nodes, node))
  await kube.patch(resources.nodes, undefined, name, 'strategic', { status }, { subresource: 'status' })
}

function nodeStatus(name: string, ip: string, port: number, nowMs: number): object {
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: timestamp(nowMs),
    lastTransitionTime: timestamp(nowMs),
  })
  return {
    addresses: [
      { type: 'InternalIP', address: ip },
      { type: 'Hostname', address: name },
    ],
    capacity: CAPACITY,
    allocatable: CAPACITY,
    conditions: [
      condition(
        'MemoryPressure',
        'False',
        'KubeletHasSufficientMemory',
        'kubelet has sufficient memory available',
      ),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    nodeInfo: {
      architecture: ARCHITECTURE,
      bootID: '',
      containerRuntimeVersion: 'hollow://1.0.0',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.34.4-hollow',
      machineID: '',
      operatingSystem: 'linux',
      osImage: '',
      systemUUID: '',
    },
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  }
}
