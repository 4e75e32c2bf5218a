import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Program } from '../kubelet/program.ts'
import type { NodeDirectory } from '../types.ts'
import { carryTo } from './carry.ts'
import { ClusterNames } from './names/index.ts'
import { type ImageContent, logFile, type ProcessOptions, processProgram } from './process-program.ts'

/** The images that programs of this machine stand for. */
export interface Programs extends NodeDirectory {
  /** Images for which `matches` is true have this content. */
  serve(matches: (image: string) => boolean, content: ImageContent): void
  readonly programOf: (image: string) => Program | undefined
  /** The last line that programs of this image printed. */
  lastWords(image: string): string
  close(): void
}

/** Programs of this machine as containers of pods, over any API server. */
export async function startPrograms(
  kube: KubeApi,
  options: Omit<ProcessOptions, 'kube' | 'names'> & { log(line: string): void },
): Promise<Programs> {
  const { dir, log, apiServer } = options
  const names = new ClusterNames(kube, { dir: join(dir, 'names'), dnsHost: apiServer.host, log })
  await Promise.all([names.ready, mkdir(options.logs, { recursive: true })])
  const programs: { matches(image: string): boolean; program: Program }[] = []
  const logs = new Map<string, string>()
  const addresses = new Set<string>()

  return {
    serve(matches, content) {
      const program = processProgram(content, { ...options, kube, names })
      programs.push({
        matches,
        program: {
          prepare(place) {
            const { pod, container, podIp } = place
            logs.set(container.image, logFile(options.logs, pod, container.name))
            addresses.add(podIp)
            return program.prepare(place)
          },
        },
      })
    },
    programOf: (image) => programs.find(({ matches }) => matches(image))?.program,
    lastWords: (image) => lastLine(logs.get(image)),
    find: (podIp) => (addresses.has(podIp) ? carryTo(podIp) : undefined),
    close: () => names.stop(),
  }
}

function lastLine(file: string | undefined): string {
  try {
    const line = file && readFileSync(file, 'utf8').trim().split('\n').at(-1)
    return line || 'it printed nothing'
  } catch {
    return 'it printed nothing'
  }
}
