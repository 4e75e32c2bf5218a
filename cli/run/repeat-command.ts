import { basename } from 'node:path'
import type { ClientFlag } from '#weir/bench/command/client-options.ts'
import type { ClientFlags } from '#weir/bench/types.ts'
import { REDACTED, withoutSecrets } from '#weir/record/index.ts'
import { CLIENT_FLAGS } from '../client-options.ts'
import { CLUSTER_FLAGS, type ClusterFlags } from '../cluster-options.ts'
import type { ProgramFlags, PrometheusFlags } from '../options.ts'
import type { ObserveRequest } from '../own-cluster/observe.ts'
import type { RunRequest } from './run-and-judge.ts'

/**
 * The words after `weir` that make a run again. A record goes to others: files and folders have their own name alone, a kubeconfig is F, as
 * in the docs, and no secret is in it.
 */
export const commandOfRun = (request: RunRequest): string[] =>
  forRecord([
    'run',
    basename(request.scenario),
    ...flag('seed', request.seed),
    ...flag('to', request.to),
    ...request.set.flatMap((value) => flag('set', withoutFolders(value))),
    ...request.bound.flatMap((value) => flag('bound', value)),
    ...request.label.flatMap((value) => flag('label', value)),
    ...request.fault.flatMap((value) => flag('fault', value)),
    ...flag('testbed', request.testbed),
    ...flag('adopt', request.adopt),
    ...programs(request),
    ...cluster(request),
    ...clients(request),
    ...(request.fleet === 'job' ? flag('fleet', request.fleet) : []),
    ...flag('pods', request.pods),
    ...flag('fleet-image', request['fleet-image']),
    ...prometheus(request),
    ...flag('leave-sessions', request['leave-sessions']),
  ])

/** The same of an observation. */
export const commandOfObserve = (request: ObserveRequest): string[] =>
  forRecord([
    'observe',
    ...cluster(request),
    ...clients(request),
    ...flag('clients', request.clients),
    ...flag('duration', request.duration),
    ...flag('hold', request.hold),
    ...flag('seed', request.seed),
    ...prometheus(request),
    ...flag('leave-sessions', request['leave-sessions']),
  ])

const forRecord = (command: string[]) => (withoutSecrets({ command }) as { command: string[] }).command

function flag(name: string, value: string | number | boolean | undefined): string[] {
  if (value === undefined || value === false) return []
  return value === true ? [`--${name}`] : [`--${name}`, String(value)]
}

function cluster({ kubeconfig, ...flags }: ClusterFlags & { kubeconfig?: string | undefined }): string[] {
  if (kubeconfig === undefined) return []
  return [
    ...flag('kubeconfig', kubeconfig === 'in-cluster' ? kubeconfig : 'F'),
    ...CLUSTER_FLAGS.flatMap((name) => {
      const value = flags[name]
      return flag(name, name === 'emqx-ca' && typeof value === 'string' ? basename(value) : value)
    }),
  ]
}

/** Files by their own names, and of what may be a secret or names users only that it was given. */
const clients = (flags: ClientFlags): string[] =>
  CLIENT_FLAGS.flatMap((name) => {
    const value = flags[name]
    if (value === undefined) return []
    if (name === 'username') return flag(name, REDACTED)
    if (name === 'ws-headers')
      return (value as string[]).flatMap((header) => flag(name, `${header.split(':')[0]}: ${REDACTED}`))
    const texts = [value].flat() as (string | boolean)[]
    return texts.flatMap((one) => flag(name, OF_FILES.includes(name) ? basename(String(one)) : one))
  })
const OF_FILES: readonly ClientFlag[] = ['ca', 'cert', 'key', 'credentials', 'password-file']

const programs = (flags: ProgramFlags): string[] => [
  ...flag('operator-binary', flags['operator-binary'] && basename(flags['operator-binary'])),
  ...flag('operator-manifests', flags['operator-manifests'] && basename(flags['operator-manifests'])),
  ...(flags.emqx ?? []).flatMap((text) => flag('emqx', text.replace(/[^=]*\/(?=.)/, ''))),
]

/** Files in the value of a --set have their own name alone. */
const withoutFolders = (text: string) => text.replace(/(?<=^|[\s=:{[,'"])\/(?:[^\s,}\]'"]*\/)/g, '')

/** Whoever is named before the @ of an address may be a token. */
const withoutUser = (address: string) => address.replace(/^(https?:\/\/)[^/?#]*@/, '$1')

/** The Prometheus that is read; where weir serves its own metrics makes no other run. */
const prometheus = ({ prometheus: values = [], scrape }: PrometheusFlags): string[] => [
  ...[values]
    .flat()
    .flatMap((value) => (/^https?:/.test(value) ? flag('prometheus', withoutUser(value)) : [])),
  ...(scrape ? [] : ['--no-scrape']),
]
