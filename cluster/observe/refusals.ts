import type { Event, ReplicaSet, StatefulSet } from '../kubernetes/kinds.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import type { ClusterObservation } from '../types.ts'
import { cutWords } from './blocked.ts'

type Refusal = Extract<ClusterObservation, { type: 'refusal' }>

/** A set reports the pods that it could not create, and those that it could, under these reasons. */
const FAILED = 'FailedCreate'
const SUCCEEDED = 'SuccessfulCreate'

/** An API server's words when it refuses a write: a webhook, a quota, Pod Security, a missing permission, an invalid object. */
const REFUSED = /denied the request|failed calling webhook| is forbidden: | is invalid: /

/** What a controller puts before the server's own words. */
const PREFIX = /^(\(combined from similar events\): )?(.*? failed error: |Error creating: )?/s

interface State {
  kind: string
  name: string
  /** The newest report: why the last write was refused, or nothing. */
  why?: string
  reportedMs: number
  /** Whether the object still lacks what could not be written. */
  lacks: boolean
  told?: string
}

/**
 * Writes of controllers that the API server refuses while a rollout runs. Kubernetes' sets report in Events that they could not create
 * a pod; the operator reports under the custom resource that it could not write what the resource needs. Each tries again, so a refusal
 * stands until the set has its pods, or until the operator has changed a set.
 */
export class Refusals {
  readonly #states = new Map<string, State>()
  readonly #generations = new Map<string, number | undefined>()
  readonly #resourceKind: string

  /** @param resourceKind of the custom resource, under which the operator reports */
  constructor(resourceKind: string) {
    this.#resourceKind = resourceKind
  }

  /** A set as it stands; returns what changed by it. */
  set(kind: 'StatefulSet' | 'ReplicaSet', object: KubeObject, deleted: boolean): Refusal[] {
    const { metadata, spec, status } = object as KubeObject & Partial<StatefulSet | ReplicaSet>
    const own = this.#state(kind, metadata.name)
    own.lacks = !deleted && (status?.replicas ?? 0) < (spec?.replicas ?? 1)
    if (!own.lacks) delete own.why
    const key = `${kind} ${metadata.uid ?? metadata.name}`
    const isWritten = this.#generations.get(key) !== metadata.generation
    this.#generations.set(key, metadata.generation)
    const others = isWritten ? [...this.#states.values()].filter((state) => !isSet(state.kind)) : []
    for (const operator of others) delete operator.why
    return [own, ...others].flatMap((state) => this.#changed(state))
  }

  /** An Event; returns what changed by it. `isOld`: it was there before the watch began. */
  event(object: KubeObject, isOld: boolean): Refusal[] {
    const {
      involvedObject,
      reason,
      type,
      message = '',
      lastTimestamp,
    } = object as KubeObject & Partial<Event>
    const { kind = '', name = '' } = involvedObject ?? {}
    const isOfSet = isSet(kind)
    // What became of an operator's earlier refusal is unknown; one that lasts is reported again.
    if (!isOfSet && (kind !== this.#resourceKind || isOld)) return []
    const isFailure = isOfSet ? reason === FAILED : type === 'Warning'
    const refused = isFailure && REFUSED.test(message)
    if (!refused && !(isOfSet && reason === SUCCEEDED)) return []
    const state = this.#state(kind, name)
    const atMs = Date.parse(lastTimestamp ?? '') || state.reportedMs
    if (atMs < state.reportedMs) return []
    state.reportedMs = atMs
    if (refused) state.why = cutWords(message.replace(PREFIX, ''))
    else delete state.why
    return this.#changed(state)
  }

  #state(kind: string, name: string): State {
    const key = `${kind} ${name}`
    const known = this.#states.get(key)
    if (known) return known
    const state: State = { kind, name, reportedMs: 0, lacks: !isSet(kind) }
    this.#states.set(key, state)
    return state
  }

  #changed(state: State): Refusal[] {
    const { kind, name } = state
    const why = state.lacks ? state.why : undefined
    if (why === state.told) return []
    if (why === undefined) delete state.told
    else state.told = why
    return [{ type: 'refusal', kind, name, ...(why === undefined ? {} : { why }) }]
  }
}

const isSet = (kind: string) => kind === 'StatefulSet' || kind === 'ReplicaSet'
