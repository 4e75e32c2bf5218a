import type { Dialect } from '#weir/cluster/types.ts'
import { compareVersions, tagOf } from '#weir/facts/index.ts'
import { type Before, type Broken, guarded, running } from './guard.ts'
import type { Policy } from './policy.ts'

export interface VersionRequest extends Before {
  operation: 'upgrade' | 'downgrade'
  dialect: Dialect
  /** The version that the resource asks for; undefined where its image names none. */
  from: string | undefined
  to: string
  /** A downgrade to an earlier minor release is wanted, though it may not read the data of the later one. */
  allowsDowngrade: boolean
}

/** Whether a cluster may have another version. Throws WEIR_REFUSED. */
export const guardVersion = (request: VersionRequest, policy: Policy): void =>
  guarded(request, request.operation === 'upgrade' ? 'upgraded' : 'downgraded', [
    another(request),
    known(request),
    inDirection(request),
    ofThisKind(request),
    readsData(request),
    listed(request, policy),
    running(request),
  ])

const another = ({ from, to }: VersionRequest): Broken | undefined =>
  from === to ? { rule: 'no-change', figures: `it asks for EMQX ${to} already` } : undefined

function known({ from, to }: VersionRequest): Broken | undefined {
  const nameless = [to, from ?? ''].find((version) => compareVersions(version, version) === undefined)
  if (nameless === undefined) return undefined
  return {
    rule: 'version-known',
    figures: `${nameless === '' ? 'its image names no version' : `"${nameless}" is no version like 5.8.9`}`,
  }
}

function inDirection({ operation, from = '', to }: VersionRequest): Broken | undefined {
  const by = compareVersions(to, from) ?? 0
  if (operation === 'upgrade' ? by > 0 : by < 0) return undefined
  const is = by > 0 ? 'newer' : by < 0 ? 'older' : 'no other'
  return {
    rule: 'direction',
    figures: `${to} is ${is} than ${from}: use weir ops ${by > 0 ? 'upgrade' : 'downgrade'}`,
  }
}

function ofThisKind({ dialect, to }: VersionRequest): Broken | undefined {
  const { least, below } = dialect.versions
  const isOld = (compareVersions(to, least) ?? 0) < 0
  if (!isOld && (below === undefined || (compareVersions(to, below) ?? 0) < 0)) return undefined
  return {
    rule: 'version-supported',
    figures: `${dialect.kind} is for EMQX from ${least}${below === undefined ? '' : ` to below ${below}`}, not ${to}`,
  }
}

/** EMQX documents upgrades between minor releases, and no way back. */
function readsData({ operation, from = '', to, allowsDowngrade }: VersionRequest): Broken | undefined {
  const minor = (version: string) => /(\d+\.\d+)/.exec(version)?.[1]
  if (operation === 'upgrade' || allowsDowngrade || minor(from) === minor(to)) return undefined
  return {
    rule: 'data-format',
    figures: `EMQX ${to} may not read what ${from} has written: add --allow-downgrade if that is no loss`,
  }
}

function listed({ to }: VersionRequest, { images }: Policy): Broken | undefined {
  if (images === undefined || images.some((image) => tagOf(image) === to)) return undefined
  return { rule: 'image-list', figures: `EMQX ${to} is none of ${images.join(', ')}` }
}
