import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { at, textAt } from '../json.ts'
import type { Store } from '../store.ts'
import { accountUser, type User } from './user.ts'

/** Issuer and default audience of ServiceAccounts' tokens. */
export const ISSUER = 'https://kubernetes.default.svc'

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * The tokens that this server knows: those that it was started with, and those that it issued for ServiceAccounts, which
 * are JSON Web Tokens as a real server's are and end with their time or with their ServiceAccount.
 */
export class Tokens {
  readonly #store: Store
  readonly #key = randomBytes(32)
  /** By digest, against timing attacks. */
  readonly #users = new Map<string, User>()

  constructor(store: Store, users: Iterable<[token: string, user: User]>) {
    this.#store = store
    for (const [token, user] of users) this.#users.set(digest(token), user)
  }

  /** The user of a token; undefined for an unknown or expired one. */
  userOf(token: string): User | undefined {
    return this.#users.get(digest(token)) ?? this.#accountOf(token)
  }

  /** A token for the ServiceAccount that is good until `expiresMs`, at the servers named by `audiences`. */
  issue(account: KubeObject, audiences: readonly string[], expiresMs: number): string {
    const { namespace = '', name, uid } = account.metadata
    const nowSeconds = Math.floor(Date.now() / 1000)
    const claims = {
      aud: audiences,
      exp: Math.ceil(expiresMs / 1000),
      iat: nowSeconds,
      iss: ISSUER,
      jti: randomUUID(),
      'kubernetes.io': { namespace, serviceaccount: { name, uid } },
      nbf: nowSeconds,
      sub: accountUser(namespace, name).name,
    }
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
    return `${signed}.${this.#sign(signed).toString('base64url')}`
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest()
  }

  #accountOf(token: string): User | undefined {
    const [header, payload, signature, ...rest] = token.split('.')
    if (!header || !payload || !signature || rest.length > 0) return undefined
    const [given, right] = [Buffer.from(signature, 'base64url'), this.#sign(`${header}.${payload}`)]
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    if (Date.now() >= claims.exp * 1000 || !claims.aud.includes(ISSUER)) return undefined
    const namespace = textAt(claims, 'kubernetes.io', 'namespace')
    const name = textAt(claims, 'kubernetes.io', 'serviceaccount', 'name')
    if (namespace === undefined || name === undefined) return undefined
    const account = this.#store.get('/serviceaccounts', namespace, name)
    const uid = at(claims, 'kubernetes.io', 'serviceaccount', 'uid')
    if (!account || account.metadata.uid !== uid || typeof uid !== 'string') return undefined
    const extra = { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] }
    return accountUser(namespace, name, { uid, extra })
  }
}
