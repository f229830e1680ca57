import { join } from 'path';
import { App, Chart, Include } from 'cdk8s';
import { Construct } from 'constructs';
import { ProductionReady } from 'cdk8s-pod-patterns';

/** A chart that somebody else wrote, made ready for a namespace that enforces the Pod Security Standard "restricted". */
export class HardenedChart extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    // What `helm template web chart --namespace shop` writes; with `new Helm(...)` in its place cdk8s runs Helm itself.
    new Include(this, 'Hello', { url: join(__dirname, 'rendered.yaml') });
    this.with(new ProductionReady({ force: true, user: 101 }));
  }
}

const app = new App();
new HardenedChart(app, 'hardened-chart');
app.synth();
