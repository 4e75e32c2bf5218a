import type { Tokens } from './access/tokens.ts'
import type { Admission } from './admission/admission.ts'
import type { Catalogue } from './catalogue.ts'
import type { ApiHooks } from './hooks.ts'
import type { KubeletClient } from './http/pod-log.ts'
import type { Store } from './store.ts'

/** What the operations share. */
export interface Context {
  store: Store
  catalogue: Catalogue
  admission: Admission
  tokens: Tokens
  hooks: ApiHooks
  /** How kubelets know this server. */
  kubelet: KubeletClient
}

export interface WriteOptions {
  /** Everything is checked, nothing is stored. */
  dryRun: boolean
  /** What to do about fields that the schema does not know. */
  fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  /** Who writes, as managedFields name it. */
  fieldManager: string
  /** Sent back to the client in Warning headers. */
  warn(message: string): void
}

/** Writes that the server makes on its own account. */
export const OWN_WRITE: WriteOptions = {
  dryRun: false,
  fieldValidation: 'Ignore',
  fieldManager: 'apiserver',
  warn() {},
}
