import type { Answer, World } from '../world.ts'

export interface Pod {
  metadata: Answer['body']
  spec: Answer['body']
  status: Answer['body']
}

export const NODE = 'somewhere'

/** What a pod of the cases runs. No scheduler knows it, so cases bind it themselves. */
export const podSpec = (image = 'image:1') => ({
  schedulerName: 'nobody',
  terminationGracePeriodSeconds: 0,
  containers: [{ name: 'main', image, ports: [{ name: 'web', containerPort: 80 }] }],
})

/** Addresses of no pod that runs. */
let lastAddress = 0
const nextAddress = () => {
  lastAddress++
  return `10.200.${lastAddress >> 8}.${lastAddress & 255}`
}

/** Pods that a selector matches, in order of their names. */
export async function podsOf(world: World, selector = ''): Promise<Pod[]> {
  const { items } = await world.read(`${world.path('pods')}?labelSelector=${encodeURIComponent(selector)}`)
  return items
}

export const namesOf = (objects: Pick<Pod, 'metadata'>[]): string[] =>
  objects.map(({ metadata }) => metadata.name)

/** Waits until exactly these pods are there, and none of them is going. */
export const becomePods = (world: World, ...names: string[]): Promise<Pod[]> =>
  world.eventually(`pods ${names.join(' ')}`, async () => {
    const pods = await podsOf(world)
    const isSo =
      pods.length === names.length &&
      pods.every(({ metadata }) => names.includes(metadata.name) && !metadata.deletionTimestamp)
    return isSo && pods
  })

/** What a kubelet would do and report: the pod is bound, has an address, and is ready or not. */
export async function run(world: World, name: string, isReady = true): Promise<Pod> {
  const pod = await world.read(world.path('pods', name))
  if (!pod.spec.nodeName)
    await world.ask('POST', `${world.path('pods', name)}/binding`, {
      metadata: { name },
      target: { apiVersion: 'v1', kind: 'Node', name: NODE },
    })
  const status = isReady ? 'True' : 'False'
  const podIP = pod.status.podIP ?? nextAddress()
  const now = new Date().toISOString().replace(/\.\d+/, '')
  const condition = (type: string) => ({ type, status, lastTransitionTime: now })
  return world.patch(`${world.path('pods', name)}/status`, {
    status: {
      phase: 'Running',
      podIP,
      podIPs: [{ ip: podIP }],
      conditions: [condition('Ready'), condition('ContainersReady')],
    },
  })
}
