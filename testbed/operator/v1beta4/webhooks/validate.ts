import { isDeepStrictEqual } from 'node:util'
import type { EmqxEnterprise } from '../types.ts'
import { isBefore, parseVersion } from './version.ts'

const OLDEST = [4, 4, 14]
const TOO_NEW = [5, 0, 0]

function refuseVersion(cr: EmqxEnterprise): string | undefined {
  const version = cr.spec.template.spec.emqxContainer.image?.version ?? ''
  if (version === 'latest') return 'image version can not be latest'
  const parts = parseVersion(version)
  if (parts === undefined) return `invalid image version: ${version}`
  const prerelease = version.includes('-')
  const same = (bound: number[]) => parts.every((part, index) => part === bound[index])
  if (isBefore(parts, OLDEST) || (prerelease && same(OLDEST)))
    return `image version ${version} is too old, please upgrade to 4.4.14 or later`
  if (!isBefore(parts, TOO_NEW) && !(prerelease && same(TOO_NEW)))
    return `image version ${version} is too new, please downgrade to 5.0.0 earlier`
  return undefined
}

function refuseConfig(cr: EmqxEnterprise, old: EmqxEnterprise): string | undefined {
  const config = cr.spec.template.spec.emqxContainer.emqxConfig ?? {}
  const before = old.spec.template.spec.emqxContainer.emqxConfig ?? {}
  const where = 'field in ".spec.template.spec.emqxContainer.emqxConfig"'
  if ('name' in config && config.name !== before.name) return `refuse to update the "name" ${where}`
  const cluster = Object.keys(before).some(
    (key) => key.startsWith('cluster') && key in config && config[key] !== before[key],
  )
  return cluster ? `refuse to update the "^cluster.*$" ${where}` : undefined
}

/** Why a resource may not be created, or changed from `old`, in the operator's own words; undefined when it may. */
export function refusal(cr: EmqxEnterprise, old?: EmqxEnterprise): string | undefined {
  const version = refuseVersion(cr)
  if (version !== undefined || old === undefined) return version
  if (!isDeepStrictEqual(cr.spec.persistent, old.spec.persistent)) return 'refuse to update Persistent '
  const config = refuseConfig(cr, old)
  if (config !== undefined) return config
  const keys = (one: EmqxEnterprise) => one.spec.template.spec.emqxContainer.bootstrapAPIKeys ?? []
  return isDeepStrictEqual(keys(cr), keys(old)) ? undefined : 'bootstrap APIKey cannot be updated'
}
