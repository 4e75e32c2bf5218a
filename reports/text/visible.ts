/**
 * Makes control characters visible instead of obeying them: text from a cluster or a broker may not drive a terminal
 * or break a file format. C0 and DEL become their control pictures (U+2400…), C1, lone surrogates and the two
 * noncharacters that XML forbids become U+FFFD. Line ends and tabs stay.
 */
export function visible(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for
      .replace(/[\u0000-\u0008\u000b-\u001f]/g, (character) =>
        String.fromCharCode(0x2400 + character.charCodeAt(0)),
      )
      .replace(/\u007f/g, '\u2421')
      .replace(/[\u0080-\u009f\ufffe\uffff]/g, '\ufffd')
      // Direction overrides could make a report show something else than it contains.
      .replace(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
  )
}

/** The same, in one line. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\r\n?|\n/g, ' ').replace(/\t/g, ' '))
}
