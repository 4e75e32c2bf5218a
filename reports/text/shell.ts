/** Words as one line that a POSIX shell reads as these words. */
export const shellLine = (words: readonly string[]): string => words.map(shellWord).join(' ')

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
