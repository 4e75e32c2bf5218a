import { columnsOf, isWide } from '../text/columns.ts'

/** No line begins with these, and none ends with those. */
const CLOSING = /^[。，、：；！？）》」]$/
const OPENING = /[（《「]$/

/**
 * Breaks text into lines of at most `columns` columns of a terminal, at spaces and beside Chinese characters; a word longer than that is cut.
 * A wide character in a single column stands alone.
 */
export function wrap(text: string, columns: number): string[] {
  const width = Math.max(columns, 1)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean))
    for (const [index, part] of parts(word)
      .flatMap((one) => pieces(one, width))
      .entries()) {
      const joint = line !== '' && index === 0 ? ' ' : ''
      if (line !== '' && columnsOf(line) + joint.length + columnsOf(part) > width) {
        lines.push(line)
        line = part
      } else line += joint + part
    }
  return line || lines.length === 0 ? [...lines, line] : lines
}

/** Between which a line may break: each wide character is one, with the punctuation that belongs to it. */
function parts(word: string): string[] {
  const found: string[] = []
  let before = ''
  for (const character of word) {
    const isJoined = CLOSING.test(character) || OPENING.test(before) || !(isWide(character) || isWide(before))
    if (isJoined && found.length > 0) found[found.length - 1] += character
    else found.push(character)
    before = character
  }
  return found
}

function pieces(word: string, width: number): string[] {
  if (columnsOf(word) <= width) return [word]
  const found: string[] = ['']
  for (const character of word) {
    const last = found.at(-1)!
    if (last !== '' && columnsOf(last) + columnsOf(character) > width) found.push(character)
    else found[found.length - 1] = last + character
  }
  return found
}
