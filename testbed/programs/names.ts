import { openSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type EndpointSlice, keyOf, type Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { Cache } from '../runtime/cache.ts'
import { remembered } from '../runtime/memo.ts'

/** Larger than any list of names here. Shorter lists are filled up with empty lines, so that no reader ever sees half a file. */
const FILE_BYTES = 256 * 1024
const SERVICE_LABEL = 'kubernetes.io/service-name'

/**
 * The names of Services and of the pods behind headless ones, as the cluster's DNS would answer them, in a hosts file for each
 * namespace. The files are kept up to date in place, so that programs may mount them.
 */
export class ServiceNames {
  readonly #dir: string
  readonly #files = new Map<string, number>()
  readonly #services: Cache<Service>
  readonly #slices: Cache<EndpointSlice>
  readonly ready: Promise<unknown>

  constructor(kube: KubeApi, dir: string) {
    this.#dir = dir
    const changed = () => this.#writeAll()
    this.#services = new Cache<Service>(kube, resources.services, changed)
    this.#slices = new Cache<EndpointSlice>(kube, resources.endpointSlices, changed)
    this.ready = Promise.all([mkdir(dir, { recursive: true }), this.#services.ready, this.#slices.ready])
    this.ready.catch(() => {})
  }

  /** The path of the hosts file for pods of this namespace. */
  fileFor(namespace: string): string {
    const path = join(this.#dir, `hosts-${namespace}`)
    remembered(this.#files, namespace, () => openSync(path, 'w'))
    this.#write(namespace)
    return path
  }

  stop(): void {
    this.#services.stop()
    this.#slices.stop()
  }

  #writeAll(): void {
    for (const namespace of this.#files.keys()) this.#write(namespace)
  }

  #write(namespace: string): void {
    const file = this.#files.get(namespace)
    if (file === undefined) return
    const content = Buffer.alloc(FILE_BYTES, '\n')
    content.write(hostsFile(this.#services.all(), this.#slices.all(), namespace))
    writeSync(file, content, 0, content.length, 0)
  }
}

/** The lines of a hosts file, as a pod of `namespace` would have its names answered. */
export function hostsFile(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  namespace: string,
): string {
  const lines = services.flatMap((service) =>
    addressesOf(service, slices).map(({ ip, prefix }) => {
      const { name, namespace: home = 'default' } = service.metadata
      const short = `${prefix}${name}`
      const names = [`${short}.${home}.svc.cluster.local`, `${short}.${home}.svc`, `${short}.${home}`]
      return [ip, ...names, ...(home === namespace ? [short] : [])].join(' ')
    }),
  )
  return ['127.0.0.1 localhost', ...lines, ''].join('\n')
}

/** Where a Service's name leads; `prefix` is that of a pod's own name in a headless Service. */
function addressesOf(service: Service, slices: readonly EndpointSlice[]): { ip: string; prefix: string }[] {
  const { clusterIP } = service.spec
  if (clusterIP !== undefined && clusterIP !== '' && clusterIP !== 'None')
    return [{ ip: clusterIP, prefix: '' }]
  return slices
    .filter(({ metadata }) => `${metadata.namespace}/${metadata.labels?.[SERVICE_LABEL]}` === keyOf(service))
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses, hostname }) =>
      addresses.flatMap((ip) => [
        { ip, prefix: '' },
        ...(hostname === undefined || hostname === null ? [] : [{ ip, prefix: `${hostname}.` }]),
      ]),
    )
}
