import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type Context, OWN_WRITE } from './context.ts'
import { listAt, textAt } from './json.ts'
import { updateObject } from './operations/update.ts'

/** Work that follows a write: done soon after, never inside it, one task at a time, and awaited when the server closes. */
export class Background {
  #tail: Promise<void> = Promise.resolve()
  #isClosed = false

  /** A task that throws is a defect of the server: it is reported by `onError` and does not stop later ones. */
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  run(task: () => Promise<void> | void): void {
    this.#tail = this.#tail.then(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#isClosed) return
      try {
        await task()
      } catch (error) {
        this.#onError(error)
      }
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#tail
  }
}

const SERVICES = '/services'

/** The cloud's part: gives each Service of type LoadBalancer an address, and removes it when the type changes. */
export function startLoadBalancer(context: Context, background: Background, prefix: string): () => void {
  return context.store.subscribe(SERVICES, ({ type, object }) => {
    if (type === 'DELETED' || hasAddress(object) === wantsAddress(object)) return
    background.run(() => settle(context, object, prefix))
  })
}

const wantsAddress = (service: KubeObject) => textAt(service, 'spec', 'type') === 'LoadBalancer'
const addressesOf = (service: KubeObject) =>
  listAt(service, 'status', 'loadBalancer', 'ingress').map((entry) => textAt(entry, 'ip'))
const hasAddress = (service: KubeObject) => addressesOf(service).length > 0

async function settle(context: Context, { metadata }: KubeObject, prefix: string): Promise<void> {
  const service = context.store.get(SERVICES, metadata.namespace, metadata.name)
  if (!service || hasAddress(service) === wantsAddress(service)) return
  const taken = new Set(context.store.list(SERVICES).flatMap(addressesOf))
  let host = 2
  while (taken.has(`${prefix}${host}`)) host++
  const loadBalancer = wantsAddress(service) ? { ingress: [{ ip: `${prefix}${host}`, ipMode: 'VIP' }] } : {}
  const change = (object: KubeObject) => ({ ...object, status: { loadBalancer } })
  const type = context.catalogue.ofBucket(SERVICES)!
  const target = { namespace: metadata.namespace, name: metadata.name, subresource: 'status' }
  await updateObject(context, type, target, { change }, OWN_WRITE)
}
