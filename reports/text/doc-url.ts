import { repositoryUrl } from '#weir/errors/index.ts'

/** The address of a page of the docs, given as a path in the repository; undefined for any other text. */
export function docUrl(link: string): string | undefined {
  return /^docs\/[\w/.-]+\.md(#[\w-]+)?$/.test(link) ? `${repositoryUrl()}/blob/main/${link}` : undefined
}

/** The same where any other text stands for itself. */
export const linkTo = (link: string): string => docUrl(link) ?? link
