import { type Moment, seconds } from '../evidence/wording.ts'
import { count, when } from './english.ts'

/** Messages of the assertions on stopping and deleting a cluster. */
export const endings = {
  stopped: {
    bound: ({ seconds: most, closeSeconds }: { seconds: number; closeSeconds: number }) =>
      `no pod after ${most} s, no connection ${closeSeconds} s later, and after a start as many pods as before`,
    noStop: 'the record shows no stop',
    noStopSettle: 'Stop the cluster with the step stop.',
    blind: 'the watch of pods was lost',
    unfinished: ({ pods }: { pods: number }) =>
      `the record ends while ${count(pods, 'pod')} ${pods === 1 ? 'is' : 'are'} still there`,
    stay: ({ pods, ns }: { pods: string[]; ns: number }) =>
      `${pods.join(' and ')} still ran ${seconds(ns)} after the stop.`,
    measuredStay: ({ pods }: { pods: number }) => `${count(pods, 'pod')} left`,
    late: ({ ns }: { ns: number }) => `The last pod was gone only ${seconds(ns)} after the stop.`,
    measured: ({ ns }: { ns: number }) => `no pod after ${seconds(ns)}`,
    back: ({ pod, at }: { pod: string; at: Moment }) =>
      `Pod ${pod} came ${when(at)}, while the cluster was stopped.`,
    connected: ({ client, at }: { client: string; at: Moment }) =>
      `${client} was connected ${when(at)}, though no pod was left.`,
    unrestored: ({ now, before }: { now: number; before: number }) =>
      `the record ends with ${count(now, 'pod')} of ${before}`,
    overtaken: ({ now, before }: { now: number; before: number }) =>
      `the next action came while ${count(now, 'pod')} of ${before} ran`,
    overtakenSettle: 'Let the cluster come back, with waitFor: running, before the next action.',
    restored: ({ now, before }: { now: number; before: number }) =>
      `Before the stop there were ${count(before, 'pod')}, and after the start ${now}.`,
    measuredRestored: ({ now, before }: { now: number; before: number }) =>
      `${now} of ${count(before, 'pod')}`,
    held: ({ pods, ns, started }: { pods: number; ns: number; started: boolean }) =>
      `${count(pods, 'pod')} ${pods === 1 ? 'was' : 'were'} gone ${seconds(ns)} after the stop, and nobody was connected${started ? `; after the start there were ${pods} again` : ''}.`,
    podsSeen: 'pods from the stop on',
  },
  'order-of-deletion': {
    bound: ({ seconds: most }: { seconds: number }) =>
      `no pod when the resource is deleted, and nothing but volumes ${most} s later`,
    noDeletion: 'the record shows no deletion',
    noDeletionSettle: 'Delete the cluster with the step delete.',
    blind: 'the watch of pods was lost before the deletion',
    unfinished: 'the record ends before the deletion',
    running: ({ pods, at }: { pods: string[]; at: Moment }) =>
      `The resource was deleted ${when(at)} while ${pods.join(' and ')} still ran: the cluster was not stopped first.`,
    measuredRunning: ({ pods }: { pods: number }) => `${count(pods, 'pod')} when the resource was deleted`,
    resource: 'the resource itself',
    left: ({ left, ns }: { left: string[]; ns: number }) =>
      `${seconds(ns)} after the deletion there was still ${left.slice(0, 5).join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}.`,
    measuredLeft: ({ left }: { left: string[] }) => `${count(left.length, 'object')} left`,
    notLooked: 'weir did not look for what was left',
    notLookedSettle: 'Add the step `waitFor: gone` after the deletion.',
    unlisted: ({ kind, why }: { kind: string; why: string }) => `${kind} objects could not be listed: ${why}`,
    unlistedSettle: 'Let weir list what operators make: see deploy/rbac.yaml.',
    measured: ({ ns, volumes }: { ns: number; volumes: number }) =>
      `nothing left after ${seconds(ns)}${volumes > 0 ? ` but ${count(volumes, 'volume')}` : ''}`,
    held: ({ ns, volumes }: { ns: number; volumes: string[] }) =>
      `The cluster was stopped before it was deleted, and ${seconds(ns)} later nothing of it was left${volumes.length > 0 ? ` but its volumes, which stay until somebody deletes them: ${volumes.join(', ')}` : ''}.`,
    seen: 'resource, pods and leftovers',
  },
}
