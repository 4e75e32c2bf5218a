import type { KubeApi, KubeObject, Resource } from '../../../cluster/kubernetes/types.ts'
import { createPodHttp, type PodHttp } from '../../../testbed/operator/runtime/pod-http.ts'
import type { WatchLine } from './recording.ts'
import type { Request } from './trace.ts'

/** No step takes anywhere near this long: it ends a hang. */
const LIMIT_MS = 150_000

export async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + LIMIT_MS; !(await look()); ) {
    if (Date.now() > endMs) throw new Error(`never came: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Listens to everything in the namespace of the resource, as the recordings did: the operator itself runs in another. */
export function watchAll(
  kube: KubeApi,
  watched: [kind: string, resource: Resource][],
): { watch: WatchLine[]; latest: Map<string, KubeObject>; stop(): void } {
  const watch: WatchLine[] = []
  const latest = new Map<string, KubeObject>()
  const stops = watched.map(([kind, resource]) => {
    const note = (type: WatchLine['type'], object: KubeObject) => {
      watch.push({ t: Date.now() / 1000, kind, type, object })
      const key = `${kind}/${object.metadata.name}`
      if (type === 'DELETED') latest.delete(key)
      else latest.set(key, object)
    }
    return kube.watch(
      resource,
      { namespace: 'default' },
      {
        onList(items) {
          for (const item of items) note('ADDED', item)
        },
        onEvent: note,
        onGap() {},
      },
    )
  })
  const stop = () => {
    for (const one of stops) one.stop()
  }
  return { watch, latest, stop }
}

/** 4.4 says within an answer 200 that it refuses (docs/contract/emqx.md#api-errors). */
const isRefusal = (text: string) => /"code":\s*[1-9]/.test(text)

/** The operator's HTTP, with a note of every answered request, and of the pass that made it. */
export function listenIn(
  requests: Request[],
  podOf: (ip: string) => string,
  passNow: () => number = () => 0,
): PodHttp {
  const http = createPodHttp()
  return {
    async send(ip, method, path, options) {
      const answer = await http.send(ip, method, path, options)
      const text = typeof options.body === 'string' ? options.body : JSON.stringify(options.body)
      const body = options.body === undefined ? {} : { body: text }
      const t = Date.now() / 1000
      const refused = isRefusal(answer.body) && { isRefused: true as const }
      const pod = podOf(ip)
      requests.push({ t, pass: passNow(), method, path, ...body, pod, status: answer.status, ...refused })
      return answer
    },
    close: () => http.close(),
  }
}
