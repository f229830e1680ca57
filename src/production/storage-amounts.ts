import { SizeRoundingBehavior } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { putStorage } from './fill-storage';
import { allowKind, SIZE } from '../manifest/check-input';
import { podTemplateOf } from '../manifest/pod-template';

type Resources = kplus.ContainerResources;

/** A container whose author chose amounts of ephemeral storage. */
interface Chosen {
  readonly container: { resources?: Resources };
  readonly list: 'containers' | 'initContainers';
  readonly index: number;
  readonly resources: Resources;
}

/**
 * Renders a pod whose amounts of ephemeral storage may have any unit.
 *
 * cdk8s-plus writes them in whole gibibytes and fails at all others: it is shown none, and they are written into what it rendered.
 */
export function renderWithStorage(pod: kplus.AbstractPod | undefined, render: () => any): any {
  const chosen = pod ? [...chosenIn(pod, 'containers'), ...chosenIn(pod, 'initContainers')] : [];
  if (chosen.length === 0) {
    return render();
  }
  chosen.forEach(({ container, resources }) => container.resources = { ...resources, ephemeralStorage: undefined });
  let json: any;
  try {
    json = render();
  } finally {
    chosen.forEach(({ container, resources }) => container.resources = resources);
  }
  const spec = podTemplateOf(json)!.spec;
  for (const { list, index, resources } of chosen) {
    const { limit, request } = resources.ephemeralStorage!;
    putStorage(spec[list][index], 'limits', bytesIn(limit));
    putStorage(spec[list][index], 'requests', bytesIn(request));
  }
  return json;
}

function chosenIn(pod: kplus.AbstractPod, list: Chosen['list']): Chosen[] {
  const chosen: Chosen[] = [];
  pod[list].forEach((container, index) => {
    const { resources } = container;
    const { limit, request } = resources?.ephemeralStorage ?? {};
    if (resources && (limit || request)) {
      const field = `container "${container.name}": resources.ephemeralStorage`;
      allowKind(pod.node.path, `${field}.limit`, limit, SIZE);
      allowKind(pod.node.path, `${field}.request`, request, SIZE);
      chosen.push({ container: container as Chosen['container'], list, index, resources });
    }
  });
  return chosen;
}

function bytesIn(size: kplus.EphemeralStorageResources['limit']): number | undefined {
  return size && size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * 1024;
}
