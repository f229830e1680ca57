/** What keeps a path from being one inside a directory; undefined where nothing does. */
export function relativePathProblem(path: string): string | undefined {
  if (path.startsWith('/')) {
    return 'is not relative';
  }
  return path.includes('..') && path.split('/').includes('..') ? 'has ".." in it, which may leave the directory' : undefined;
}
