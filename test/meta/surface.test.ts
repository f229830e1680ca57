import { readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';

/** The parts of a jsii assembly that are looked at here. */
interface Docs { readonly summary?: string; readonly default?: string; readonly example?: string; readonly see?: string }
interface TypeRef { readonly fqn?: string; readonly union?: object; readonly collection?: { readonly elementtype: TypeRef } }
interface Member { readonly name: string; readonly docs?: Docs; readonly optional?: boolean; readonly type?: TypeRef }
interface Method extends Member { readonly parameters?: Member[]; readonly returns?: { readonly type: TypeRef } }
interface Type {
  readonly fqn: string; readonly name: string; readonly kind: string; readonly docs?: Docs; readonly datatype?: boolean; readonly abstract?: boolean;
  readonly properties?: Member[]; readonly methods?: Method[]; readonly members?: Member[];
}

function assembly(): Type[] {
  const file = JSON.parse(readFileSync(join(__dirname, '..', '..', '.jsii'), 'utf8'));
  const content = file.schema === 'jsii/file-redirect'
    ? JSON.parse(gunzipSync(readFileSync(join(__dirname, '..', '..', file.filename))).toString())
    : file;
  return Object.values(content.types);
}

const types = assembly();
const members = types.flatMap((type) => [...type.properties ?? [], ...type.methods ?? [], ...type.members ?? []]
  .map((member) => ({ where: `${type.name}.${member.name}`, type, member: member as Method })));

/** Names of what breaks a demand, so that a failure says where. */
const broken = (bad: { where: string }[]) => bad.map(({ where }) => where);

function refsOf({ member }: { member: Method }): TypeRef[] {
  const flat = (ref?: TypeRef): TypeRef[] => ref ? [ref, ...flat(ref.collection?.elementtype)] : [];
  return [member.type, member.returns?.type, ...(member.parameters ?? []).map((parameter) => parameter.type)].flatMap(flat);
}

describe('the exported surface', () => {
  test('is not empty', () => {
    expect(types.map((type) => type.name)).toEqual(expect.arrayContaining(['SidecarPod', 'AdapterPod', 'AmbassadorPod', 'ProductionPod']));
  });

  test('has a summary for every type and member', () => {
    expect(types.filter((type) => !type.docs?.summary).map((type) => type.name)).toEqual([]);
    expect(broken(members.filter(({ member }) => !member.docs?.summary))).toEqual([]);
  });

  test('says of every optional prop how it behaves when it is left out', () => {
    const optional = members.filter(({ type, member }) => type.datatype && member.optional);
    expect(optional.length).toBeGreaterThan(50);
    expect(broken(optional.filter(({ member }) => !member.docs?.default || member.docs.default === 'undefined'))).toEqual([]);
  });

  test('has an example in the docs of every class', () => {
    const classes = types.filter((type) => type.kind === 'class');
    expect(classes.filter((type) => !type.docs?.example).map((type) => type.name)).toEqual([]);
  });

  test('has no union and no generated Kubernetes type, which other languages cannot use well', () => {
    const bad = members.filter((entry) => refsOf(entry).some((ref) => ref.union || ref.fqn?.startsWith('cdk8s-plus-28.k8s.')));
    expect(broken(bad)).toEqual([]);
  });

  test('describes every parameter', () => {
    expect(broken(members.filter(({ member }) => (member.parameters ?? []).some((parameter) => !parameter.docs?.summary)))).toEqual([]);
  });
});
