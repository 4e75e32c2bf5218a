/** What ends an unquoted text. */
const FORBIDDEN = new Set('{}[],:=\n#"')

export class HoconError extends Error {
  override readonly name = 'HoconError'
}

/** Reads a HOCON document a token at a time. */
export class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  peek(): string {
    return this.#text[this.#at] ?? ''
  }

  fail(what: string): never {
    const line = this.#text.slice(0, this.#at).split('\n').length
    throw new HoconError(`line ${line}: ${what}`)
  }

  take(character: string): boolean {
    if (this.peek() !== character) return false
    this.#at += 1
    return true
  }

  /** Skips blanks and comments, and newlines where these mean nothing. True when there was a newline. */
  skip(newlines: boolean): boolean {
    let found = false
    for (; !this.isAtEnd; this.#at += 1) {
      const isComment = this.peek() === '#' || this.#text.startsWith('//', this.#at)
      if (isComment) {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end === -1 ? this.#text.length : end
      }
      if (this.peek() === '\n') {
        found = true
        if (!newlines) return found
      } else if (!/\s/.test(this.peek())) return found
    }
    return found
  }

  /** A text in one or three quotes. */
  quoted(): string {
    if (this.#text.startsWith('"""', this.#at)) return this.#until('"""')
    const end = /^"(?:[^"\\\n]|\\.)*"/.exec(this.#text.slice(this.#at))?.[0]
    if (end === undefined) this.fail('a text has no closing quote')
    this.#at += end.length
    try {
      return JSON.parse(end) as string
    } catch {
      return this.fail(`${end} is no text`)
    }
  }

  /** Everything up to what cannot stand in an unquoted text, without the blanks around it. */
  unquoted(stops = ''): string {
    const from = this.#at
    while (!this.isAtEnd && !FORBIDDEN.has(this.peek()) && !stops.includes(this.peek())) {
      const isComment = this.#text.startsWith('//', this.#at) && /\s/.test(this.#text[this.#at - 1] ?? ' ')
      if (isComment) break
      // A substitution stands for itself: braces and all.
      if (this.#text.startsWith('${', this.#at)) this.#until('}')
      else this.#at += 1
    }
    return this.#text.slice(from, this.#at).trim()
  }

  #until(end: string): string {
    const from = this.#at
    const to = this.#text.indexOf(end, from + end.length)
    if (to === -1) this.fail(`no ${end} follows`)
    this.#at = to + end.length
    return this.#text.slice(from + end.length, to)
  }
}
