import { readFileSync } from 'node:fs'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { type ErrorCode, WeirError, WeirErrors } from '#weir/errors/index.ts'

/** A YAML file with line numbers. */
export interface Source {
  file: string
  content: unknown
  /** True when the file has a value at this path. */
  holds(path: readonly (string | number)[]): boolean
  /** Line of the value at this path, or of the key when `key` is set; of its nearest parent if it is missing. */
  lineOf(path: readonly (string | number)[], key?: boolean): number
}

function offsetOf(document: Document, path: readonly (string | number)[], key: boolean): number | undefined {
  if (key) {
    const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
    if (isMap(parent)) {
      const pair = parent.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(path.at(-1)),
      )
      if (pair && isScalar(pair.key)) return pair.key.range?.[0]
    }
  }
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

/**
 * Reads a YAML file.
 *
 * @param unreadable the code to throw when there is no such file
 * @throws WeirError with `unreadable`, or WEIR_SCENARIO_YAML with file and line
 */
export function readSource(file: string, shownAs: string, unreadable: ErrorCode): Source {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code)
    throw new WeirError(unreadable, `cannot read ${shownAs}: ${why}`, { cause })
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0)
    throw new WeirErrors(
      document.errors.map((cause) => {
        const { line } = lines.linePos(cause.pos[0])
        const [what] = cause.message.split('\n')
        return new WeirError(
          'WEIR_SCENARIO_YAML',
          `${shownAs}:${line}: not YAML: ${what!.replace(/ at line \d+.*$/, '')}`,
          { cause },
        )
      }),
    )
  let content: unknown
  try {
    content = document.toJS()
  } catch (cause) {
    throw new WeirError(
      'WEIR_SCENARIO_YAML',
      `${shownAs}: not YAML that can be used: ${(cause as Error).message}`,
      { cause },
    )
  }
  return {
    file: shownAs,
    content,
    holds: (path) => path.length > 0 && document.hasIn(path),
    lineOf: (path, key = false) => lines.linePos(offsetOf(document, path, key) ?? 0).line || 1,
  }
}
