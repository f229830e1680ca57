import * as kplus from 'cdk8s-plus-28';
import { namesIn } from './template';
import { instanceOf, nameIn, OBJECT, quoted, refuse, requireKind, TEXT } from '../../../manifest/check-input';
import { RoleName } from '../../../production/default-values';
import { relativePathProblem } from '../../../rules/relative-path';
import { DIRECTORY } from '../../kinds';
import { BindOptions, BoundPart, PodPart } from '../../part';
import { SharedDirectory } from '../../shared-directory';
import { bindInitProgram, checkInitOptions, InitProgramOptions, InitWriterOptions } from '../init-options';

/** Files, the values in them, and where they are written. */
export interface RenderConfigProps extends InitProgramOptions, InitWriterOptions {
  /**
   * Templates by the path of the file in the directory: `{ 'conf/db.ini': 'password=${DB_PASSWORD}' }`.
   *
   * `${NAME}` is replaced by the value as it is; `${NAME|json}` by a JSON string with its quotes, which is one in YAML too; `${NAME|url}` by
   * its form in URLs; `${NAME|base64}` by its Base64 form. `$${` stands for `${`; any other `$` for itself. They are in a
   * ConfigMap: no place for secrets.
   */
  readonly files: { [path: string]: string };

  /**
   * Values by their names: letters, digits and `_`. Each must stand in a template.
   *
   * Those of a Secret are in the environment of this container only, and in the files.
   */
  readonly values: { [name: string]: kplus.EnvValue };

  /** Directory that the files are written into; in memory they are on no disk. It hides what the app's image has there. */
  readonly directory: SharedDirectory;

  /**
   * Mode of the files: 0 to 0o777, with the bit that lets their owner read.
   *
   * @default 0o644 - every container that mounts the directory can read them, whoever its user is
   */
  readonly fileMode?: number;
}

/** Before the names of variables, so that no value changes how the program itself runs. */
const VARIABLE_PREFIX = 'VALUE_';

const DEFAULT_MODE = 0o644;

/** The highest bit of a mode, so that modes have it from here on. */
const OWNER_READS = 0o400;

/** An object of the API server has at most 1 MiB; the program and names need some of it. */
const MOST_TEMPLATE_BYTES = 900 * 1024;

const VALUE = instanceOf(kplus.EnvValue, 'use kplus.EnvValue.fromSecretValue({ secret, key }), or secret.envValue(key)');

/**
 * An init part that renders configuration files with values of Secrets and of the pod before the app starts, for apps that read neither from
 * their environment.
 *
 * All files are rendered before the first one is written, and each is replaced as a whole. A value that is missing is an error of the
 * container, which names it; no value is ever printed. A changed Secret reaches the app with its next pod. Files in
 * `fileMode` belong to the user of this part.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
 * @example
 *
 * const database = kplus.Secret.fromSecretName(chart, 'Database', 'orders-db');
 * pod.with(new RenderConfig({
 *   directory: SharedDirectory.inMemory('/etc/orders', { sizeLimit: Size.mebibytes(1) }),
 *   files: { 'db.json': '{ "user": "orders", "password": ${PASSWORD|json} }' },
 *   values: { PASSWORD: database.envValue('password') },
 * }));
 */
export class RenderConfig extends PodPart {
  private readonly props: RenderConfigProps;

  /**
   * @param props files, values and directory
   */
  public constructor(props: RenderConfigProps) {
    super(nameIn('RenderConfig', props, 'render-config'), { startAfter: props.startAfter });
    checkInitOptions('RenderConfig', props);
    requireKind('RenderConfig', 'directory', props.directory, DIRECTORY);
    requireKind('RenderConfig', 'files', props.files, OBJECT);
    requireKind('RenderConfig', 'values', props.values, OBJECT);
    checkMode(props.fileMode);
    checkFiles(props.files);
    checkValues(props);
    this.props = { ...props, files: { ...props.files }, values: { ...props.values } };
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
    const { files, values, directory, fileMode = DEFAULT_MODE, appWrites = false } = this.props;
    const { host, bound } = bindInitProgram(this, pod, {
      folder: 'init/render-config',
      main: 'render_config.py',
      settings: { directory: directory.path, files, fileMode, variablePrefix: VARIABLE_PREFIX },
      env: Object.fromEntries(Object.entries(values).map(([name, value]) => [VARIABLE_PREFIX + name, value])),
    }, this.props, options);
    host.share(directory, { writers: [bound.container] }, !appWrites);
    return bound;
  }
}

function checkMode(mode: number | undefined): void {
  if (mode !== undefined && mode !== null && !(Number.isInteger(mode) && mode >= OWNER_READS && mode <= 0o777)) {
    refuse('RenderConfig', `fileMode: ${quoted(mode)} is no mode that lets the owner read`, 'it is a number up to 0o777; written as 644 it is another one than 0o644',
      'write it with 0o: 0o644, 0o600');
  }
}

function checkFiles(files: { [path: string]: string }): void {
  const paths = Object.keys(files);
  if (paths.length === 0) {
    refuse('RenderConfig', 'files: "{}" has no file', 'there is nothing to render', 'give templates by their paths: { \'db.ini\': \'...\' }');
  }
  for (const path of paths) {
    requireKind('RenderConfig', `files["${path}"]`, files[path], TEXT);
    const problem = /^$|\/$|\/\/|(^|\/)\.(\/|$)|\0/.test(path) ? 'is no path of a file' : relativePathProblem(path);
    const inFile = paths.find((other) => path.startsWith(`${other}/`));
    if (problem || inFile !== undefined) {
      refuse('RenderConfig', `files: ${quoted(path)} ${problem ?? `lies below "${inFile}", which is a file`}`, 'files are written below the directory',
        'give a path in the directory, such as "conf/db.ini"');
    }
  }
  const bytes = Buffer.byteLength(JSON.stringify(files));
  if (bytes > MOST_TEMPLATE_BYTES) {
    refuse('RenderConfig', `files: "${bytes}" bytes`, `they are in a ConfigMap, which holds ${MOST_TEMPLATE_BYTES} bytes of them`, 'put what is no template into the image, or see Prefill');
  }
}

function checkValues({ files, values }: RenderConfigProps): void {
  const used = new Set<string>();
  for (const [path, template] of Object.entries(files)) {
    for (const name of namesIn(`RenderConfig: files["${path}"]`, template)) {
      if (!Object.hasOwn(values, name)) {
        refuse('RenderConfig', `files["${path}"]: "\${${name}}" has no value`, 'the file would lack it', `give it in \`values\`, or write $\${${name}} where the file must have \${${name}}`);
      }
      used.add(name);
    }
  }
  for (const [name, value] of Object.entries(values)) {
    requireKind('RenderConfig', `values["${name}"]`, value, VALUE);
    if (!used.has(name)) {
      refuse('RenderConfig', `values: ${quoted(name)} stands in no template`, 'it would be given to the container for nothing', `remove it, or write \${${name}} where it belongs`);
    }
  }
}
