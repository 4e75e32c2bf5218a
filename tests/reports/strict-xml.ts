export interface XmlElement {
  name: string
  attributes: Record<string, string>
  children: XmlElement[]
  text: string
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const NAME = /^[A-Za-z_][\w.-]*/
/** XML 1.0, production 2: what may stand in a document at all. */
const CHAR = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u

/** Reads a document of elements, attributes and text, and throws at whatever is not well-formed XML 1.0. */
export function parseStrictXml(document: string): XmlElement {
  if (!CHAR.test(document)) throw new Error('a character that XML cannot hold')
  const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(document)
  if (!declaration) throw new Error('no XML declaration')
  const reader = { rest: document.slice(declaration[0].length) }
  const root = readElement(reader)
  if (reader.rest.trim() !== '')
    throw new Error(`something after the root element: ${reader.rest.slice(0, 40)}`)
  return root
}

interface Reader {
  rest: string
}

function take(reader: Reader, pattern: RegExp, what: string): RegExpExecArray {
  const found = pattern.exec(reader.rest)
  if (found?.index !== 0) throw new Error(`${what} expected at: ${reader.rest.slice(0, 60)}`)
  reader.rest = reader.rest.slice(found[0].length)
  return found
}

function readElement(reader: Reader): XmlElement {
  take(reader, /^</, 'a tag')
  const name = take(reader, NAME, 'a name')[0]
  const attributes = readAttributes(reader)
  if (reader.rest.startsWith('/>')) {
    reader.rest = reader.rest.slice(2)
    return { name, attributes, children: [], text: '' }
  }
  take(reader, /^>/, '">"')
  const element: XmlElement = { name, attributes, children: [], text: '' }
  while (!reader.rest.startsWith('</')) {
    if (reader.rest === '') throw new Error(`<${name}> is not closed`)
    if (reader.rest.startsWith('<')) element.children.push(readElement(reader))
    else element.text += resolve(take(reader, /^[^<]+/, 'text')[0])
  }
  const closing = take(reader, /^<\/([A-Za-z_][\w.-]*)>/, 'a closing tag')[1]
  if (closing !== name) throw new Error(`</${closing}> closes <${name}>`)
  return element
}

function readAttributes(reader: Reader): Record<string, string> {
  const attributes: Record<string, string> = {}
  while (/^\s/.test(reader.rest)) {
    take(reader, /^\s+/, 'space')
    if (!NAME.test(reader.rest)) break
    const [, name, value] = take(reader, /^([A-Za-z_][\w.-]*)="([^"<]*)"/, 'an attribute')
    if (name! in attributes) throw new Error(`attribute ${name} twice`)
    // Unwritten line ends and tabs would come back as spaces (XML 1.0, 3.3.3).
    if (/[\t\n\r]/.test(value!)) throw new Error(`attribute ${name} has a bare line end or tab`)
    attributes[name!] = resolve(value!)
  }
  return attributes
}

function resolve(text: string): string {
  if (text.includes(']]>')) throw new Error('"]]>" in text')
  return text.replace(/&([^;&\s]*);?/g, (reference, name: string) => {
    if (!reference.endsWith(';')) throw new Error(`a bare "&" before: ${name}`)
    const code = /^#(\d+)$/.exec(name)
    const resolved = code ? String.fromCodePoint(Number(code[1])) : ENTITIES[name]
    if (resolved === undefined || !CHAR.test(resolved)) throw new Error(`unknown reference ${reference}`)
    return resolved
  })
}
