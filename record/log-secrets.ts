import { readEmqxLine } from '#weir/facts/index.ts'
import { endsBeforeSecret, REDACTED, withoutSecretsInText } from './secret-text.ts'

const BEGIN = '-----BEGIN '
const END = /-----END [A-Z0-9 ]*-----/
/** No key or certificate is longer; whatever begins like one and does not end is none. */
const MOST_LINES = 200

/**
 * Keeps secrets out of the lines of one log. A key that is printed over several lines is known by its first, a value by the name that
 * ends the line before it.
 */
export class LogSecrets {
  #linesLeft = 0
  #isValueNext = false

  /** The line as it may be recorded. */
  without(text: string): string {
    if (this.#linesLeft > 0) {
      this.#linesLeft--
      const end = END.exec(text)
      if (end === null) return REDACTED
      this.#linesLeft = 0
      return REDACTED + withoutSecretsInText(text.slice(end.index + end[0].length))
    }
    // What begins with a time and a level is another message.
    const isValue = this.#isValueNext && readEmqxLine(text).level === undefined
    this.#isValueNext = endsBeforeSecret(text)
    if (text.includes(BEGIN) && !END.test(text.slice(text.lastIndexOf(BEGIN)))) this.#linesLeft = MOST_LINES
    return isValue ? REDACTED : withoutSecretsInText(text)
  }
}
