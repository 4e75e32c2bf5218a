import type { ApiListener } from '../emqx/endpoint.ts'
import type { EmqxVersionApi } from '../emqx/version-api.ts'
import { resources } from '../kubernetes/resources.ts'
import { type KubeApi, KubeApiError, type KubeObject } from '../kubernetes/types.ts'

export interface Credentials {
  username: string
  password: string
  /** Decides which of EMQX's listeners accepts them. Default: a user of the dashboard. */
  kind?: 'user' | 'key'
}

/** Credentials for EMQX's API, and their listener. */
export interface Access {
  listener: ApiListener
  /** Undefined if there are none: then only requests without credentials are possible. */
  credentials?: Credentials
  /** Their source, or why there are none. */
  from: string
}

/** The operator's Secret is tried again after this long: it may have been created, or the permission granted. */
const LOOK_AGAIN_MS = 5000

/** Finds the credentials for EMQX's HTTP API when they are first needed, and again when EMQX refuses them. */
export class AccessFinder {
  readonly #kube: KubeApi
  readonly #name: string
  readonly #api: EmqxVersionApi
  readonly #given: Credentials | undefined
  #known: { access: Promise<Access>; untilMs: number } | undefined

  /** @param name of the custom resource, whose Secret is looked for unless credentials are `given` */
  constructor(kube: KubeApi, name: string, api: EmqxVersionApi, given: Credentials | undefined) {
    this.#kube = kube
    this.#name = name
    this.#api = api
    this.#given = given
  }

  /** The environment variables for credentials that this EMQX accepts. */
  get saying(): string {
    return this.#api.saying
  }

  async get(): Promise<Access> {
    const nowMs = Date.now()
    if (this.#known && nowMs < this.#known.untilMs) return this.#known.access
    const known = { access: this.#find(), untilMs: nowMs + LOOK_AGAIN_MS }
    this.#known = known
    known.access.then(
      ({ from }) => {
        if (from === this.#secretName || from === SAID) known.untilMs = Number.POSITIVE_INFINITY
      },
      () => {
        if (this.#known === known) this.#known = undefined
      },
    )
    return known.access
  }

  /** After a refusal by EMQX the Secret is read again, but not after every one. */
  refused(): void {
    if (this.#known) this.#known.untilMs = Math.min(this.#known.untilMs, Date.now() + LOOK_AGAIN_MS)
  }

  get #secretName(): string {
    return `Secret ${this.#api.secret.nameOf(this.#name)}`
  }

  async #find(): Promise<Access> {
    const { dashboard, keys } = this.#api.listeners
    if (this.#given) {
      const listener = this.#given.kind === 'key' ? keys : dashboard
      return { listener, credentials: this.#given, from: SAID }
    }
    const { secret, initialUser } = this.#api
    let why: string
    try {
      const object = await this.#kube.get<KubeObject & { data?: Record<string, string> }>(
        resources.secrets,
        this.#kube.namespace,
        secret.nameOf(this.#name),
      )
      const credentials = readLines(object.data?.[secret.key], secret.user)
      if (credentials) return { listener: keys, credentials, from: this.#secretName }
      why = `${this.#secretName} has no line of ${secret.user} under ${secret.key}`
    } catch (error) {
      if (!(error instanceof KubeApiError) || (error.status !== 403 && error.status !== 404)) throw error
      why =
        error.status === 404
          ? `there is no ${this.#secretName}`
          : `this user may not read ${this.#secretName}`
    }
    return initialUser
      ? { listener: dashboard, credentials: initialUser, from: `EMQX's initial user, as ${why}` }
      : { listener: dashboard, from: why }
  }
}

const SAID = 'set by the user'

/** The operator's line of `key:secret[:role]` lines, else the first. */
function readLines(base64: string | undefined, user: string): Credentials | undefined {
  const lines = Buffer.from(base64 ?? '', 'base64')
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim().split(':'))
    .filter((parts) => parts.length >= 2 && parts[0] !== '')
  const line = lines.find(([username]) => username === user) ?? lines[0]
  return line && { username: line[0]!, password: line[1]! }
}
