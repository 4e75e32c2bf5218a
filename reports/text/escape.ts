/** Characters that change the direction of text, as ranges of a regular expression: text could be shown as something else than it is. */
export const DIRECTION_OVERRIDES = String.raw`\u202a-\u202e\u2066-\u2069`
const DIRECTION_OVERRIDE = new RegExp(`[${DIRECTION_OVERRIDES}]`, 'g')

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
      .replace(DIRECTION_OVERRIDE, '\ufffd')
  )
}

/** The same, in one line. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\r\n?|\n/g, ' ').replace(/\t/g, ' '))
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that stands as itself in HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}

/**
 * JSON that may stand inside a script element: no "<" is left, so neither a closing script tag nor "<!--" can appear
 * in it. U+2028 and U+2029 are escaped for readers that take it for JavaScript.
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/**
 * Text that stands as itself in a Markdown paragraph or table cell: one line, no markup, no HTML, no links. An "@" is
 * written as an entity, since GitHub would tell a person of that name.
 */
export function escapeMarkdown(text: string): string {
  return visibleLine(text)
    .replace(/[&<>]/g, (character) => ENTITIES[character]!)
    .replace(/[\\`*_{}[\]|~#!$]/g, (character) => `\\${character}`)
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, ':&#47;&#47;')
}

const XML_ENTITIES: Record<string, string> = {
  ...ENTITIES,
  "'": '&apos;',
  // A parser turns these into spaces inside an attribute unless they are written as references (XML 1.0, 3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
}

/** Text for an XML 1.0 attribute value in double quotes. Characters that XML cannot hold at all become visible ones. */
export function escapeXmlAttribute(text: string): string {
  return visible(text).replace(/[&<>"'\t\n]/g, (character) => XML_ENTITIES[character]!)
}

/** Text between XML tags; ">" is escaped too, so "]]>" cannot appear. */
export function escapeXmlText(text: string): string {
  return visible(text).replace(/[&<>]/g, (character) => ENTITIES[character]!)
}
