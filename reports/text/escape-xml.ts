import { visible } from './visible.ts'

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser turns these into spaces inside an attribute unless they are written as references (XML 1.0, 3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
}

/** Text for an XML 1.0 attribute value in double quotes. Characters that XML cannot hold at all become visible ones. */
export function escapeXmlAttribute(text: string): string {
  return visible(text).replace(/[&<>"'\t\n]/g, (character) => ENTITIES[character]!)
}

/** Text between XML tags; ">" is escaped too, so "]]>" cannot appear. */
export function escapeXmlText(text: string): string {
  return visible(text).replace(/[&<>]/g, (character) => ENTITIES[character]!)
}
