import { type TopicOwner, topicOf } from '../traffic/topic.ts'

/** A variable of topics (`traffic/topic.ts`), with a second "%" before it where the text is meant by its letters. */
const VARIABLE = /(?<!%)%(?:[icu]|\{i\+\d+\})/
const BY_ITS_LETTERS = /%%(?=[icu]|\{i\+\d+\})/

/** Whether a user name, password or path differs from client to client. */
export function hasVariables(text: string | undefined): text is string {
  return text !== undefined && VARIABLE.test(text)
}

/** A text with the variables of topics replaced; `%%i` stands for the letters "%i". */
export function fillIn(text: string, owner: TopicOwner): string {
  return text
    .split(BY_ITS_LETTERS)
    .map((part, i) => (i === 0 ? topicOf(part, owner) : `%${part[0]}${topicOf(part.slice(1), owner)}`))
    .join('')
}
