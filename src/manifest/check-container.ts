import { ContainerProps } from 'cdk8s-plus-28';
import { allowKind, allowList, LIST, OBJECT } from './check-input';

/**
 * Refuses lists of a container that are none: a text would be copied letter by letter.
 *
 * @param prefix what stands before the name of a field, such as `app.`
 */
export function checkContainerLists(where: string, prefix: string, props: ContainerProps): void {
  allowKind(where, `${prefix}command`, props.command, LIST);
  allowKind(where, `${prefix}args`, props.args, LIST);
  allowList(where, `${prefix}ports`, props.ports, OBJECT);
  allowList(where, `${prefix}envFrom`, props.envFrom, OBJECT);
  allowList(where, `${prefix}volumeMounts`, props.volumeMounts, OBJECT);
}
