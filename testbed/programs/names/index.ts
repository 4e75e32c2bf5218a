import { openSync, writeFileSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { EndpointSlice, Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { Cache } from '../../runtime/cache.ts'
import { remembered } from '../../runtime/memo.ts'
import type { Mount } from '../sandbox.ts'
import { startDns } from './dns-server.ts'
import { hostsFile } from './hosts-file.ts'
import { DOMAIN, recordsOf } from './records.ts'

/** Larger than any list of names here. Shorter lists are filled up with empty lines, so that no reader ever sees half a file. */
const FILE_BYTES = 256 * 1024

export interface NameOptions {
  /** For the files. */
  dir: string
  /** Where the cluster's DNS listens. */
  dnsHost: string
  log(line: string): void
}

/**
 * The names of Services and of the pods behind headless ones, in a hosts file for each namespace, which is kept up to date in place, and
 * in a DNS server where this user may have one: EMQX 5 looks for its peers there.
 */
export class ClusterNames {
  readonly #options: NameOptions
  readonly #files = new Map<string, number>()
  readonly #services: Cache<Service>
  readonly #slices: Cache<EndpointSlice>
  #dns: { close(): void } | undefined
  readonly ready: Promise<unknown>

  constructor(kube: KubeApi, options: NameOptions) {
    this.#options = options
    const changed = () => this.#writeAll()
    this.#services = new Cache<Service>(kube, resources.services, changed)
    this.#slices = new Cache<EndpointSlice>(kube, resources.endpointSlices, changed)
    this.ready = Promise.all([this.#open(), this.#services.ready, this.#slices.ready])
    this.ready.catch(() => {})
  }

  /** What a pod of this namespace mounts to look names up. */
  mountsFor(namespace: string): Mount[] {
    const { dir, dnsHost } = this.#options
    const hosts = join(dir, `hosts-${namespace}`)
    remembered(this.#files, namespace, () => openSync(hosts, 'w'))
    this.#write(namespace)
    const mounts = [{ from: hosts, at: '/etc/hosts' }]
    if (this.#dns === undefined) return mounts
    const resolver = join(dir, `resolv.conf-${namespace}`)
    const search = `search ${namespace}.${DOMAIN} ${DOMAIN} cluster.local`
    writeFileSync(resolver, `${search}\nnameserver ${dnsHost}\noptions ndots:5\n`)
    return [...mounts, { from: resolver, at: '/etc/resolv.conf' }]
  }

  stop(): void {
    this.#services.stop()
    this.#slices.stop()
    this.#dns?.close()
  }

  async #open(): Promise<void> {
    const { dir, dnsHost, log } = this.#options
    await mkdir(dir, { recursive: true })
    try {
      this.#dns = await startDns(dnsHost, () => this.#records(), log)
    } catch (error) {
      log(`no DNS in this cluster, only hosts files: ${messageOf(error)}`)
    }
  }

  #records() {
    return recordsOf(this.#services.all(), this.#slices.all())
  }

  #writeAll(): void {
    for (const namespace of this.#files.keys()) this.#write(namespace)
  }

  #write(namespace: string): void {
    const file = this.#files.get(namespace)
    if (file === undefined) return
    const content = Buffer.alloc(FILE_BYTES, '\n')
    content.write(hostsFile(this.#records().addresses, namespace))
    writeSync(file, content, 0, content.length, 0)
  }
}
