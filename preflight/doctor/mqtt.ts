import { accessOf, assignAccess, startProbe, targetName, transportTrouble } from '#weir/bench/index.ts'
import type { ClientAccess, ProbeResult, Target } from '#weir/bench/types.ts'
import { CARRIED } from '#weir/facts/index.ts'
import { type Line, missing, ok, warning } from '../line.ts'
import { targetsText } from '../plan/address.ts'
import { defineCheck, type Facts, hasClients } from './check.ts'

const TIMEOUT_MS = 10_000
/** As many addresses of nodes as clients use. */
const MOST_TRIED = 64
/** What is wrong is looked into and shown for so many. */
const MOST_SHOWN = 4
/** Longer than the time-out, so that there is only one attempt. */
const ONCE_MS = 10 * TIMEOUT_MS

async function tryOnce(target: Target, access: ClientAccess): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>()
  const clockZeroNs = process.hrtime.bigint()
  const probe = startProbe({ target, everyMs: ONCE_MS, timeoutMs: TIMEOUT_MS, clockZeroNs, access }, resolve)
  try {
    return await promise
  } finally {
    await probe.stop()
  }
}

/** Brokers may tie a user or a certificate to a client id. */
const OWN_ID =
  "the doctor's client id begins with weir-doctor, which a broker that ties users to ids may refuse"

/** `isOfEach`: every client has a user of its own, and this is the first's. */
function advice({ username, certificate, transport }: ClientAccess, isOfEach: boolean): string {
  const rest = 'let EMQX accept clients without a certificate, and publishing to weir/#'
  const hasCertificate = certificate !== undefined || transport?.tls?.cert !== undefined
  const allow = hasCertificate ? 'let EMQX accept clients with these ids, and publishing to weir/#' : rest
  return username === undefined
    ? `set WEIR_MQTT_USERNAME and WEIR_MQTT_PASSWORD if EMQX authenticates clients, or ${allow}`
    : `check ${isOfEach ? 'the user and password of the first client' : 'the user (--username or WEIR_MQTT_USERNAME) and its password'}, or ${allow}; ${OWN_ID}`
}

/** As the first client of the fleet, with an id of its own, as the probe of a run. */
const firstOf = ({ access = { identity: {} } }: Facts): ClientAccess =>
  accessOf(assignAccess(access, 1, 'weir-doctor-%i'))

/** What is wrong with one address, as far as the transport is, and else with the advice for MQTT. */
async function troubleOf(
  target: Target,
  result: ProbeResult,
  access: ClientAccess,
  isOfEach: boolean,
): Promise<Line> {
  const where = targetName(target)
  const trouble = await transportTrouble(target, access, result)
  const says = `a client cannot publish and receive through ${where}: ${trouble?.says ?? result.error}`
  return missing(says, trouble?.todo ?? advice(access, isOfEach))
}

/** A client can CONNECT, SUBSCRIBE, PUBLISH and DISCONNECT, as the probe of a run does. */
export const mqtt = defineCheck({
  id: 'mqtt',
  title: 'MQTT',
  code: 'WEIR_BROKER',
  matters: hasClients,
  asksNodes: true,
  needs: ['addresses'],
  async run(facts) {
    const access = firstOf(facts)
    const isOfEach = facts.access?.identity.columns?.username !== undefined
    const tries = await Promise.all(
      facts.addresses.answered
        .slice(0, MOST_TRIED)
        .map(async (target) => ({ target, result: await tryOnce(target, access) })),
    )
    const through = tries.filter(({ result }) => result.ok)
    const failed = await Promise.all(
      tries
        .filter(({ result }) => !result.ok)
        .slice(0, MOST_SHOWN)
        .map(({ target, result }) => troubleOf(target, result, access, isOfEach)),
    )
    if (through.length === 0) return { lines: failed }
    const tookMs = Math.max(...through.map(({ result }) => result.tookNs)) / 1e6
    const where = targetsText(through.map(({ target }) => target))
    const { protocol = 'mqtt' } = access.transport ?? {}
    const over = protocol === 'mqtt' ? '' : ` by ${CARRIED[protocol]}`
    return {
      lines: [
        ok(`a client published and received through ${where}${over} in ${Math.round(tookMs)} ms`),
        ...failed.map(({ says }) =>
          warning(says, 'name the addresses that clients are to use with --address'),
        ),
      ],
    }
  },
})
