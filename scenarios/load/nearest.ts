/** Insertions, deletions and substitutions that turn one word into another (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

/** `: did you mean "x"?` if a known word is similar; else the known words, if they are few. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [best] = known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  if (best && best.far <= Math.max(2, Math.floor(word.length / 3)))
    return `: did you mean "${best.candidate}"?`
  return known.length > 0 && known.length <= 20 ? `: use one of ${known.join(', ')}` : ''
}
