import * as kplus from 'cdk8s-plus-28';
import { checkInitOptions, initUser, InitWriterOptions, ReadyMadeInitOptions } from './init-options';
import { nameIn, quoted, refuse, requireKind, TEXT } from '../../manifest/check-input';
import { RoleName } from '../../production/default-values';
import { DIRECTORY } from '../kinds';
import { BindOptions, BoundPart, PodPart } from '../part';
import { PartHost } from '../part-host';
import { PROGRAM_RESOURCES } from '../programs/program';
import { SharedDirectory } from '../shared-directory';

/** Files of an image, and where the app finds them. */
export interface PrefillProps extends ReadyMadeInitOptions, InitWriterOptions {
  /** Image with the files. It needs a `cp` on its PATH: busybox and every distribution have one, images without a shell mostly have none. */
  readonly image: string;

  /** Directory of the image whose content is copied: an absolute path. Its files must be readable for the user. */
  readonly source: string;

  /** Directory that the content is copied into; its bound must hold it all. */
  readonly directory: SharedDirectory;
}

/**
 * An init part that copies a directory out of an image before the app starts: plugins, static files, a first data set.
 *
 * Links are copied as links, files of the same name are replaced, others stay. A directory that the app's own image has at the path is hidden.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
 * @example
 *
 * pod.with(new Prefill({
 *   image: 'registry.example/shop-plugins:7.0.1',
 *   source: '/plugins',
 *   directory: SharedDirectory.onDisk('/opt/shop/plugins', { sizeLimit: Size.mebibytes(256) }),
 * }));
 */
export class Prefill extends PodPart {
  private readonly props: PrefillProps;

  /**
   * @param props which files, and where to
   */
  public constructor(props: PrefillProps) {
    super(nameIn('Prefill', props, 'prefill'), { startAfter: props.startAfter });
    checkInitOptions('Prefill', props);
    requireKind('Prefill', 'image', props.image, TEXT);
    requireKind('Prefill', 'source', props.source, TEXT);
    requireKind('Prefill', 'directory', props.directory, DIRECTORY);
    if (!/^(\/[^/]+)+\/?$/.test(props.source) || props.source.split('/').includes('..')) {
      refuse('Prefill', `source: ${quoted(props.source)} is not an absolute path of a directory below the root`,
        'it is looked up in the image, and the whole image fits into no shared directory', 'write it as /opt/plugins');
    }
    this.props = { ...props };
  }

  /**
   * What the container is to the pod, for defaults by role.
   *
   * @internal
   */
  public get _role(): RoleName {
    return 'initContainer';
  }

  /**
   * Adds the part to a pod or workload.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart {
    const { image, source, directory, appWrites = false, resources, user } = this.props;
    const host = new PartHost(this, pod, options);
    const bound = new BoundPart(pod, this.name);
    bound._own(host.addContainer({
      name: this.name,
      image,
      // No shell. `/.` means what is inside; -f replaces files that cannot be opened, such as read-only ones of an earlier run.
      command: ['cp', '-RPf', `${source.replace(/\/+$/, '')}/.`, directory.path],
      securityContext: initUser(host, user),
      resources: resources ?? PROGRAM_RESOURCES,
    }, { drainSeconds: 0 }));
    host.share(directory, { writers: [bound.container] }, !appWrites);
    return bound;
  }
}
