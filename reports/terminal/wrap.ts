/** Breaks text into lines of at most `columns` characters at spaces; a word longer than that is cut. */
export function wrap(text: string, columns: number): string[] {
  const width = Math.max(columns, 1)
  const lines: string[] = []
  let line = ''
  for (const word of text
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((word) => pieces(word, width))) {
    if (line && [...line].length + 1 + [...word].length > width) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return line || lines.length === 0 ? [...lines, line] : lines
}

function pieces(word: string, width: number): string[] {
  const characters = [...word]
  if (characters.length <= width) return [word]
  const parts: string[] = []
  for (let at = 0; at < characters.length; at += width) parts.push(characters.slice(at, at + width).join(''))
  return parts
}
