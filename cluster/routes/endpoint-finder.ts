import { type ApiListener, type BindOf, type Endpoint, endpointOf } from '../emqx/endpoint.ts'
import type { EmqxTls } from '../emqx/http.ts'
import type { Pod } from '../kubernetes/kinds.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '../kubernetes/types.ts'

export interface EndpointFinderOptions {
  kube: KubeApi
  /** The custom resource as it is now. */
  resource(): Promise<KubeObject>
  apiBind(resource: KubeObject): BindOf
  tls: EmqxTls | undefined
}

/** Finds where pods serve EMQX's HTTP API. A pod's containers never change their ports, so each pod is read once. */
export class EndpointFinder {
  readonly tls: EmqxTls | undefined
  readonly #options: EndpointFinderOptions
  readonly #known = new Map<string, Promise<Endpoint>>()

  constructor(options: EndpointFinderOptions) {
    this.#options = options
    this.tls = options.tls
  }

  /** Rejects with what the API server answers. */
  of(pod: string, listener: ApiListener): Promise<Endpoint> {
    const key = `${pod} ${listener.name}`
    const known = this.#known.get(key)
    if (known) return known
    const finding = this.#find(pod, listener)
    this.#known.set(key, finding)
    finding.catch(() => this.#known.delete(key))
    return finding
  }

  async #find(name: string, listener: ApiListener): Promise<Endpoint> {
    const { kube, apiBind, resource } = this.#options
    const { items } = await kube.list<Pod>(resources.pods, {
      namespace: kube.namespace,
      fieldSelector: `metadata.name=${name}`,
    })
    const pod = items.find(({ metadata }) => metadata.name === name)
    // Whoever has a certificate checked wants its listener, where there are both.
    return endpointOf(listener, { pod, bindOf: apiBind(await resource()) }, this.tls !== undefined)
  }
}
