import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { messageOf } from '#weir/errors/index.ts'
import { startApiServer } from '../apiserver/index.ts'
import { startControllers } from '../controllers/index.ts'
import { KUBELET_PORT, type Plane, type PlaneOptions } from '../plane.ts'
import { type AddressBlock, API_PORT, onFreeBlock } from './block.ts'
import { writeKubeconfig } from './kubeconfig.ts'

/** The emulated API server and controllers, in this process, on loopback addresses of their own. */
export async function startEmulatedPlane({
  nodeName,
  dir,
  faults,
  log,
  client,
}: PlaneOptions): Promise<Plane> {
  const token = randomBytes(24).toString('base64url')
  const { block, api } = await onFreeBlock(async (block: AddressBlock) => {
    const api = await startApiServer({
      host: block.nodeIp,
      port: API_PORT,
      token,
      clusterIpPrefix: block.clusterIpPrefix,
      hooks: faults.apiserver(),
      onError: (error) =>
        log(`apiserver: ${error instanceof Error ? (error.stack ?? error.message) : error}`),
    })
    return { block, api }
  })
  let controllers: ReturnType<typeof startControllers> | undefined
  const close = async () => {
    controllers?.stop()
    await api.close()
  }
  try {
    const kubeconfig = join(dir, 'kubeconfig')
    await writeKubeconfig(kubeconfig, api.url, token)
    controllers = startControllers(client(kubeconfig), {
      faults,
      nodeName,
      onError: (where, error) => log(`controllers: ${where}: ${messageOf(error)}`),
    })
    await controllers.ready
    return {
      kubeconfig,
      apiServer: { host: block.nodeIp, port: API_PORT, certificate: api.certificate },
      nodeIp: block.nodeIp,
      kubelet: { host: block.nodeIp, port: KUBELET_PORT, key: api.key, certificate: api.certificate },
      podPrefix: block.podPrefix,
      loadBalancerPrefix: block.loadBalancerPrefix,
      isServiceAddress: (address) => address.startsWith('127.'),
      restart: (downMs) => api.restart(downMs),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
