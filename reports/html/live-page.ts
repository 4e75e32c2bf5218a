import { escapeHtml, jsonForScript } from '../text/escape.ts'
import { HTML_TEXTS } from '../texts/index.ts'
import { built, cspHash } from './built.ts'

const { live: texts } = HTML_TEXTS

export type LiveTexts = typeof texts

const script = built('live.js')
const style = built('page-style.css')

/** The page's own script and style, and the server that it came from, for the record. */
export const LIVE_POLICY = [
  "default-src 'none'",
  `script-src ${cspHash(script)}`,
  `style-src ${cspHash(style)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page of a run under way, without anything of its record: `page/live.ts` fetches that from `<this address>/events`. */
export const livePage = (name: string): string =>
  [
    '<!doctype html>',
    `<html lang="${HTML_TEXTS.lang}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(name)} · weir</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    '<header id="live-head">',
    `<p class="kicker">weir · ${escapeHtml(name)}</p>`,
    `<h1><span class="headline" id="live-state" role="status">${texts.reading}</span></h1>`,
    '<p class="description" id="live-words"></p>',
    `<p><button type="button" id="live-pause">${texts.pause}</button> <a id="live-report" href="" hidden>${texts.report}</a> <a href="/">${texts.all}</a></p>`,
    '</header>',
    `<noscript><p>${texts.noScript}</p></noscript>`,
    '<div id="live-charts"></div>',
    '</main>',
    `<script type="application/json" id="live-texts">${jsonForScript(texts)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
