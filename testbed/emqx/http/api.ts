import type { VersionProfile } from '../version.ts'
import type { ManagementApi } from './management-api.ts'
import { api4 } from './v4/api.ts'
import { api5 } from './v5/api.ts'

const APIS: Record<VersionProfile['api'], ManagementApi> = { v4: api4, v5: api5 }

export function apiOf(version: VersionProfile): ManagementApi {
  return APIS[version.api]
}
