import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The module that names the programs as Go tools and pins everything that they are made of. */
const FILES = ['go.mod', 'go.sum'] as const

export interface Modules {
  files: Readonly<Record<(typeof FILES)[number], string>>
  /** Of Kubernetes, e.g. "v1.34.4". */
  kubernetes: string
  etcd: string
  /** What a program was built from. */
  digest: string
}

export function readModules(): Modules {
  const read = (name: string) => readFileSync(new URL(`../modules/${name}`, import.meta.url), 'utf8')
  const files = { 'go.mod': read('go.mod'), 'go.sum': read('go.sum') }
  return {
    files,
    kubernetes: versionOf('k8s.io/kubernetes', files['go.mod']),
    etcd: versionOf('go.etcd.io/etcd/server/v3', files['go.mod']),
    digest: createHash('sha256').update(files['go.mod']).update(files['go.sum']).digest('hex').slice(0, 16),
  }
}

function versionOf(module: string, text: string): string {
  const line = text.split('\n').find((one) => one.trim().startsWith(`${module} v`))
  if (line === undefined) throw new Error(`go.mod requires no ${module}`)
  return line.trim().split(' ')[1]!
}
