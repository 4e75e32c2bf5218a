import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { customTypes } from './crd/custom-type.ts'
import type { Definition } from './crd/definition.ts'
import type { ResourceType } from './resource-type.ts'

const keyOf = (group: string, version: string, plural: string) => `${group}/${version}/${plural}`

/** The resources that are served now: the built-in ones, and those of each CustomResourceDefinition. */
export class Catalogue {
  readonly #types = new Map<string, ResourceType>()
  readonly #byDefinition = new Map<string, string[]>()

  constructor(builtins: readonly ResourceType[]) {
    for (const type of builtins) this.#types.set(keyOf(type.group, type.version, type.plural), type)
  }

  find(group: string, version: string, plural: string): ResourceType | undefined {
    return this.#types.get(keyOf(group, version, plural))
  }

  /** One type that stores its objects in this bucket, its storage version if that is served. */
  ofBucket(bucket: string): ResourceType | undefined {
    const types = this.all().filter((type) => type.bucket === bucket)
    return types.find((type) => type.version === type.storageVersion) ?? types[0]
  }

  all(): ResourceType[] {
    return [...this.#types.values()]
  }

  /** Replaces what a definition serves. */
  define(definition: KubeObject): void {
    this.forget(definition)
    const types = customTypes(definition as Definition)
    const keys = types.map((type) => keyOf(type.group, type.version, type.plural))
    types.forEach((type, i) => {
      this.#types.set(keys[i]!, type)
    })
    this.#byDefinition.set(definition.metadata.name, keys)
  }

  forget(definition: KubeObject): void {
    for (const key of this.#byDefinition.get(definition.metadata.name) ?? []) this.#types.delete(key)
    this.#byDefinition.delete(definition.metadata.name)
  }
}
