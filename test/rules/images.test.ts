import { facts, fields, webPod } from './judge';
import { imageName } from '../../src/rules/images/image-name';
import { imageTag } from '../../src/rules/images/image-tag';

const withImage = (image: unknown) => webPod(`image: ${JSON.stringify(image)}`);
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('image-tag', () => {
  test.each([
    'web:1.0',
    'shop/web:1.0',
    'registry.example:5000/shop/web:1.0',
    'localhost/web:v1_2-rc.3',
    '[2001:db8::1]:5000/web:1',
    `web@${digest}`,
    `web:latest@${digest}`,
    `registry.example:5000/web@${digest}`,
    'a__b/c-d.e:1',
    'auto',
    'ko://github.com/shop/web/cmd/server',
  ])('accepts %s', (image) => {
    expect(fields(imageTag, withImage(image))).toEqual([]);
    expect(fields(imageName, withImage(image))).toEqual([]);
  });

  test.each([
    ['web', '"web" has no tag, which means latest'],
    ['registry.example:5000/app', '"registry.example:5000/app" has no tag, which means latest'],
    ['web:latest', '"web:latest" has the tag latest'],
  ])('refuses %j, which image-name accepts', (image, fact) => {
    expect(facts(imageTag, withImage(image))).toEqual([fact]);
    expect(facts(imageName, withImage(image))).toEqual([]);
  });

  test('judges init containers, and names the field', () => {
    const object = withImage('web:1');
    object.spec.initContainers = [{ name: 'init', image: 'init' }];
    expect(fields(imageTag, object)).toEqual(['spec.initContainers[0].image']);
  });
});

describe('image-name', () => {
  test.each([
    ['', '"" is no image, and one is required'],
    [null, '"" is no image, and one is required'],
    [7, '"7" is not a string'],
    [' web:1', '" web:1" has a blank; did you mean "web:1"?'],
    ['we b:1', '"we b:1" has a blank'],
    ['web:', '"web:" is no image name'],
    ['web:1:2', '"web:1:2" is no image name'],
    ['web/:1', '"web/:1" is no image name'],
    ['registry.example:port/web:1', '"registry.example:port/web:1" is no image name'],
    ['web@sha256:12', '"web@sha256:12" is no image name'],
    ['shop/Web:RC1', '"shop/Web:RC1" is no image name; did you mean "shop/web:RC1"?'],
    ['shop/We!b:1', '"shop/We!b:1" is no image name'],
  ])('refuses %j, which image-tag leaves to it', (image, fact) => {
    expect(facts(imageName, withImage(image))).toEqual([fact]);
    expect(facts(imageTag, withImage(image))).toEqual([]);
  });

  test('judges init containers, and names the field', () => {
    const object = withImage('web:1');
    object.spec.initContainers = [{ name: 'init', image: 'In it' }];
    expect(fields(imageName, object)).toEqual(['spec.initContainers[0].image']);
  });

  test('reads a name of 200,000 characters', () => {
    expect(fields(imageName, withImage(`${'a_-.'.repeat(50_000)}!:1`))).toEqual(['spec.containers[0].image']);
  });
});
