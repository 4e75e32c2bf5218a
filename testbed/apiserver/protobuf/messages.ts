import { readFileSync } from 'node:fs'
import { remembered } from '../../runtime/memo.ts'

/** One field of a message: how it stands on the wire, and what Go's encoding/json makes of it. */
export interface Field {
  number: number
  /** Its name in JSON; undefined when the fields of its message stand in the message around it. */
  name: string | undefined
  many: 'list' | 'map' | undefined
  /** A pointer: absent is not zero. */
  isPointer: boolean
  /** Of one value: a scalar, a special form (special.ts), or the name of a message. */
  type: string
  /** The zero value is left out. */
  omits: boolean
}

export type Message = readonly Field[]

/** messages.yaml, which tools/kubernetes writes. A field is `NUMBER NAME [list|map] [pointer] TYPE [omitted]`; `~` is no name. */
interface Table {
  /** By `GROUP/VERSION/KIND`; those of meta/v1 by kind alone, since every group has them. */
  kinds: Readonly<Record<string, string>>
  messages: Readonly<Record<string, readonly string[]>>
}

let loaded: Table | undefined

/** Loaded with the first body: a server that is sent JSON never reads it. */
function table(): Table {
  loaded ??= JSON.parse(readFileSync(new URL('./messages.json', import.meta.url), 'utf8')) as Table
  return loaded
}

const parsed = new Map<string, Message>()

/** The message of a kind, or undefined when this server has no such kind. */
export function messageOfKind(apiVersion: string, kind: string): Message | undefined {
  const { kinds } = table()
  const name = kinds[`${apiVersion}/${kind}`] ?? kinds[kind]
  return name === undefined ? undefined : messageNamed(name)
}

/** Whether built-in kinds are in this group and version. */
export const isBuiltIn = (apiVersion: string): boolean =>
  Object.keys(table().kinds).some((key) => key.startsWith(`${apiVersion}/`))

export const messageNamed = (name: string): Message =>
  remembered(parsed, name, () => parseMessage(table().messages[name] ?? []))

export const parseMessage = (fields: readonly string[]): Message => fields.map(parseField)

function parseField(text: string): Field {
  const [number, name, ...words] = text.split(' ')
  const has = (word: string) => words.includes(word)
  return {
    number: Number(number),
    name: name === '~' ? undefined : name!,
    many: has('list') ? 'list' : has('map') ? 'map' : undefined,
    isPointer: has('pointer'),
    type: words.findLast((word) => word !== 'omitted')!,
    omits: has('omitted'),
  }
}
