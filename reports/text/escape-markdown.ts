import { visibleLine } from './visible.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

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
