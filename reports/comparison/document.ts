import { createHash } from 'node:crypto'
import { escapeHtml } from '../text/escape.ts'
import { STYLE } from './style.ts'

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** A whole page around the HTML of its body. It loads nothing and runs no script. */
export const pageOf = (title: string, body: readonly string[], lang = 'en'): string =>
  [
    '<!doctype html>',
    `<html lang="${lang}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)} · weir</title><style>${STYLE}</style></head><body><main>`,
    ...body,
    '</main></body></html>',
    '',
  ].join('\n')
