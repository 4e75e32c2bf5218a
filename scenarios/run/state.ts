import type { Fleet } from '#weir/bench/types.ts'
import type { Parameters } from '#weir/facts/index.ts'

/** The cluster just before the change that the run is about. */
export interface Trigger {
  t: number
  /** Uids of the pods that existed. */
  pods: ReadonlySet<string>
  /** Names of the sets that had replicas. */
  sets: readonly string[]
  version?: string | undefined
}

/** The cluster while nobody has changed it, for a run that waits for somebody else's change. */
export interface BeforeChange extends Pick<Trigger, 'pods' | 'sets'> {
  generation: number
  version: string | undefined
}

/** Everything that changes while a run goes on. Others read it; only the methods here change it, each when one thing has happened. */
export class RunState {
  #phase = 'start'
  #missing = ''
  #actions = 0
  #parameters: Parameters | undefined
  #fleet: Fleet | undefined
  #configuredAt: number | undefined
  #beforeChange: BeforeChange | undefined
  #trigger: Trigger | undefined
  #changing: Promise<void> | undefined

  /** The step under way. */
  get phase(): string {
    return this.#phase
  }

  /** What the last poll of the current step still missed, for the live line. */
  get missing(): string {
    return this.#missing
  }

  get parameters(): Parameters | undefined {
    return this.#parameters
  }

  get fleet(): Fleet | undefined {
    return this.#fleet
  }

  /** When `apply` last changed a resource that was there before: its status means nothing until the operator has reconciled. */
  get configuredAt(): number | undefined {
    return this.#configuredAt
  }

  /** Known while the run waits for somebody else's change. */
  get beforeChange(): BeforeChange | undefined {
    return this.#beforeChange
  }

  get trigger(): Trigger | undefined {
    return this.#trigger
  }

  /** Settles when a change that was sent to the API server is known to be made or not. */
  get changing(): Promise<void> | undefined {
    return this.#changing
  }

  stepStarted(name: string): void {
    this.#phase = name
    this.#missing = ''
  }

  polled(missing: string): void {
    this.#missing = missing
  }

  /** Returns an id that tells this action's start and end from others'. */
  actionStarted(): string {
    return `action-${++this.#actions}`
  }

  parametersResolved(parameters: Parameters): void {
    this.#parameters = parameters
  }

  fleetStarted(fleet: Fleet): void {
    this.#fleet = fleet
  }

  resourceConfigured(t: number): void {
    this.#configuredAt = t
  }

  /** Nobody has changed the cluster yet. */
  stillUnchanged(before: BeforeChange): void {
    this.#beforeChange = before
  }

  changeSent(known: Promise<unknown>): void {
    this.#changing = known.then(
      () => {},
      () => {},
    )
  }

  /** The change was made, by the run or by somebody else. */
  changed(trigger: Trigger): void {
    this.#trigger = trigger
  }

  /** What was changed was no update: the wait goes on. */
  noUpdateFollowed(): void {
    this.#beforeChange = undefined
  }

  /** Where somebody else's change leads, once that shows. */
  versionChosen(version: string): void {
    if (this.#trigger) this.#trigger = { ...this.#trigger, version }
  }
}
