import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/**
 * The project's Go modules, each with its files: `kubernetes` names its programs as Go tools, `node` has programs of its own. They pin
 * everything that the programs are made of.
 */
const MODULES = {
  kubernetes: { folder: '../modules/', files: ['go.mod', 'go.sum'] },
  node: {
    folder: '../../kind/modules/',
    files: ['go.mod', 'go.sum', 'coredns/main.go', 'pause/main.go', 'emqx-pod/main.go'],
  },
} as const

export type ModuleName = keyof typeof MODULES

export interface Module {
  /** Their texts, by path within the module. */
  files: Readonly<Record<string, string>>
  /** What a program was built from. */
  digest: string
}

export type Modules = Readonly<Record<ModuleName, Module>>

export function readModules(): Modules {
  return { kubernetes: readModule('kubernetes'), node: readModule('node') }
}

function readModule(name: ModuleName): Module {
  const { folder, files } = MODULES[name]
  const texts = files.map((file) => [
    file,
    readFileSync(new URL(`${folder}${file}`, import.meta.url), 'utf8'),
  ])
  const hash = createHash('sha256')
  for (const [, text] of texts) hash.update(text!)
  return {
    files: Object.fromEntries(texts) as Record<string, string>,
    digest: hash.digest('hex').slice(0, 16),
  }
}

/** The version that a module requires of another, e.g. "v1.34.4" of k8s.io/kubernetes. */
export function versionIn({ files }: Module, required: string): string {
  const line = files['go.mod']!.split('\n').find((one) =>
    one
      .trim()
      .replace(/^require /, '')
      .startsWith(`${required} v`),
  )
  if (line === undefined) throw new Error(`go.mod requires no ${required}`)
  return line
    .trim()
    .replace(/^require /, '')
    .split(' ')[1]!
}

/** Of Kubernetes, e.g. "v1.34.4". */
export const kubernetesVersion = (modules: Modules): string =>
  versionIn(modules.kubernetes, 'k8s.io/kubernetes')
