import { compareVersions, tellsVersion } from '#weir/facts/index.ts'
import type { EmqxAbout } from '../types.ts'
import { type Finding, unknown } from './types.ts'

const atLeast = (version: string, least: string): boolean => (compareVersions(version, least) ?? -1) >= 0

/**
 * Whether this EMQX can evacuate a node (docs/contract/emqx.md#releases): Enterprise from 4.4.12 and 5.0.4 on; the open-source
 * edition never, until 5.9 made one edition of both.
 */
export function canEvacuate(emqx: Finding<EmqxAbout>): Finding<boolean> {
  if (emqx.found === undefined) return unknown(`EMQX's version is unknown: ${emqx.why}`)
  const { version, edition } = emqx.found
  if (!tellsVersion(version)) return unknown(`EMQX reports the version "${version}"`)
  if (atLeast(version, '5.9.0'))
    return { found: true, how: `EMQX ${version} has one edition, with evacuation` }
  if (edition === undefined) return unknown(`EMQX ${version} does not report its edition`)
  if (edition === 'opensource')
    return { found: false, how: `EMQX ${version} of the open-source edition has no evacuation (before 5.9)` }
  const least = version.includes('4.4.') ? '4.4.12' : '5.0.4'
  return atLeast(version, least)
    ? { found: true, how: `EMQX Enterprise ${version}` }
    : { found: false, how: `EMQX Enterprise ${version} has no evacuation (before ${least})` }
}
