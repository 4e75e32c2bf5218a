import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { environmentOf } from './emqx-pod.ts'
import { type MountedFile, readMounted } from './mounted-file.ts'
import { KILLED, type Place, type Program } from './program.ts'

/** 4.4 names the file of its licence; 5.x has it in its configuration. */
const LICENCE_FILE = 'EMQX_LICENSE__FILE'
const LICENCE_KEY = 'EMQX_LICENSE__KEY'
const CONFIGURATION = '/opt/emqx/etc/emqx.conf'

/** What an EMQX container begins with: the text of its licence file, and HOCON documents. */
export interface Licensing {
  licence?: string | undefined
  configuration?: string | undefined
}

type Files = Pick<Place, 'pod' | 'container' | 'podIp'>

const licenceFile = (kube: KubeApi, { pod, container, podIp }: Files): Promise<MountedFile> => {
  const path = environmentOf(pod, container, podIp).get(LICENCE_FILE)
  return path === undefined ? Promise.resolve(undefined) : readMounted(kube, pod, container, path)
}

/** Reads what a container's licence is. "missing" as for every mounted file. */
export async function licensingOf(
  kube: KubeApi,
  place: Files,
): Promise<Licensing | { missing: string; volume: string }> {
  const { pod, container, podIp } = place
  const file = await licenceFile(kube, place)
  if (file && 'missing' in file) return file
  const configured = await readMounted(kube, pod, container, CONFIGURATION)
  // Other parts of the emulation do without this file, so one that is not there yet holds nothing up.
  const configuration = configured && 'text' in configured ? configured.text : undefined
  return {
    licence: file?.text ?? environmentOf(pod, container, podIp).get(LICENCE_KEY),
    ...(configuration !== undefined && { configuration }),
  }
}

export interface ReloaderOptions {
  kube: KubeApi
  /** How often the kubelet writes the Secrets that a pod mounts again. */
  syncMs: number
  log(line: string): void
}

/**
 * The reloader beside EMQX 4.4, with the kubelet's delay: when the mounted licence is another than before it gives it to its EMQX by the API
 * (docs/contract/operations.md#connections).
 */
export function reloaderProgram({ kube, syncMs, log }: ReloaderOptions): Program {
  return {
    async prepare(place) {
      const first = await licenceFile(kube, place).catch(() => undefined)
      return { start: () => reload(kube, place, first, syncMs, log) }
    },
  }
}

function reload(
  kube: KubeApi,
  place: Place,
  first: MountedFile,
  syncMs: number,
  log: (line: string) => void,
) {
  const { promise: exited, resolve } = Promise.withResolvers<number>()
  let known = first && 'text' in first ? first.text : undefined
  let isBusy = false
  const look = async () => {
    if (isBusy) return
    isBusy = true
    try {
      const file = await licenceFile(kube, place)
      if (file && 'text' in file && file.text !== known) {
        await upload(place.podIp, file.text)
        known = file.text
      }
    } catch (error) {
      log(`pod ${place.pod.metadata.name}: the licence was not reloaded: ${messageOf(error)}`)
    } finally {
      isBusy = false
    }
  }
  const timer = setInterval(() => void look(), syncMs)
  const end = (code: number) => {
    clearInterval(timer)
    resolve(code)
  }
  return { exited, terminate: () => end(0), kill: () => end(KILLED) }
}

async function upload(podIp: string, license: string): Promise<void> {
  const answer = await fetch(`http://${podIp}:8081/api/v4/license/upload`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('admin:public').toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ license }),
    signal: AbortSignal.timeout(5000),
  })
  const text = await answer.text()
  if (!/"code"\s*:\s*0/.test(text)) throw new Error(`HTTP ${answer.status} ${text.slice(0, 100)}`)
}
