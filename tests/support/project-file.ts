const ROOT = new URL('.', import.meta.resolve('#weir/package.json'))

/** A file of the repository, by its path from the root: tests run from dist/, fixtures and golden files lie beside the sources. */
export const projectFile = (path: string): URL => new URL(path, ROOT)
