import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'

const IS_MANIFEST = /\.(ya?ml|json)$/

const refused = (message: string, cause?: unknown) =>
  new WeirError('WEIR_OPERATOR', message, cause === undefined ? undefined : { cause })

/** Every object of a file, or of the files of a folder in order of their names. Throws WEIR_OPERATOR. */
export function readManifests(path: string): KubeObject[] {
  return filesOf(path).flatMap(readFile)
}

function filesOf(path: string): string[] {
  let isFolder: boolean
  try {
    isFolder = statSync(path).isDirectory()
  } catch (cause) {
    throw refused(`there are no operator manifests at ${path}: name a folder or a file of YAML`, cause)
  }
  if (!isFolder) return [path]
  const files = readdirSync(path)
    .filter((name) => IS_MANIFEST.test(name) && name !== 'kustomization.yaml')
    .sort()
    .map((name) => join(path, name))
  if (files.length === 0) throw refused(`${path} holds no YAML files: name a folder or a file of manifests`)
  return files
}

function readFile(file: string): KubeObject[] {
  const documents = parseAllDocuments(readFileSync(file, 'utf8'), { logLevel: 'error' })
  return [...documents].flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined)
      throw refused(
        `${basename(file)} is not YAML: ${messageOf(error)}: render templates before, e.g. with "helm template"`,
      )
    const content: unknown = document.toJS()
    if (content === null || content === undefined) return []
    if (!isKubeObject(content))
      throw refused(`${basename(file)} holds something other than Kubernetes objects`)
    // The items of a List stand for themselves.
    return content.kind === 'List' ? (content.items as KubeObject[]) : [content]
  })
}

function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false
  const { apiVersion, kind, metadata, items } = value as Record<string, unknown>
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    (metadata !== undefined || items !== undefined)
  )
}
