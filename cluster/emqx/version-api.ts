import type { EmqxNodeApi } from '../types.ts'
import type { EmqxHttp } from './http.ts'

/** What differs between the majors of EMQX: which port serves the HTTP API, and how it is spoken. */
export interface EmqxVersionApi {
  readonly port: number
  over(http: EmqxHttp): EmqxNodeApi
}
