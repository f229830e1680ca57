import { IConstruct } from 'constructs';

const SAID = Symbol.for('cdk8s-pod-patterns.said');

/** Whether something is to be said for the first time in an app: cdk8s may render an object several times. */
export function isNew(root: IConstruct, text: string): boolean {
  const marked = root as unknown as { [SAID]?: Set<string> };
  const said = (marked[SAID] ??= new Set());
  return said.size < said.add(text).size;
}

/** Says something on standard error, once per app. */
export function sayOnce(root: IConstruct, text: string): void {
  if (isNew(root, text)) {
    process.stderr.write(text);
  }
}
