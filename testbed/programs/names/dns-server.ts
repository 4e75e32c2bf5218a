import { createSocket } from 'node:dgram'
import { type Answer, decode, encode, type Question } from 'dns-packet'
import { DOMAIN, type recordsOf } from './records.ts'

const PORT = 53
const TTL_SECONDS = 5
const NO_SUCH_NAME = 3
const AUTHORITATIVE = 1024
/** Erlang takes an answer for its own only if this flag of the question is in it. */
const RECURSION_DESIRED = 256

type Records = ReturnType<typeof recordsOf>

/**
 * Answers A and SRV questions about the cluster's names over UDP, and that there is no such name about all others. Rejects where this user
 * may not listen on the port of DNS.
 */
export async function startDns(
  host: string,
  records: () => Records,
  log: (line: string) => void,
): Promise<{ close(): void }> {
  const socket = createSocket('udp4')
  socket.on('message', (message, { address, port }) => {
    try {
      socket.send(answerTo(message, records()), port, address)
    } catch (error) {
      log(`a question for a name cannot be read: ${(error as Error).message}`)
    }
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(PORT, host, () => {
      socket.off('error', reject)
      resolve()
    })
  })
  socket.on('error', (error) => log(error.message))
  return { close: () => socket.close() }
}

/** The answer to a message of DNS. Throws when the message is damaged. */
export function answerTo(message: Buffer, records: Records): Buffer {
  const { id, flags = 0, questions = [] } = decode(message)
  const answers = questions.flatMap((question) => answersTo(question, records))
  const known = questions.some(({ name }) => isKnown(shorten(name), records))
  return encode({
    type: 'response',
    id: id ?? 0,
    flags: AUTHORITATIVE | (flags & RECURSION_DESIRED) | (known ? 0 : NO_SUCH_NAME),
    questions,
    answers,
  })
}

const SUFFIX = `.${DOMAIN}`

/** Without the domain; undefined for a name of another one. */
function shorten(name: string): string | undefined {
  const lower = name.toLowerCase().replace(/\.$/, '')
  return lower.endsWith(SUFFIX) ? lower.slice(0, -SUFFIX.length) : undefined
}

const isKnown = (name: string | undefined, { addresses, ports }: Records): boolean =>
  name !== undefined && [...addresses, ...ports].some((record) => record.name === name)

function answersTo({ name, type }: Question, { addresses, ports }: Records): Answer[] {
  const short = shorten(name)
  if (type === 'A')
    return addresses
      .filter((record) => record.name === short)
      .map(({ ip }) => ({ type: 'A', name, ttl: TTL_SECONDS, data: ip }))
  if (type === 'SRV')
    return ports
      .filter((record) => record.name === short)
      .map(({ port, target }) => ({
        type: 'SRV',
        name,
        ttl: TTL_SECONDS,
        data: { port, target: `${target}${SUFFIX}`, priority: 0, weight: 100 },
      }))
  return []
}
