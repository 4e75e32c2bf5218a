import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Program } from '../kubelet/program.ts'
import { ServiceNames } from './names.ts'
import { type ImageContent, logFile, type ProcessOptions, processProgram } from './process-program.ts'

/** The images that programs of this machine stand for. */
export interface Programs {
  serve(image: string, content: ImageContent): void
  readonly programOf: (image: string) => Program | undefined
  /** The last line that programs of this image printed. */
  lastWords(image: string): string
  close(): void
}

/** Programs of this machine as containers of pods, over any API server. */
export async function startPrograms(
  kube: KubeApi,
  options: Omit<ProcessOptions, 'kube' | 'names'>,
): Promise<Programs> {
  const names = new ServiceNames(kube, join(options.dir, 'names'))
  await Promise.all([names.ready, mkdir(options.logs, { recursive: true })])
  const programs = new Map<string, Program>()
  const logs = new Map<string, string>()
  return {
    serve(image, content) {
      const program = processProgram(content, { ...options, kube, names })
      programs.set(image, {
        prepare(place) {
          logs.set(image, logFile(options.logs, place.pod, place.container.name))
          return program.prepare(place)
        },
      })
    },
    programOf: (image) => programs.get(image),
    lastWords: (image) => lastLine(logs.get(image)),
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
