/** Where faults change what the API server does. */
export interface ApiHooks {
  /** Whether the server behaves as if an object of this name were not there: who asks for it is not told, and it may be created again. */
  overlooks(plural: string, name: string): boolean
}

/** As Kubernetes does it. */
export const HONEST: ApiHooks = { overlooks: () => false }
