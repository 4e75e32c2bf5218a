import {
  differences,
  type Lacking,
  type Resources,
  resourcesText,
  type StoredCounts,
} from '#weir/facts/index.ts'
import { type Moment, seconds } from '../evidence/wording.ts'
import { count, listed, when } from './english.ts'
import { endings } from './operation-endings.ts'
import { scaling } from './operation-scaling.ts'

/** Messages of the assertions in facts/assertions/operations.ts. */
export const operations = {
  ...scaling,
  ...endings,
  untouched: {
    bound: ({ clients }: { clients: number }) =>
      clients === 0
        ? 'no connection ends or begins, no pod that was there ends or restarts, no set or Service is written anew'
        : `at most ${count(clients, 'client')} disturbed, no pod that was there ends or restarts, no set or Service is written anew`,
    noClients: 'the record has no client events after the trigger',
    measured: (v: { clients: number; ports: number; pods: number; objects: number; changes: number }) =>
      [
        `${count(v.clients, 'client')} and ${count(v.pods, 'pod')} disturbed`,
        ...(v.ports > 0 ? [`${count(v.ports, 'client')} with another local port`] : []),
        ...(v.objects > 0 ? [`${count(v.objects, 'set or Service', 'sets and Services')} written anew`] : []),
        ...(v.changes > 0 ? [`${count(v.changes, 'change')} of the resource`] : []),
      ].join(', '),
    blind: 'a watch was lost after the trigger',
    lost: (v: { clients: number; all: number; client: string; node: string; at: Moment }) =>
      `${v.clients} of ${count(v.all, 'client')} lost their connection; ${v.client} was the first, on ${v.node} ${when(v.at)}.`,
    deleted: ({ pod, at }: { pod: string; at: Moment }) =>
      `Pod ${pod}, which was there before, was deleted ${when(at)}.`,
    restarted: ({ pod, at }: { pod: string; at: Moment }) =>
      `EMQX restarted in pod ${pod}, which was there before; the kubelet reported it ${when(at)}.`,
    evacuated: ({ node, at }: { node: string; at: Moment }) =>
      `EMQX began to evacuate ${node} ${when(at)}, though nobody had to move.`,
    evacuationSeen: "EMQX's status of evacuations",
    replaced: ({ set, at }: { set: string; at: Moment }) =>
      `A new set, ${set}, got pods ${when(at)}: pods were to be replaced.`,
    held: (v: { clients: number | undefined; pods: number; ns: number; ports: number; objects: number }) => {
      const { clients, pods, ns, ports, objects } = v
      const who = clients === undefined ? '' : `${count(clients, 'client')} kept their connections and `
      const same = [
        ...(ports > 0 ? [`${count(ports, 'connection')} had the same local port at the end`] : []),
        ...(objects > 0
          ? [`${count(objects, 'set or Service', 'sets and Services')} stayed as they were`]
          : []),
      ]
      const more = same.length > 0 ? `; ${same.join(', and ')}` : ''
      return `${who}${count(pods, 'pod')} ran on, for ${seconds(ns)} from the trigger${more}.`
    },
    ported: (v: { clients: number; all: number; client: string; from: number; to: number }) =>
      `${v.clients} of ${count(v.all, 'client')} had another connection at the end than before, by the port of its own end; ${v.client} had port ${v.to} instead of ${v.from}, and no end of its connection is recorded.`,
    rewritten: (v: { kind: string; name: string; fields: string[]; at: Moment }) =>
      `${v.kind} ${v.name}, which was there before, got another ${v.fields.join(' and ')} ${when(v.at)}.`,
    rewrittenSeen: ({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`,
    generations: (v: { made: number; most: number; at: Moment }) =>
      `The resource was changed ${v.made === 1 ? 'once' : `${v.made} times`}, the last time ${when(v.at)}, and ${v.most === 0 ? 'the operation was not to change it' : `the operation changes it ${v.most === 1 ? 'once' : `at most ${v.most} times`}`}.`,
    podsSeen: 'pods and sets after the trigger',
    clientsSeen: 'clients after the trigger',
    podSeen: ({ pod }: { pod: string }) => `pod ${pod}`,
    setSeen: ({ set }: { set: string }) => `set ${set}`,
  },
  'state-truth': {
    bound: (v: { earlySeconds: number; lateSeconds: number }) =>
      `at most ${v.earlySeconds} s before it is true, at most ${v.lateSeconds} s after`,
    noChange: 'the record shows no change',
    neverTold: 'how many nodes the resource asks for is not recorded',
    neverToldSettle: 'Record the run with this version of weir.',
    blind: 'a watch was lost after the trigger',
    measuredEarly: 'too early',
    early: ({ at, lacking }: { at: Moment; lacking: string }) =>
      `The resource said ${when(at)} that it runs as asked (运行中), but ${lacking}.`,
    unfinished: ({ lacking }: { lacking: string }) => `at the end ${lacking}`,
    measured: ({ ns }: { ns: number }) => `${seconds(ns)} after it was true`,
    late: ({ at, ns, said }: { at: Moment; ns: number; said: boolean }) =>
      said
        ? `Pods and Service were as asked ${when(at)}, but the resource said so only ${seconds(ns)} later.`
        : `Pods and Service were as asked ${when(at)}, but ${seconds(ns)} later the resource still did not say so.`,
    notYet: ({ ns }: { ns: number }) =>
      `the record ends ${seconds(ns)} after pods and Service were as asked, before the resource said so`,
    cut: 'the record ends before the resource said that it runs as asked',
    held: ({ ns }: { ns: number }) =>
      `The resource said that it runs as asked (运行中) ${seconds(ns)} after its pods and its Service were, and never too early.`,
    lacking: (v: Lacking) => {
      if (v.what === 'unserved') return `the Service did not lead to ${v.names.join(' and ')}`
      return v.what === 'unready'
        ? `${v.pods} of ${v.wanted} pods were ready`
        : `there were ${v.pods} pods instead of ${v.wanted}`
    },
    seen: 'resource, pods and endpoints after the trigger',
  },
  'data-kept': {
    bound: ({ lost }: { lost: number }) =>
      lost === 0 ? 'nothing that EMQX keeps is lost' : `at most ${lost} of what EMQX keeps lost`,
    noChange: 'the record shows no change',
    noneStored: 'EMQX was given nothing to keep',
    noneStoredSettle: 'Add the step store-data before the change and find-data after it.',
    notTaken: ({ error }: { error: string }) => `EMQX did not take what it was to keep: ${error}`,
    notTakenSettle: "Let weir's clients publish and subscribe below weir/stored/, retained messages too.",
    notFetched: 'the record ends before EMQX was asked for what it keeps',
    noAnswer: ({ error }: { error: string }) => `EMQX could not be asked for all that it keeps: ${error}`,
    measured: ({ found, stored }: { found: StoredCounts; stored: StoredCounts }) =>
      [
        ...(stored.retained > 0 ? [`${found.retained} of ${stored.retained} retained`] : []),
        ...(stored.sessions > 0 ? [`${found.sessions} of ${count(stored.sessions, 'session')}`] : []),
        ...(stored.queued > 0 ? [`${found.queued} of ${stored.queued} queued`] : []),
      ].join(', '),
    lost: ({ parts, lost, missing: [first] }: { parts: string[]; lost: number; missing: string[] }) => {
      const what = `After the change ${listed(parts)} ${lost === 1 ? 'was' : 'were'} lost`
      if (first === undefined) return `${what}.`
      return lost === 1 ? `${what}: ${first}.` : `${what}, ${first} among them.`
    },
    retained: ({ lost, all }: { lost: number; all: number }) =>
      `${lost} of ${count(all, 'retained message')}`,
    sessions: ({ lost, all }: { lost: number; all: number }) =>
      `${lost} of ${count(all, 'session')} of clients that were away`,
    queued: ({ lost, all }: { lost: number; all: number }) =>
      `${lost} of ${count(all, 'message')} that waited for them`,
    held: ({ stored, tolerated }: { stored: StoredCounts; tolerated: number }) => {
      const { retained, sessions, queued } = stored
      const parts = [
        ...(retained > 0 ? [count(retained, 'retained message')] : []),
        ...(sessions > 0 ? [`${count(sessions, 'session')} of clients that were away`] : []),
        ...(queued > 0 ? [`${count(queued, 'message')} that waited for them`] : []),
      ]
      const verb = retained + sessions + queued === 1 ? 'was' : 'were'
      return `${listed(parts)} ${verb} still there after the change${tolerated > 0 ? `, but for ${tolerated} that may be lost` : ''}.`
    },
    seen: 'what was stored, and what was found',
  },
  resized: {
    bound: ({ wanted }: { wanted: Resources | undefined }) =>
      `${wanted ? resourcesText(wanted) : 'the requested resources'} in every pod, no restart, nothing killed for its memory`,
    noResize: 'the change was none of resources, or it was taken back',
    noResizeSettle: 'Run a scenario with the step resize.',
    blind: 'a watch was lost after the trigger',
    fewer: ({ pods, wanted }: { pods: number; wanted: number }) =>
      `At the end there were ${count(pods, 'pod')} of ${wanted}.`,
    unfinished: ({ fact }: { fact: string }) => `the record ends before the operation (${fact})`,
    untold: ({ pod }: { pod: string }) => `the record does not have the resources of ${pod}`,
    untoldSettle: 'Use a record of this version of weir.',
    otherwise: (v: { pods: string[]; has: Resources; wanted: Resources; all: number }) =>
      `${v.pods.length} of ${count(v.all, 'pod')} had other resources at the end: ${v.pods[0]} had ${differences(v.has, v.wanted).join(', ')}.`,
    killed: ({ pod, at }: { pod: string; at: Moment }) =>
      `EMQX in pod ${pod} was killed because it ran out of memory (OOMKilled); the kubelet reported it ${when(at)}.`,
    restarted: (v: { pod: string; restarts: number; at: Moment }) =>
      `EMQX in pod ${v.pod} had restarted ${v.restarts === 1 ? 'once' : `${v.restarts} times`} ${when(v.at)}.`,
    measured: (v: { right: number; all: number; restarts: number }) =>
      `${v.right} of ${count(v.all, 'pod')} as requested, ${count(v.restarts, 'restart')}`,
    held: ({ pods, wanted }: { pods: number; wanted: Resources }) =>
      `EMQX had ${resourcesText(wanted)} in all ${count(pods, 'pod')}, and none was killed or restarted.`,
    seen: 'resources and restarts of the pods',
  },
  'as-before': {
    bound: ({ pods }: { pods: number }) =>
      `the same ${count(pods, 'pod')}, ready and in the Service, nothing else asked for, and no other set`,
    noChange: 'the record shows no change',
    blind: 'a watch was lost at the end of the run',
    noResource: 'the record does not show the resource before and after the change',
    noService: 'the Service was never seen to lead to a pod',
    noServiceSettle: 'Let weir list EndpointSlices, and use the Service that the operator makes.',
    gone: ({ pods }: { pods: string[] }) =>
      `${pods.join(' and ')} of before ${pods.length === 1 ? 'was' : 'were'} gone`,
    unready: ({ pods }: { pods: string[] }) =>
      `${pods.join(' and ')} ${pods.length === 1 ? 'was' : 'were'} not ready`,
    service: ({ missing, strangers }: { missing: string[]; strangers: string[] }) =>
      missing.length > 0
        ? `the Service did not lead to ${missing.join(' and ')}`
        : `the Service led to ${strangers.join(' and ')} too`,
    unsettled: ({ condition }: { condition: string | undefined }) =>
      `the resource was not settled (condition ${condition ?? 'none'})`,
    version: ({ version, before }: { version: string | undefined; before: string | undefined }) =>
      `the resource asked for EMQX ${version ?? 'of no version'}, not ${before ?? 'of no version'}`,
    generations: ({ made, most }: { made: number; most: number }) =>
      `the resource had been changed ${made === 1 ? 'once' : `${made} times`}, and ${most === 0 ? 'never' : `at most ${most} times`} was asked for`,
    setLeft: ({ set, pods }: { set: string; pods: number }) =>
      `the set ${set}, which the change made, was left and wanted ${count(pods, 'pod')}`,
    unfinished: ({ fact }: { fact: string }) => `the record ends before the operation (${fact})`,
    broken: ({ facts }: { facts: string[] }) => `At the end of the run, ${facts.join('; ')}.`,
    measured: ({ facts }: { facts: string[] }) => facts.join('; '),
    measuredHeld: ({ pods }: { pods: number }) => `${count(pods, 'pod')} as before`,
    held: ({ pods }: { pods: number }) =>
      `The same ${count(pods, 'pod')} as before the change were ready and in the Service, and no other set was left.`,
    seen: 'pods, sets, endpoints and the resource',
  },
}
