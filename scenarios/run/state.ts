import type { Fleet, StoredData } from '#weir/bench/types.ts'
import type { Leftovers, OperatorState, RebalanceRequest, TriedAddress } from '#weir/cluster/index.ts'
import type {
  ClientEvents,
  Evacuation,
  NetworkEvent,
  Parameters,
  Rebalance,
  SettingName,
} from '#weir/facts/index.ts'
import { type FailedAttempt, firstFailed } from './failed-attempt.ts'

/** The cluster just before the change. */
export interface Trigger {
  t: number
  /** Uids of the pods that existed. */
  pods: ReadonlySet<string>
  /** Names of the sets that had replicas. */
  sets: readonly string[]
  /** The version that the new pods must run, if it is another than before. */
  version?: string | undefined
  /** The resource just after the change: what it asks for, and which generation that is. A later generation may ask for more. */
  asked?: { generation: number; version: string | undefined } | undefined
  /** The merge patch that takes the change back. */
  undo?: unknown
  /** The generation of the resource in which it is taken back. */
  takenBack?: number | undefined
}

/** The cluster before a change that somebody else will make. */
export interface BeforeChange extends Pick<Trigger, 'pods' | 'sets'> {
  generation: number
  version: string | undefined
}

export interface AskedSetting {
  name: SettingName
  value: string
  /** As last read after the change. */
  shown: string | undefined
}

/** A rebalance of this run. */
export interface AskedRebalance {
  request: Omit<RebalanceRequest, 'nodes'>
  /** Known once EMQX has chosen. */
  sides?: Pick<Rebalance, 'donors' | 'recipients'>
}

/** The Deployment of an operator, and how many replicas it had. */
export interface StoppedOperator {
  namespace: string
  name: string
  replicas: number
}

/** A change of how clients reach the cluster from outside. */
export interface AskedNetwork {
  asked: Omit<NetworkEvent, 't' | 'type' | 'tookNs'>
  /** Addresses before it, which it may take away, and whether each served weir. */
  before: readonly { address: TriedAddress; served: boolean }[]
}

/** Everything that changes during a run. Each method records one event. */
export class RunState {
  #phase = 'start'
  #step: { index: number; t: number } | undefined
  #missing = ''
  #warning = ''
  #actions = 0
  #parameters: Parameters | undefined
  #changedTo: Parameters | undefined
  #fleet: Fleet | undefined
  #fleetStartedT: number | undefined
  #failedAttempt: FailedAttempt | undefined
  #configuredAt: number | undefined
  #beforeChange: BeforeChange | undefined
  #trigger: Trigger | undefined
  #isUnderWay = false
  #lastChangeT: number | undefined
  #changing: Promise<void> | undefined
  #refusedChance: number | undefined
  #deletedUid: string | undefined
  #leftovers: Leftovers | undefined
  #setting: AskedSetting | undefined
  #rebalance: AskedRebalance | undefined
  #storedData: StoredData | undefined
  #network: AskedNetwork | undefined
  #evacuations: readonly Evacuation[] = []
  #operator: OperatorState | undefined
  #apiFailure: { t: number; text: string } | undefined
  readonly #cordonedHosts = new Set<string>()
  #stoppedOperator: StoppedOperator | undefined
  readonly #evacuated = new Set<string>()

  /** The current step. */
  get phase(): string {
    return this.#phase
  }

  /** How the first attempt of a client of the fleet ended that failed or was refused. */
  get failedAttempt(): FailedAttempt | undefined {
    return this.#failedAttempt
  }

  attemptsOf(events: ClientEvents): void {
    this.#failedAttempt ??= firstFailed(events)
  }

  /** Which step of the scenario that is, and when it began. */
  get step(): { index: number; t: number } | undefined {
    return this.#step
  }

  /** What the last poll of the current step still missed, for the live line. */
  get missing(): string {
    return this.#missing
  }

  /** What the user should know until the end of the run, for the live line. */
  get warning(): string {
    return this.#warning
  }

  /** The last request without an answer, of EMQX's API or the API server. */
  get apiFailure(): { t: number; text: string } | undefined {
    return this.#apiFailure
  }

  apiFailed(failure: { t: number; text: string }): void {
    this.#apiFailure = failure
  }

  get parameters(): Parameters | undefined {
    return this.#parameters
  }

  /** When the last change was made. */
  get lastChangeT(): number | undefined {
    return this.#lastChangeT
  }

  /** The parameters as they were recorded last since the change. */
  get changedTo(): Parameters | undefined {
    return this.#changedTo
  }

  /** When the arrival schedule began to run, nanoseconds since the run began. */
  get fleetStartedT(): number | undefined {
    return this.#fleetStartedT
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

  /** Settles when the result of a change that was sent is known. */
  get changing(): Promise<void> | undefined {
    return this.#changing
  }

  /** The uid of the resource that the run has deleted. */
  get deletedUid(): string | undefined {
    return this.#deletedUid
  }

  /** What was left of it when it was looked at last. */
  get leftovers(): Leftovers | undefined {
    return this.#leftovers
  }

  deletionSent(uid: string | undefined): void {
    this.#deletedUid = uid
  }

  leftoversFound(leftovers: Leftovers): void {
    this.#leftovers = leftovers
  }

  /** The last setting beside the pods that was changed, and whether the cluster shows it. */
  get setting(): AskedSetting | undefined {
    return this.#setting
  }

  settingAsked(name: SettingName, value: string): void {
    this.#setting = { name, value, shown: undefined }
  }

  settingRead(name: SettingName, value: string): void {
    if (this.#setting?.name === name) this.#setting = { ...this.#setting, shown: value }
  }

  /** The last change of how clients reach the cluster from outside. */
  get network(): AskedNetwork | undefined {
    return this.#network
  }

  networkAsked(network: AskedNetwork): void {
    this.#network = network
  }

  /** What EMQX was given to keep. */
  get storedData(): StoredData | undefined {
    return this.#storedData
  }

  dataStored(data: StoredData): void {
    this.#storedData = data
  }

  /** EMQX nodes that the run itself evacuates. */
  get evacuatedNodes(): ReadonlySet<string> {
    return this.#evacuated
  }

  /** The chance that a client comes to one of them, while the Service goes on to lead there. */
  get refusedChance(): number | undefined {
    return this.#refusedChance
  }

  evacuated(node: string, refusedChance: number): void {
    this.#evacuated.add(node)
    this.#refusedChance = refusedChance
  }

  /** EMQX's evacuations as last sampled. */
  get evacuations(): readonly Evacuation[] {
    return this.#evacuations
  }

  evacuationsSampled(evacuations: readonly Evacuation[]): void {
    this.#evacuations = evacuations
  }

  /** The operator while the run has stopped it. */
  get stoppedOperator(): StoppedOperator | undefined {
    return this.#stoppedOperator
  }

  /** The operator as it was seen last. */
  get operator(): OperatorState | undefined {
    return this.#operator
  }

  operatorSeen(operator: OperatorState): void {
    this.#operator = operator
  }

  operatorStopped(operator: StoppedOperator): void {
    this.#stoppedOperator = operator
  }

  /** Machines that take no pods because of the run. */
  get cordonedHosts(): ReadonlySet<string> {
    return this.#cordonedHosts
  }

  cordoned(host: string): void {
    this.#cordonedHosts.add(host)
  }

  uncordoned(host: string): void {
    this.#cordonedHosts.delete(host)
  }

  operatorStarted(): void {
    this.#stoppedOperator = undefined
  }

  get rebalance(): AskedRebalance | undefined {
    return this.#rebalance
  }

  rebalanceAsked(request: AskedRebalance['request']): void {
    this.#rebalance = { request }
  }

  /** `refusedChance`: that a client comes to a donor, should the Service go on to lead there. */
  rebalanceBegun(sides: NonNullable<AskedRebalance['sides']>, refusedChance: number): void {
    if (this.#rebalance) this.#rebalance = { ...this.#rebalance, sides }
    this.#refusedChance = refusedChance
  }

  /** `index` of the step in the scenario, at `t`. */
  stepStarted(name: string, index: number, t: number): void {
    this.#phase = name
    this.#step = { index, t }
    this.#missing = ''
  }

  polled(missing: string): void {
    this.#missing = missing
  }

  warned(warning: string): void {
    this.#warning = warning
  }

  /** Returns the id of the action's start and end events. */
  actionStarted(): string {
    return `action-${++this.#actions}`
  }

  parametersResolved(parameters: Parameters): void {
    this.#parameters = parameters
    if (this.#trigger) this.#changedTo = parameters
  }

  fleetStarted(fleet: Fleet, t: number): void {
    this.#fleetStartedT = t
    this.#fleet = fleet
  }

  resourceConfigured(t: number): void {
    this.#configuredAt = t
  }

  stillUnchanged(before: BeforeChange): void {
    this.#beforeChange = before
  }

  changeSent(known: Promise<unknown>): void {
    this.#changing = known.then(
      () => {},
      () => {},
    )
  }

  /** A change while another is under way goes on from the cluster before the first. */
  changed(trigger: Trigger): void {
    this.#lastChangeT = trigger.t
    const { t, pods, sets, version } = this.#isUnderWay && this.#trigger ? this.#trigger : trigger
    this.#trigger = { ...trigger, t, pods, sets, version: trigger.version ?? version }
    this.#isUnderWay = true
  }

  /** The change has had its effect. */
  changeDone(): void {
    this.#isUnderWay = false
  }

  /** The change was taken back: the resource is as before in this generation and in later ones. */
  takenBack(generation: number): void {
    if (this.#trigger) this.#trigger = { ...this.#trigger, takenBack: generation }
  }

  /** The change was no update: the wait continues. */
  noUpdateFollowed(): void {
    this.#beforeChange = undefined
  }

  /** What somebody's change asks for, once it is known; `version` if the change is one of version. */
  versionAsked(asked: NonNullable<Trigger['asked']>, version: string | undefined): void {
    if (this.#trigger) this.#trigger = { ...this.#trigger, asked, version: version ?? this.#trigger.version }
  }
}
