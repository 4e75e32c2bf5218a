import type { EmqxNodeApi } from '../types.ts'
import type { EmqxHttp } from './http.ts'

/** What differs between the majors of EMQX: which port serves the HTTP API, who may use it, and how it is spoken. */
export interface EmqxVersionApi {
  /** The dashboard's listener: it serves the API and the metrics. */
  readonly port: number
  /** The listener that knows API keys. */
  readonly keyPort: number
  /** No listener takes a user of the dashboard by Basic authentication. */
  readonly keysOnly?: boolean
  /** Which variables of the environment give credentials that it takes, in the user's words. */
  readonly saying: string
  /** The path of the metrics, as it is asked. */
  readonly metricsPath: string
  /** The API user that the operator makes for itself, and the listener that knows it. */
  readonly secret: {
    nameOf(resource: string): string
    /** The key of the Secret: lines of `user:password`. */
    key: string
    /** The operator's own among them. */
    user: string
    port: number
  }
  /** What the dashboard's listener accepts until somebody changes it; none where it takes API keys only. */
  readonly initialUser?: { username: string; password: string }
  over(http: EmqxHttp): EmqxNodeApi
}
