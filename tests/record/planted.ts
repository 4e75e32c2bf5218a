/** Secrets as the world has them, each another one: what they look like, and where people write them. */
import { createHash } from 'node:crypto'

/** Random letters of an alphabet, from a seed. */
function letters(alphabet: string, length: number, seed: string): string {
  let text = ''
  for (let round = 0; text.length < length; round++)
    for (const byte of createHash('sha512').update(`${seed} ${round}`).digest())
      text += alphabet[byte % alphabet.length]
  return text.slice(0, length)
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER = UPPER.toLowerCase()
const DIGITS = '0123456789'
const ALL = UPPER + LOWER + DIGITS
const HEX = `${DIGITS}abcdef`

/** What says itself that it is a secret, wherever it stands. */
const FORMS: readonly ((seed: string) => string)[] = [
  (seed) => `AKIA${letters(UPPER + DIGITS, 16, seed)}`,
  (seed) => `AIza${letters(ALL, 35, seed)}`,
  (seed) => `ghp_${letters(ALL, 36, seed)}`,
  (seed) => `glpat-${letters(ALL, 20, seed)}`,
  (seed) => `xoxb-${letters(DIGITS, 12, seed)}-${letters(ALL, 24, seed)}`,
  (seed) => `sk_live_${letters(ALL, 24, seed)}`,
  (seed) => `SG.${letters(ALL, 22, seed)}.${letters(ALL, 43, seed)}`,
  (seed) => `LTAI${letters(ALL, 20, seed)}`,
  (seed) => `AKID${letters(ALL, 32, seed)}`,
  (seed) => `hvs.${letters(ALL, 24, seed)}`,
  (seed) => letters(`${ALL}/+`, 40, `${seed}aB3`),
  (seed) => `${letters(ALL, 86, seed)}==`,
  (seed) => letters(HEX, 64, seed),
  (seed) => letters(HEX, 32, seed),
  (seed) => `eyJhbGciOiJIUzI1NiJ9.eyJ${letters(ALL, 40, seed)}.${letters(ALL, 43, seed)}`,
]

/** A password that only its place betrays. */
const word = (seed: string) => `zq${letters(LOWER, 7, seed)}`

export interface Planted {
  secret: string
  /** In a text: of a ConfigMap, an Event, a log, an answer. */
  text?: string
  /** In an object, as fields of its spec. */
  spec?: Record<string, unknown>
}

const TEXTS: readonly ((secret: string) => string)[] = [
  (s) =>
    `authentication.1 { mechanism = password_based, backend = mysql, password = "${s}", server = "db:3306" }`,
  (s) => `bridges.kafka.one.authentication { username = u, password = ${s} }`,
  (s) => `connectors.http.one { url = "http://h:80", headers { x-caller = "${s}", accept = json } }`,
  (s) => `bridges.webhook.one.headers.x-api = "${s}"`,
  (s) => `actions.s3.one { access_key_id = k, secret_access_key = "${s}" }`,
  (s) =>
    `actions.azure.one { connection_string = "Endpoint=sb://h/;SharedAccessKeyName=n;SharedAccessKey=${s}" }`,
  (s) => `url = "https://store.example/c?sv=2022&sig=${s}&se=x"`,
  (s) => `uri = "mongodb+srv://reader:${s}@h.example/db?w=1"`,
  (s) => `uri = "redis://${s}@h.example:6379/0"`,
  (s) => `uri = "amqp://${s}:${s}@h.example:5672"`,
  (s) => `dsn = "app:${s}@tcp(h:3306)/db"`,
  (s) => `open failed: app:${s}@tcp(h:3306)/db: refused`,
  (s) => `host=h port=5432 user=u password=${s} sslmode=require`,
  (s) => `Server=h;Database=d;User Id=u;Pwd=${s};Encrypt=true`,
  (s) => `jaas_config = "PlainLoginModule required username=u password=\\"${s}\\";"`,
  (s) => `[{username,<<"u">>},{password,<<"${s}">>}]`,
  (s) => `#{client_id => <<"c">>,client_secret => <<"${s}">>}`,
  (s) => `{headers,[{<<"x-one">>,<<"${s}">>}]}, headers => #{<<"x-two">> => <<"${s}">>}`,
  (s) => `node.cookie = "${s}"`,
  (s) => `GET /api HTTP/1.1\nX-Api-Caller: ${s}\nHost: h`,
  (s) => `Authorization: Basic ${s}`,
  (s) => `{"access_token":"${s}","expires_in":3600}`,
  (s) => `POST https://h/hook refused: {"psk": "${s}"}`,
  (s) => `psk_secret: ${s}`,
  (s) => `-----BEGIN PRIVATE KEY-----\n${s}\n-----END PRIVATE KEY-----`,
  (s) => `curl -u me:${s} http://h/x`,
  (s) => `mosquitto_pub -h h -u me -P ${s} -t t`,
  (s) => `private_key_password = ${s}`,
]

const FIELDS: readonly ((secret: string) => Record<string, unknown>)[] = [
  (s) => ({ env: [{ name: 'BRIDGE_MYSTERY', value: s }] }),
  (s) => ({ env: [{ name: 'EMQX_BRIDGES__KAFKA__ONE__SASL', value: s }] }),
  (s) => ({ env: [{ name: 'DATABASE_URL', value: `postgres://u:${s}@h/db` }] }),
  (s) => ({ httpGet: { path: '/', httpHeaders: [{ name: 'X-Probe', value: s }] } }),
  (s) => ({ headers: { 'x-any': s } }),
  (s) => ({ emqxConfig: { 'auth.mysql.password': s } }),
  (s) => ({ emqxConfig: { 'auth.http.headers.x-one': s } }),
  (s) => ({ bootstrapAPIKeys: [{ key: 'k', secret: s }] }),
  (s) => ({ data: { 'init.psk': `client-1:${s}` } }),
  (s) => ({ data: { '.dockerconfigjson': `{"auths":{"r":{"auth":"${s}"}}}` } }),
  (s) => ({ annotations: { note: `{"clientSecret":"${s}"}` } }),
  (s) => ({ args: ['--sasl-password', s] }),
  (s) => ({ license: { stringData: s } }),
  (s) => ({ config: { data: `dashboard { default_password = "${s}" }` } }),
]

/** At least 200 different secrets. */
export const planted: Planted[] = [
  ...FORMS.flatMap((form, f) =>
    [0, 1, 2, 3].map((copy) => {
      const secret = form(`form ${f} ${copy}`)
      return { secret, text: `the bridge was refused with ${secret}, of which nobody knows the name` }
    }),
  ),
  ...FORMS.flatMap((form, f) => {
    const secret = form(`field ${f}`)
    return { secret, spec: { anything: [{ unknown: secret }] } }
  }),
  ...TEXTS.flatMap((textOf, t) =>
    [0, 1, 2].map((copy) => {
      const secret = word(`text ${t} ${copy}`)
      return { secret, text: textOf(secret) }
    }),
  ),
  ...FIELDS.flatMap((fieldsOf, f) =>
    [0, 1, 2].map((copy) => {
      const secret = word(`field ${f} ${copy}`)
      return { secret, spec: fieldsOf(secret) }
    }),
  ),
]
