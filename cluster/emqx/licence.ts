import type { EmqxLicence } from '../types.ts'
import { EmqxApiError } from './api-error.ts'

/** The type of licence whose limit is `license.dynamic_max_connections`. */
const BUSINESS_CRITICAL = 3

/**
 * A licence as EMQX describes it. It counts sessions from 5.8.5 on and connections before, under both names
 * (docs/contract/emqx.md#licence). Throws EmqxApiError when it names no limit.
 */
export function readLicence(raw: unknown, path: string): EmqxLicence {
  const one = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>
  const most = [one.max_sessions, one.max_connections].find((value) => typeof value === 'number')
  if (typeof most !== 'number') throw new EmqxApiError(`GET ${path}: the answer names no limit`, 200)
  return {
    most,
    ...(typeof one.type === 'string' ? { type: one.type } : {}),
    ...(typeof one.expiry_at === 'string' ? { expiresOn: one.expiry_at } : {}),
    expired: one.expiry === true,
    ...(one.customer_type === BUSINESS_CRITICAL ? { isConfigurable: true } : {}),
  }
}
